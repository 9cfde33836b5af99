"""Filters of jobs that the API does not offer: they are applied to each page that it gives."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from ampctl.plugin import Batch, format_duration, format_timestamp
from ampctl_job.models import SHORT_KINDS, Job
from ampctl_job.ordinary import read_column


class Dataset(NamedTuple):
    """A dataset as it is named on the command line.

    Attributes:
        namespace, name: of the dataset.
        hash_start: the first digits of its manifest's hash; empty for any hash.
    """

    namespace: str
    name: str
    hash_start: str = ""

    def __str__(self) -> str:
        at = f"@{self.hash_start}" if self.hash_start else ""
        return f"{self.namespace}/{self.name}{at}"


class JobFilter(NamedTuple):
    """Which jobs are wanted, beside their status; None wants all of them.

    Attributes:
        dataset: only jobs that write this one.
        worker: only jobs of this worker node.
        kind: only jobs of this kind.
        since_s: only jobs that came to their status at most so many seconds ago.
        older_s: only jobs that came to it at least so many seconds ago.
    """

    dataset: Dataset | None = None
    worker: str | None = None
    kind: str | None = None
    since_s: float | None = None
    older_s: float | None = None

    def describe(self) -> str:
        """Return it in words that go after "jobs"; empty if it wants all of them."""
        words = (
            self.dataset and f"of {self.dataset}",
            self.worker and f"on {self.worker}",
            self.kind and f"of kind {SHORT_KINDS.get(self.kind, self.kind)}",
            self.since_s and f"changed in the last {format_duration(self.since_s)}",
            self.older_s and f"not changed in the last {format_duration(self.older_s)}",
        )
        return " ".join(word for word in words if word)

    def apply(self, jobs: Sequence[Job], now: datetime.datetime) -> Sequence[Job]:
        """Return those of a page that are wanted.

        Args:
            jobs: of one page.
            now: the moment that ages are counted from.
        """
        kept: Sequence[int] = range(len(jobs))
        for name, is_wanted in self._list_tests(now):
            column = read_column(jobs, name)
            kept = [at for at in kept if is_wanted(column[at])]
        return pick(jobs, kept)

    def _list_tests(self, now: datetime.datetime) -> Iterator[tuple[str, Callable[[Any], bool]]]:
        """Yield the columns that decide, each with a test of its values."""
        dataset, worker, kind, since_s, older_s = self
        if dataset:
            yield "descriptor", lambda row: row is not None and _is_of(row, dataset)
        if worker:
            yield "node_id", lambda node_id: node_id == worker
        if kind:
            yield "descriptor", lambda row: row is not None and row[0] == kind
        if since_s:
            first = _format_past(now, since_s)
            yield "updated_at", lambda moment: moment >= first
        if older_s:
            last = _format_past(now, older_s)
            yield "updated_at", lambda moment: moment <= last


def _is_of(descriptor: Sequence[Any], dataset: Dataset) -> bool:
    _, namespace, name, manifest_hash, *_ = descriptor
    is_named = (namespace, name) == (dataset.namespace, dataset.name)
    return is_named and (manifest_hash or "").startswith(dataset.hash_start)


def _format_past(now: datetime.datetime, age_s: float) -> str:
    # Moments of a page are text in one form, which sorts as they do.
    return format_timestamp(now - datetime.timedelta(seconds=age_s))


def pick(jobs: Sequence[Job], positions: Sequence[int]) -> Sequence[Job]:
    """Return the jobs at these positions of a page, as columns if the page is."""
    if len(positions) == len(jobs):
        return jobs
    return jobs.pick(positions) if isinstance(jobs, Batch) else [jobs[at] for at in positions]


def filter_pages(
    pages: Iterable[Sequence[Job]],
    job_filter: JobFilter,
    *,
    limit: int | None,
    now: datetime.datetime,
) -> Iterator[Sequence[Job]]:
    """Yield what is wanted of each page, until there are so many jobs.

    Args:
        pages: the pages; no further one is taken once there are enough jobs.
        job_filter: says which jobs are wanted.
        limit: how many at most; None for all of them.
        now: the moment that ages are counted from.
    """
    count = 0
    for page in pages:
        jobs = job_filter.apply(page, now)
        if limit is not None:
            jobs = pick(jobs, range(min(len(jobs), limit - count)))
        count += len(jobs)
        if jobs:
            yield jobs
        if count == limit:
            return
