"""Arguments of the job commands, checked before anything is sent."""

from __future__ import annotations

import argparse
import re

from ampctl.plugin import INT64_MAX, suggest_similar
from ampctl_job.models import ACTIVE, ANY_FAILED, ANY_TERMINAL, STATUSES, Status

_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
_GROUPS = {"active": ACTIVE, "terminal": ANY_TERMINAL, "failed": ANY_FAILED}
_WORDS = ("all", *_GROUPS, *(status.lower() for status in STATUSES))

PRUNE_FILTERS = {
    "terminal": ANY_TERMINAL,
    "completed": (Status.COMPLETED,),
    "stopped": (Status.STOPPED,),
    "error": ANY_FAILED,
}


def _parse_whole_number(text: str, what: str) -> int:
    # int() would also take other scripts' digits, signs, spaces and underscores.
    if _NUMBER.fullmatch(text) is None or int(text) > INT64_MAX:
        raise argparse.ArgumentTypeError(f"{text!r} is not {what}: a whole number from 1 to 2^63-1")
    return int(text)


def parse_job_id(text: str) -> int:
    """Read a job's id."""
    return _parse_whole_number(text, "a job id")


def parse_event_id(text: str) -> int:
    """Read an event's id."""
    return _parse_whole_number(text, "an event id")


def parse_limit(text: str) -> int:
    """Read how many jobs to list."""
    return _parse_whole_number(text, "a limit")


def parse_status_filter(text: str) -> str:
    """Read a filter of statuses into what the API takes.

    The API knows single statuses, ``active`` and ``all``; the other groups are spelled out, for
    older servers too. It silently treats a name that it doesn't know as ``UNKNOWN``, so names are
    checked here.
    """
    words = [word.strip().lower() for word in text.split(",")]
    for word in words:
        if word not in _WORDS:
            raise argparse.ArgumentTypeError(
                f"{word!r} is not a status; valid are {', '.join(_WORDS)}"
                f"{suggest_similar(word, _WORDS)}"
            )
    if "all" in words:
        return "all"
    if words == ["active"]:
        return "active"
    statuses = [status for word in words for status in _GROUPS.get(word, (word,))]
    return ",".join(dict.fromkeys(status.lower() for status in statuses))


def describe_statuses(api_filter: str) -> str:
    """Return what :func:`parse_status_filter` made, in words that go before "jobs"."""
    if api_filter == "all":
        return ""
    words = api_filter.split(",")
    for group, statuses in _GROUPS.items():
        if words == [status.lower() for status in statuses]:
            return group
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def parse_prune_filter(text: str) -> str:
    """Read which finished jobs to remove."""
    word = text.strip().lower()
    if word not in PRUNE_FILTERS:
        raise argparse.ArgumentTypeError(
            f"{text!r} can't be pruned; valid are {', '.join(PRUNE_FILTERS)}"
            f"{suggest_similar(text, PRUNE_FILTERS)}"
        )
    return word


def add_job_ids(parser: argparse.ArgumentParser) -> None:
    """Add one or more job ids as ``job_ids``; one given twice counts once."""
    parser.add_argument("job_ids", nargs="+", type=parse_job_id, metavar="ID", help="a job's id")
