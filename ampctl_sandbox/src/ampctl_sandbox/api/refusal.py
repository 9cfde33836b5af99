"""Failures, and the one shape that all of them have on the wire."""

from __future__ import annotations

from collections.abc import Mapping

from ampctl_sandbox.api.encoding import encode_json

_CODES = {
    400: ("BAD_REQUEST", "the request can't be understood"),
    408: ("REQUEST_TIMEOUT", "the request took too long to arrive"),
    413: ("PAYLOAD_TOO_LARGE", "the body is too large"),
    431: ("HEADERS_TOO_LARGE", "the headers are too large"),
    500: ("INTERNAL_ERROR", "the server failed unexpectedly"),
    501: ("NOT_IMPLEMENTED", "the transfer encoding is not supported"),
    503: ("SERVER_STOPPING", "the server is stopping"),
    505: ("HTTP_VERSION_NOT_SUPPORTED", "only HTTP/1.0 and HTTP/1.1 are supported"),
}


class Refusal(Exception):
    """Answer with an HTTP status and an error body.

    Args:
        status: the HTTP status.
        error_code: the API's stable code; that of the status if None.
        message: for a person, without anything that a client sent; that of the status if None.
        headers: header fields that go with it.
    """

    def __init__(
        self,
        status: int,
        error_code: str | None = None,
        message: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        code, text = _CODES.get(status, ("HTTP_ERROR", "the request failed"))
        self.status = status
        self.error_code = error_code or code
        self.message = message or text
        self.headers = dict(headers or {})
        super().__init__(self.message)

    @property
    def body(self) -> bytes:
        """The body that goes with it."""
        document = {"error_code": self.error_code, "error_message": self.message}
        return encode_json(document).encode()
