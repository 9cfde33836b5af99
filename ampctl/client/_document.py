"""The document of a response whose status is a success."""

from __future__ import annotations

import http
from typing import Any

from ampctl.client import _json
from ampctl.client._call import Call
from ampctl.client._status import read_error_body
from ampctl.client._transport import RawResponse
from ampctl.errors import Cause, InvalidAnswer

_MARKS_OF_AN_ERROR = ("error_code", "error_message", "error", "errors")


def read_document(call: Call, raw: RawResponse) -> Any:
    """Return the document, or None for an empty body where a method has none or need not have one.

    Raises:
        InvalidAnswer: it is incomplete, not JSON, or not what confirms a change.
    """
    if raw.status == http.HTTPStatus.PARTIAL_CONTENT:
        raise _build_error(call, raw, "a part of an answer (206)")
    if call.method == "HEAD":
        return None
    if call.is_change:
        document = _decode(call, raw) if raw.body else None
        if document is not None and not _is_confirmation(call, document):
            body = read_error_body(call, raw.body)
            text = body.message or body.code or "something that is not a confirmation"
            raise _build_error(call, raw, f"{raw.status} and {text}")
        return document
    return _decode(call, raw)


def _decode(call: Call, raw: RawResponse) -> Any:
    if raw.content_type == "text/html":
        raise _build_error(call, raw, "text/html instead of JSON")
    try:
        return _json.decode(raw.body)
    except _json.JsonError as error:
        fault = f"a body that is not proper JSON: {error}" if raw.body else "an empty body"
        raise _build_error(call, raw, fault) from None


def _is_confirmation(call: Call, document: object) -> bool:
    """Return whether the answer to a change is a yes: neither a text nor an error."""
    if isinstance(document, list):
        # Several things can be created at once.
        return call.method == "POST"
    return isinstance(document, dict) and not any(map(document.get, _MARKS_OF_AN_ERROR))


def _build_error(call: Call, raw: RawResponse, fault: str) -> InvalidAnswer:
    return call.build_error(
        InvalidAnswer,
        f"the server answered with {fault}{call.doubt}",
        cause=Cause.NOT_AN_API,
        status=raw.status,
    )
