"""Parameters of a path or a query, checked, each one at most once.

Numbers are read as Rust parses them: ASCII digits, after a plus sign or not, of 64 bits. Statuses
and filters are compared as they are, but for the case of ASCII letters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ampctl.plugin import INT64_MAX
from ampctl_job.models import ACTIVE, FAILED, TERMINAL, Status
from ampctl_sandbox.api.refusal import Refusal
from ampctl_sandbox.api.releases import CURRENT, Release

DEFAULT_LIMIT = 50
MAX_LIMIT = 1000

_UINT64_MAX = 2**64 - 1
# More digits than this are past 64 bits, and int() would refuse very many.
_NUMBER = re.compile(r"\+?0*([0-9]{1,20})", re.ASCII)
# A letter of any script, then letters, digits and three signs.
_NODE_ID = re.compile(r"[^\W\d_][\w.-]*")
_TERMINAL_FILTERS: Mapping[str, Sequence[str]] = {
    "terminal": TERMINAL,
    "completed": (Status.COMPLETED,),
    "stopped": (Status.STOPPED,),
    "error": FAILED,
}


def read_id(text: str, code: str = "INVALID_JOB_ID") -> int:
    """Read an id from a path: 1 to 2^63-1."""
    number = _read_number(text)
    if number is None or not 1 <= number <= INT64_MAX:
        raise Refusal(400, code, "the id is not a whole number from 1 to 2^63-1")
    return number


def read_event_id(text: str) -> int:
    """Read an event's id from a path: any whole number of 64 bits, though none is below 1."""
    number = _read_number(text.removeprefix("-"))
    if number is None or number > INT64_MAX or text.startswith("-+"):
        raise Refusal(400, "INVALID_JOB_ID", "the id is not a whole number of 64 bits")
    return -number if text.startswith("-") else number


def read_node_id(text: str) -> str:
    """Read the name of a worker from a path."""
    if not _NODE_ID.fullmatch(text):
        raise Refusal(400, "INVALID_WORKER_ID", "the worker id is not a valid node id")
    return text


def read_limit(values: Sequence[str]) -> int:
    """Read ``limit``: 1 to 1000, 50 if it isn't given."""
    text = _read_single("limit", values)
    if text is None:
        return DEFAULT_LIMIT
    number = _read_number(text)
    if number is None:
        raise _invalid("limit", "is not a whole number of 64 bits")
    if number == 0:
        raise Refusal(400, "LIMIT_INVALID", "the limit must be at least 1")
    if number > MAX_LIMIT:
        raise Refusal(400, "LIMIT_TOO_LARGE", f"the limit must be at most {MAX_LIMIT}")
    return number


def read_cursor(values: Sequence[str]) -> int | None:
    """Read ``last_job_id``: 1 to 2^63-1, or None if it isn't given."""
    text = _read_single("last_job_id", values)
    if text is None:
        return None
    number = _read_number(text)
    if number is None or not 1 <= number <= INT64_MAX:
        raise _invalid("last_job_id", "is not a whole number from 1 to 2^63-1")
    return number


def read_statuses(values: Sequence[str], release: Release = CURRENT) -> Sequence[str] | None:
    """Read the ``status`` of a listing as the statuses that are stored; None means all."""
    text = _read_single("status", values)
    if text is None or text.lower() == "active":
        return ACTIVE
    if text.lower() == "all":
        return None
    return release.find_stored(text.split(","))


def read_terminal_filter(values: Sequence[str]) -> Sequence[str]:
    """Read the ``status`` of a bulk delete, which must be given."""
    if len(values) != 1 or values[0].lower() not in _TERMINAL_FILTERS:
        names = ", ".join(_TERMINAL_FILTERS)
        raise Refusal(400, "INVALID_QUERY_PARAM", f"status must be given once, as one of {names}")
    return _TERMINAL_FILTERS[values[0].lower()]


def _read_single(name: str, values: Sequence[str]) -> str | None:
    if len(values) > 1:
        raise _invalid(name, "is given more than once")
    return values[0] if values else None


def _read_number(text: str) -> int | None:
    match = _NUMBER.fullmatch(text)
    number = int(match[1]) if match else None
    return None if number is None or number > _UINT64_MAX else number


def _invalid(name: str, fact: str) -> Refusal:
    return Refusal(400, "INVALID_QUERY_PARAMETERS", f"{name} {fact}")
