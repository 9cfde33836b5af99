"""Parts of documents that tests write again and again."""

from __future__ import annotations

import datetime

from ampctl.client.times import format_timestamp
from ampctl.testing.fakes import NOW


def error_body(code: str, message: str = "No.") -> dict[str, str]:
    """Return the body of every error of the API."""
    return {"error_code": code, "error_message": message}


def timestamp(*, ago_s: float = 0) -> str:
    """Return a moment as the API writes it: ``ago_s`` seconds before the tests' clock."""
    return format_timestamp(NOW - datetime.timedelta(seconds=ago_s))
