"""Arguments of the job commands, checked before anything is sent."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator

from ampctl.plugin import (
    INT64_MAX,
    Candidate,
    CompletionQuery,
    Source,
    completes,
    format_age,
    parse_ids,
    suggest_similar,
)
from ampctl_job.vocabulary import ACTIVE, ANY_FAILED, ANY_TERMINAL, STATUSES, Status

_NUMBER = re.compile(r"[1-9][0-9]{0,18}")
_GROUPS = {"active": ACTIVE, "terminal": ANY_TERMINAL, "failed": ANY_FAILED}
FILTER_WORDS = ("all", *_GROUPS, *(status.lower() for status in STATUSES))

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


def parse_block(text: str) -> int:
    """Read the number of a block."""
    return 0 if text == "0" else _parse_whole_number(text, "a block")


def parse_count(text: str) -> int:
    """Read how many to show, which may be none."""
    return 0 if text == "0" else _parse_whole_number(text, "a count")


def parse_event_types(text: str) -> frozenset[str] | None:
    """Read types of events, which are statuses, or groups of these; None for all of them."""
    words = parse_status_filter(text)
    if words == "all":
        return None
    return frozenset(ACTIVE if words == "active" else words.upper().split(","))


def parse_status_filter(text: str) -> str:
    """Read a filter of statuses into what the API takes.

    The API knows single statuses, ``active`` and ``all``; the other groups are spelled out, for
    older servers too. It silently treats a name that it doesn't know as ``UNKNOWN``, so names are
    checked here.
    """
    words = [word.strip().lower() for word in text.split(",")]
    for word in words:
        if word not in FILTER_WORDS:
            raise argparse.ArgumentTypeError(
                f"{word!r} is not a status; valid are {', '.join(FILTER_WORDS)}"
                f"{suggest_similar(word, FILTER_WORDS)}"
            )
    if "all" in words:
        return "all"
    if words == ["active"]:
        return "active"
    statuses = [status for word in words for status in _GROUPS.get(word, (word,))]
    return ",".join(dict.fromkeys(status.lower() for status in statuses))


def unite_filters(filters: Iterable[str]) -> str:
    """Return the filter of what any of those made by :func:`parse_status_filter` takes."""
    return parse_status_filter(",".join(filters))


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
    if word == "failed":
        return "error"  # as job list calls them; the API's word takes FATAL with it as well
    if word not in PRUNE_FILTERS:
        raise argparse.ArgumentTypeError(
            f"{text!r} can't be pruned; valid are {', '.join(PRUNE_FILTERS)}"
            f"{suggest_similar(text, PRUNE_FILTERS)}"
        )
    return word


def add_job_ids(parser: argparse.ArgumentParser, status: str, *, nargs: str = "+") -> None:
    """Add job ids as ``job_ids``, for :func:`~ampctl.plugin.expand_ids`.

    Args:
        parser: what to add them to.
        status: which jobs are offered where an id is being typed, as for ``job list``.
        nargs: how many there may be, as for ``add_argument``.
    """
    action = parser.add_argument(
        "job_ids",
        nargs=nargs,
        type=parse_ids,
        metavar="ID",
        help="a job's id, a range of ids such as 120-140, or - for those on standard input",
    )
    completes(action, offer_jobs(status))


def offer_jobs(status: str) -> Source:
    """Return a source of the newest jobs' ids, with status, dataset and age.

    Args:
        status: which jobs, as for ``job list``.
    """

    def list_jobs(query: CompletionQuery) -> Iterator[Candidate]:
        # Imported here: the arguments of most commands are not being typed.
        from ampctl_job.api import PAGE_LIMIT, Jobs

        jobs = Jobs(query.client).list(
            status=parse_status_filter(status), limit=min(query.limit, PAGE_LIMIT)
        )
        for job in jobs.jobs:
            hint = (job.status, job.dataset, format_age(job.created_at, query.now))
            yield Candidate(str(job.id), "  ".join(filter(None, hint)))

    return list_jobs
