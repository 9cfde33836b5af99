"""Which jobs a command is for: ids, or what the jobs are."""

from __future__ import annotations

import argparse
import collections
import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TextIO

from ampctl.plugin import UsageError, completes, expand_ids, offer_list
from ampctl_job.api import Jobs
from ampctl_job.arguments import FILTER_WORDS, add_job_ids, parse_status_filter, unite_filters
from ampctl_job.filter_options import add_filters, read_filter
from ampctl_job.looking import name_jobs
from ampctl_job.models import Job, Status


class Selection(NamedTuple):
    """The jobs that a command is for.

    Attributes:
        ids: all of them, each once.
        found: the jobs themselves, by id, if they were not named but found.
        is_by_name: whether they were named, and not found.
        names_each: whether each of them stands on the command line.
    """

    ids: Sequence[int]
    found: Mapping[int, Job]
    is_by_name: bool
    names_each: bool

    @property
    def remarks(self) -> Sequence[str]:
        """What a person is told of it after the output."""
        return () if self.ids or self.is_by_name else ("No such jobs were found.",)


def add_selection(parser: argparse.ArgumentParser, status: str) -> None:
    """Add job ids, and the options that select jobs instead.

    Args:
        parser: what to add them to.
        status: of the jobs that are offered where an id is being typed, and of those that are
            selected unless ``--status`` says otherwise.
    """
    add_job_ids(parser, status, nargs="*")
    group = parser.add_argument_group("jobs chosen by what they are, instead of by id")
    statuses = group.add_argument(
        "-s",
        "--status",
        action="append",
        type=parse_status_filter,
        metavar="STATUS",
        help=f"active, terminal, failed, all, or statuses separated by commas (default: {status})",
    )
    completes(statuses, offer_list(FILTER_WORDS))
    add_filters(group)
    parser.set_defaults(selected_status=status)


def select(
    parsed_args: argparse.Namespace, jobs: Jobs, stdin: TextIO, now: datetime.datetime
) -> Selection:
    """Return the jobs that the options of :func:`add_selection` name, or that they find.

    Raises:
        UsageError: they name none, or both name and select.
    """
    job_filter = read_filter(parsed_args)
    selects = bool(parsed_args.status or job_filter)
    if bool(parsed_args.job_ids) == selects:
        raise UsageError(
            "ids and --status, --dataset and the like exclude each other"
            if selects
            else "no job is named",
            hint="ids, or --status, --dataset and the like",
        )
    if not selects:
        named = parsed_args.job_ids
        ids = expand_ids(named, stdin)
        return Selection(ids, {}, is_by_name=True, names_each="-" not in named)
    status = unite_filters(parsed_args.status or [parsed_args.selected_status])
    pages: Iterable[Sequence[Job]] = jobs.iterate_pages(status=status)
    if job_filter:
        # Imported here: most commands are for jobs that were named.
        from ampctl_job.filtering import filter_pages

        pages = filter_pages(pages, job_filter, limit=None, now=now)
    found = {job.id: job for page in pages for job in page}
    return Selection(list(found), found, is_by_name=False, names_each=False)


def count_statuses(jobs: Iterable[Job | None]) -> str:
    """Return how many jobs there are of each status, for a question; None was not seen.

    Beside those in ``ERROR`` stands how many of them the controller will schedule again.
    """
    counts: collections.Counter[str] = collections.Counter()
    retried = 0
    for job in jobs:
        counts[job.status if job else "unseen"] += 1
        retried += job is not None and job.is_retried
    return describe_counts(counts, retried)


def describe_counts(counts: Mapping[str, int], retried: int) -> str:
    """Return the number of jobs of each status in words.

    Args:
        counts: how many there are of each.
        retried: how many of those in ``ERROR`` the controller will schedule again.
    """
    shown = {status: f"{count:,} {status}" for status, count in sorted(counts.items())}
    if retried:
        shown[Status.ERROR] += f" ({retried:,} still being retried)"
    return ", ".join(shown.values())


def describe_jobs(jobs: Mapping[int, Job | None]) -> str:
    """Return the statuses and the ids of jobs, for a question."""
    noun = "job" if len(jobs) == 1 else "jobs"
    return f"{count_statuses(jobs.values())}: {noun} {name_jobs(list(jobs))}"
