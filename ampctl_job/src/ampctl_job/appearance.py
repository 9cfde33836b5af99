"""How jobs look in a table on a terminal."""

from __future__ import annotations

from ampctl.plugin import Mark, Marked, Short

_MARKS = {
    "SCHEDULED": Mark.PENDING,
    "RUNNING": Mark.ACTIVE,
    "STOP_REQUESTED": Mark.PENDING,
    "STOPPING": Mark.PENDING,
    "COMPLETED": Mark.DONE,
    "STOPPED": Mark.STOPPED,
    "ERROR": Mark.FAILED,
    "FATAL": Mark.FAILED,
    "FAILED": Mark.FAILED,
}


def mark_status(status: str | None) -> Marked:
    """Return the cell of a status, or of the type of an event, which is one as well."""
    return Marked(status, _MARKS.get(status or "", Mark.UNKNOWN))


def shorten_dataset(name: str | None) -> Short:
    """Return the cell of a dataset: with little room without its hash, then without namespace."""
    without_hash = (name or "").partition("@")[0]
    return Short(name, name, without_hash, without_hash.rpartition("/")[2])
