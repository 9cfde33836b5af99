"""What is known of a deployment, put together from one answer after the other."""

from __future__ import annotations

import collections
import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ampctl_job.details import ErrorDetail, JobEvent, JobEvents, JobProgress, Worker
from ampctl_job.logbook import measure
from ampctl_job.models import ANY_FAILED, Job, Status
from ampctl_job.pace import Pace

if TYPE_CHECKING:
    from ampctl_job.filtering import JobFilter
    from ampctl_job.listing import JobPage

_GROWING = (Status.RUNNING, Status.STOP_REQUESTED, Status.STOPPING)

MOST_PAGES = 10
"""So many pages are looked at, from the newest job on."""


class _Seen(NamedTuple):
    """The progress of a job, and of which of its states it is."""

    progress: JobProgress
    updated_at: datetime.datetime


class Deployment:
    """Remembers the latest answers about jobs and workers.

    Args:
        job_filter: which jobs count; None for all that are listed.
        scope: the statuses that are listed, in words; empty for all of them.

    Attributes:
        jobs: the jobs, by id.
        workers: the worker nodes; None before they are known.
        cursor: the id after which the list goes on; None if it begins again.
        is_listed: whether the list was seen to its end once.
        is_cut: whether there are more jobs than were looked at.
    """

    def __init__(self, job_filter: JobFilter | None = None, scope: str = "") -> None:
        self.scope = scope
        self._filter = job_filter
        self._walked: dict[int, Job] = {}
        self._pages = 0
        self._progress: dict[int, _Seen] = {}
        self._paces: collections.defaultdict[int, Pace] = collections.defaultdict(Pace)
        self._logs: dict[int, JobEvents] = {}
        self._errors: dict[int, ErrorDetail | None] = {}
        self.jobs: Mapping[int, Job] = {}
        self.workers: Sequence[Worker] | None = None
        self.cursor: int | None = None
        self.is_listed = self.is_cut = False

    def note_page(self, page: JobPage, now: datetime.datetime) -> None:
        """Take in the next page of the list; with the last one, jobs that are gone are dropped."""
        jobs = self._filter.apply(page.jobs, now) if self._filter else page.jobs
        self._walked |= {job.id: job for job in jobs}
        self._pages += 1
        self.cursor = page.next_cursor
        if self.cursor is not None and self._pages < MOST_PAGES:
            self.jobs = {**self.jobs, **self._walked}
            return
        self.is_listed, self.is_cut = True, self.cursor is not None
        self.jobs, self._walked = self._walked, {}
        self.cursor, self._pages = None, 0
        for known in (self._progress, self._paces, self._logs):
            for job_id in known.keys() - self.jobs.keys():
                del known[job_id]

    def note_progress(self, progress: JobProgress, now_s: float) -> None:
        """Take in how far a job is, at a moment of a clock that never goes back."""
        job = self.jobs.get(progress.job_id)
        if job is not None:
            self._progress[job.id] = _Seen(progress, job.updated_at)
            self._paces[job.id].note(find_block(progress), now_s)

    def note_log(self, log: JobEvents) -> None:
        """Take in the events of a job."""
        self._logs[log.job_id] = log

    def note_error(self, event_id: int, error: ErrorDetail | None) -> None:
        """Take in why a job failed at one of its events; None if that can't be known."""
        self._errors[event_id] = error

    def find_progress(self, job: Job) -> JobProgress | None:
        """Return how far a job is, if that is known."""
        seen = self._progress.get(job.id)
        return seen.progress if seen else None

    def find_pace(self, job: Job) -> Pace | None:
        """Return how fast a job grows, if it does and that is known."""
        return self._paces.get(job.id) if job.status in _GROWING else None

    def find_log(self, job: Job) -> JobEvents | None:
        """Return the events of a job, if they are known."""
        return self._logs.get(job.id)

    def find_events(self, job: Job) -> Sequence[JobEvent]:
        """Return the events of a job, with the time between them and the errors that are known."""
        log = self._logs.get(job.id)
        events = measure(log) if log else []
        return [dataclasses.replace(one, error=self._errors.get(one.id)) for one in events]

    def explains(self, event: JobEvent) -> bool:
        """Tell whether all is known of an event that there is to know."""
        return not event.is_failure or event.id in self._errors

    def explains_failure(self, job: Job) -> bool:
        """Tell whether the error of a failed job is known, as far as it can be."""
        seen = self._progress.get(job.id)
        return seen is not None and seen.updated_at == job.updated_at

    def find_worker(self, job: Job) -> Worker | None:
        """Return the worker node of a job; None while workers are not known."""
        if self.workers is None or job.node_id is None:
            return None
        known = (worker for worker in self.workers if worker.node_id == job.node_id)
        return next(known, Worker(node_id=job.node_id, heartbeat_at=None, document={}))

    def is_growing(self, job: Job) -> bool:
        """Tell whether the progress of a job goes on."""
        return job.status in _GROWING

    def count_statuses(self) -> Sequence[tuple[str, int]]:
        """Return the number of jobs of each status, failures first and then the most."""
        counts = collections.Counter(job.status for job in self.jobs.values())
        return sorted(counts.items(), key=lambda one: (one[0] not in ANY_FAILED, -one[1], one[0]))


def find_block(progress: JobProgress) -> int | None:
    """Return the block that all tables of a job have reached; None if one has no data yet."""
    blocks = [table.current_block for table in progress.tables.values()]
    known = [block for block in blocks if block is not None]
    return min(known) if known and len(known) == len(blocks) else None
