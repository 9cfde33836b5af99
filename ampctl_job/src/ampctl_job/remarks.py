"""Remarks on a list of jobs: that it may have been cut, or that there are none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ampctl_job.arguments import describe_statuses

if TYPE_CHECKING:
    from ampctl_job.models import Job

if TYPE_CHECKING:
    from ampctl_job.filtering import JobFilter


ACTIVE_ONLY = "Only active jobs are in it: --status all has the finished ones too."


class Wanted(NamedTuple):
    """Which jobs were asked for.

    Attributes:
        status: as the API takes it.
        after: only jobs with a smaller id than this.
        limit: how many at most; None for all of them.
        is_sorted: whether they are sorted once they are there.
        filter: which ones beside, if not all of them.
    """

    status: str
    after: int | None
    limit: int | None
    is_sorted: bool
    filter: JobFilter | None = None


def find_remarks(wanted: Wanted, count: int, after: int | None) -> list[str]:
    """Return the remarks on a list.

    Args:
        wanted: which jobs were asked for.
        count: how many came.
        after: where to go on; None if all there are came.
    """
    if after is None:
        return [] if count else [_describe_none(wanted)]
    remarks = [f"There may be more: --after {after}, or --all."]
    if wanted.is_sorted:
        remarks.append(f"These are sorted within the first {wanted.limit:,} only.")
    return remarks


def find_remarks_on_sorted(wanted: Wanted, count: int) -> list[str]:
    """Return the remarks on a list of which all there are came, and were sorted.

    Args:
        wanted: which jobs were asked for.
        count: how many came.
    """
    if wanted.limit is None or count <= wanted.limit:
        return find_remarks(wanted, count, None)
    return [f"These are {wanted.limit:,} of {count:,}: --all shows all of them."]


def add_remarks(
    pages: Iterable[Sequence[Job]], wanted: Wanted, remarks: list[str]
) -> Iterator[Sequence[Job]]:
    """Yield the pages, and add to ``remarks`` when they have come to their end."""
    count = 0
    last: Sequence[Job] = ()
    for jobs in pages:
        count += len(jobs)
        last = jobs or last
        yield jobs
    after = last[-1].id if last and count == wanted.limit else None
    remarks += find_remarks(wanted, count, after)


def _describe_none(wanted: Wanted) -> str:
    words = ["No", describe_statuses(wanted.status), "jobs"]
    if wanted.filter is not None:
        words.append(wanted.filter.describe())
    if wanted.after is not None:
        words.append(f"older than {wanted.after}")
    none = " ".join(filter(None, words))
    if wanted.status == "active":
        return f"{none}; --status all shows finished ones too."
    return f"{none}."
