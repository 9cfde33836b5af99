"""A failure that the API documents."""

from __future__ import annotations


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
