"""Failures, and the one shape that all of them have on the wire."""

from __future__ import annotations

import json

_encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode

_CODES = {
    400: ("BAD_REQUEST", "the request can't be understood"),
    404: ("ROUTE_NOT_FOUND", "there is nothing at this path"),
    405: ("METHOD_NOT_ALLOWED", "the method is not allowed at this path"),
    408: ("REQUEST_TIMEOUT", "the request took too long to arrive"),
    413: ("PAYLOAD_TOO_LARGE", "the body is too large"),
    431: ("HEADERS_TOO_LARGE", "the headers are too large"),
    500: ("INTERNAL_ERROR", "the server failed unexpectedly"),
    501: ("NOT_IMPLEMENTED", "the transfer encoding is not supported"),
    503: ("SERVER_STOPPING", "the server is stopping"),
    505: ("HTTP_VERSION_NOT_SUPPORTED", "HTTP/1.0 and HTTP/1.1 are spoken here"),
}


class Refusal(Exception):
    """Answer with an HTTP status and an error body.

    Args:
        status: the HTTP status.
        error_code: the API's stable code.
        message: for a person; it must not hold anything that a client sent.
    """

    def __init__(self, status: int, error_code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.error_code = error_code
        self.message = message


def error_body(status: int, error_code: str | None = None, message: str | None = None) -> bytes:
    """Return the body that goes with an error status."""
    code, text = _CODES.get(status, ("HTTP_ERROR", "the request failed"))
    body = {"error_code": error_code or code, "error_message": message or text}
    return _encode(body).encode()
