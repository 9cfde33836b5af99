"""What the statuses that are not success mean."""

from __future__ import annotations

import http
from typing import Any, NamedTuple

from ampctl.client import _json
from ampctl.client._call import Call
from ampctl.client._retry import RetryableError
from ampctl.errors import (
    AccessError,
    ApiError,
    EndpointMissing,
    InvalidAnswer,
    NotFoundError,
    RefusedError,
    ServerError,
)

_TRANSIENT = {429, 502, 503, 504}
_LONGEST_MESSAGE = 500
_LONGEST_CODE = 100

_URL_HINT = "check that --admin-url (AMP_ADMIN_URL) is the URL of an Admin API"
_HINTS: dict[type[ApiError], str] = {
    AccessError: "pass a token that is valid here: AMP_AUTH_TOKEN or --auth-token",
    EndpointMissing: f"{_URL_HINT}; an older server may not offer this",
    ServerError: "try again later, or look into the server's log",
    InvalidAnswer: _URL_HINT,
}


class ErrorBody(NamedTuple):
    """What the API says about an error; see :func:`read_error_body`."""

    code: str | None = None
    message: str | None = None


def read_error_body(data: bytes) -> ErrorBody:
    """Read ``{"error_code": ..., "error_message": ...}`` as far as it is there.

    A proxy in front may answer with anything; none of it is a reason to lose the status.
    """
    try:
        document = _json.decode(data)
    except _json.JsonError:
        return ErrorBody()
    if not isinstance(document, dict):
        return ErrorBody()
    return ErrorBody(
        _text(document.get("error_code"), _LONGEST_CODE),
        _text(document.get("error_message"), _LONGEST_MESSAGE),
    )


def failure_of(
    call: Call, status: int, body: ErrorBody, *, wait_s: float | None = None
) -> ApiError | RetryableError:
    """Return what to raise for an answer that is neither a success nor a redirect.

    Args:
        call: the request.
        status: the HTTP status.
        body: what the API says about it.
        wait_s: how long the server asks to wait before another attempt.
    """
    kind = _kind(status, body)
    reason = body.message or f"the server answered {_phrase(status)}"
    error = call.failure(kind, reason, hint=_HINTS.get(kind), status=status, error_code=body.code)
    if status in _TRANSIENT:
        return RetryableError(
            error, is_unprocessed=status == http.HTTPStatus.TOO_MANY_REQUESTS, wait_s=wait_s
        )
    return error


def _kind(status: int, body: ErrorBody) -> type[ApiError]:
    if status in (401, 403):
        return AccessError
    if status == 404:
        return NotFoundError if body.code else EndpointMissing
    if status == 429 or 500 <= status < 600:
        return ServerError
    return RefusedError if 400 <= status < 500 else InvalidAnswer


def _phrase(status: int) -> str:
    try:
        return f"{status} {http.HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _text(value: Any, longest: int) -> str | None:
    if not isinstance(value, str) or not value.strip():
        return None
    text = value.strip()
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
