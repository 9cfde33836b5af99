"""The errors for HTTP statuses that are not a success."""

from __future__ import annotations

import http
import re
from typing import Any, NamedTuple

from ampctl.client import _json
from ampctl.client._call import Call
from ampctl.client._retry import LONGEST_WAIT_S, RetryableError
from ampctl.errors import (
    AccessError,
    ApiError,
    Cause,
    ConnectError,
    EndpointMissing,
    InvalidAnswer,
    NotFoundError,
    RefusedError,
    ServerError,
)

_TRANSIENT = {429, 502, 503, 504}
# A gateway got no answer, which does not mean that nothing was done.
_UNANSWERED = {502, 504}
SPEAKS_TLS = "the server speaks TLS, and not plain http"

# nginx, Apache, Go and Tomcat, in this order.
_WANTS_TLS = re.compile(
    rb"plain HTTP request was sent|speaking plain HTTP|HTTP request to an HTTPS|requires TLS"
)
_LONGEST_MESSAGE = 500
_LONGEST_CODE = 100

_KINDS: dict[int, tuple[type[ApiError], Cause]] = {
    401: (AccessError, Cause.UNAUTHENTICATED),
    403: (AccessError, Cause.FORBIDDEN),
    429: (ServerError, Cause.OVERLOADED),
}


class ErrorBody(NamedTuple):
    """The members of an error body; see :func:`read_error_body`."""

    code: str | None = None
    message: str | None = None
    wants_tls: bool = False


def read_error_body(call: Call, data: bytes) -> ErrorBody:
    """Read ``{"error_code": ..., "error_message": ...}``, as far as it is present.

    A proxy may send any other body; the status counts anyway. Long texts are cut, after
    the token was taken out of them.
    """
    if call.url.startswith("http:") and _WANTS_TLS.search(data):
        return ErrorBody(wants_tls=True)
    try:
        document = _json.decode(data)
    except _json.JsonError:
        return ErrorBody()
    if not isinstance(document, dict):
        return ErrorBody()
    return ErrorBody(
        _read_text(call, document.get("error_code"), _LONGEST_CODE),
        _read_text(call, document.get("error_message"), _LONGEST_MESSAGE),
    )


def build_error(
    call: Call, status: int, body: ErrorBody, *, retry_after_s: float | None = None
) -> ApiError | RetryableError:
    """Return what to raise for an answer that is neither a success nor a redirect.

    Args:
        call: the request.
        status: the HTTP status.
        body: what the API says about it.
        retry_after_s: how long the server asks to wait before another attempt.
    """
    if body.wants_tls and status == http.HTTPStatus.BAD_REQUEST:
        return call.build_error(ConnectError, SPEAKS_TLS, cause=Cause.NEEDS_TLS, status=status)
    kind, cause = _classify(status, body)
    reason = body.message or f"the server answered {_describe_status(status)}"
    is_transient = status in _TRANSIENT or (status == 500 and not call.is_change)
    if is_transient and retry_after_s is not None and retry_after_s > LONGEST_WAIT_S:
        is_transient = False
        reason += f"; the server asks to wait {retry_after_s:.0f} s, longer than is waited here"
    error = call.build_error(
        kind,
        reason + (call.doubt if status in _UNANSWERED else ""),
        cause=cause,
        status=status,
        error_code=body.code,
        retry_after_s=retry_after_s,
    )
    if is_transient:
        return RetryableError(error, is_unprocessed=status == http.HTTPStatus.TOO_MANY_REQUESTS)
    return error


def _classify(status: int, body: ErrorBody) -> tuple[type[ApiError], Cause | None]:
    if status == 404:
        return (NotFoundError, None) if body.code else (EndpointMissing, Cause.NO_ENDPOINT)
    if status in _KINDS:
        return _KINDS[status]
    if 500 <= status < 600:
        return ServerError, Cause.SERVER_FAULT
    return (RefusedError, None) if 400 <= status < 500 else (InvalidAnswer, Cause.NOT_AN_API)


def _describe_status(status: int) -> str:
    try:
        return f"{status} {http.HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _read_text(call: Call, value: Any, longest: int) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    text = call.redact(value.strip())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
