"""Jobs whose progress is watched until they have ended."""

from __future__ import annotations

import collections
import datetime
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ampctl.plugin import AccessError, AmpError, ApiError, Command, NotFoundError, UnavailableError
from ampctl_job.api import Jobs
from ampctl_job.details import ErrorDetail, JobProgress
from ampctl_job.missing import naming_what_is_missing
from ampctl_job.models import ANY_FAILED, ANY_TERMINAL, Job, Status
from ampctl_job.pace import Pace
from ampctl_job.sights import see
from ampctl_job.tables import TableRow

STEP_S = 2.0
"""How long there is between two looks at most, in seconds."""


class Look(NamedTuple):
    """What a job looked like.

    Attributes:
        job: the job as it was when the watch began; None if it could not be read.
        progress: how far it is.
        rows: its tables, in the order of their names.
    """

    job: Job | None
    progress: JobProgress
    rows: Sequence[TableRow]

    @property
    def is_over(self) -> bool:
        """Whether the job has ended; one in ERROR goes on if the controller retries it."""
        status = self.progress.job_status
        if status == Status.ERROR:
            return self.job is not None and self.job.descriptor is None
        return status in ANY_TERMINAL

    @property
    def has_failed(self) -> bool:
        """Whether the job has failed, for now or permanently."""
        return self.progress.job_status in ANY_FAILED


class ProgressWatch:
    """Looks at the progress of jobs again and again.

    Args:
        command: the command that watches.
        jobs: the client.
        ids: the jobs.

    Attributes:
        looks: the latest look at each job, by id, also at those that have ended.
        is_over: whether all jobs have ended, or are not there.
    """

    def __init__(self, command: Command, jobs: Jobs, ids: Sequence[int]) -> None:
        self._command = command
        self._jobs = jobs
        self._left = list(ids)
        self._known: dict[int, Job | None] = {}
        self._paces: collections.defaultdict[tuple[int, str], Pace] = collections.defaultdict(Pace)
        self.looks: dict[int, Look] = {}

    @property
    def is_over(self) -> bool:
        return not self._left

    def look(self) -> list[Look]:
        """Look at each job that has not ended, and return what was seen.

        A job that is not there, or has ended in a failure, is a failure of the command.
        """
        seen = dict(zip(self._left, self._command.read_each(self._left, self._find), strict=True))
        now, now_s = self._command.runtime.now(), self._command.runtime.monotonic()
        looks = []
        for job_id, found in seen.items():
            if isinstance(found, ApiError):
                self._left.remove(job_id)
                self._command.note_failure(found)
                continue
            look = self._make_look(found, now, now_s)
            self.looks[job_id] = look
            looks.append(look)
            if look.is_over:
                self._end(job_id, look)
        return looks

    def iterate(self, interval_s: float) -> Iterator[list[Look]]:
        """Yield looks that are an interval apart, and those at which something has changed.

        Args:
            interval_s: in seconds; the jobs are looked at more often if it is long.
        """
        told_s = float("-inf")
        told: dict[int, str] = {}
        step_s = min(interval_s, STEP_S)
        for looks in self._command.poll(self.look, interval_s=step_s, goal="the end of these jobs"):
            statuses = {look.progress.job_id: look.progress.job_status for look in looks}
            now_s = self._command.runtime.monotonic()
            if now_s - told_s >= interval_s or statuses != told:
                told_s, told = now_s, statuses
                yield looks
            if self.is_over:
                return
            told = {job_id: told[job_id] for job_id in self._left if job_id in told}

    def _find(self, job_id: int) -> JobProgress | ApiError:
        try:
            if job_id not in self._known:
                self._known[job_id] = self._find_job(job_id)
            with naming_what_is_missing("progress"):
                return self._jobs.progress(job_id)
        except NotFoundError as error:
            return error

    def _find_job(self, job_id: int) -> Job | None:
        try:
            return see(self._jobs, job_id)
        except ApiError as error:
            is_away = isinstance(error, UnavailableError) and error.error_code is None
            if is_away or isinstance(error, (NotFoundError, AccessError)):
                raise
            # The progress itself may be there, and is not withheld for this.
            self._command.console.warn(
                f"the end block of job {job_id} is not known: {error.message}"
            )
            return None

    def _make_look(self, progress: JobProgress, now: datetime.datetime, now_s: float) -> Look:
        job = self._known[progress.job_id]
        rows = []
        for name in sorted(progress.tables):
            pace = self._paces[progress.job_id, name]
            pace.note(progress.tables[name].current_block, now_s)
            rows.append(
                TableRow(
                    name,
                    progress.tables[name],
                    job.end_block if job else None,
                    job_id=progress.job_id,
                    job_status=progress.job_status,
                    seen_at=now,
                    blocks_per_s=pace.blocks_per_s,
                    recent=pace.recent,
                )
            )
        return Look(job, progress, rows)

    def _end(self, job_id: int, look: Look) -> None:
        self._left.remove(job_id)
        if look.has_failed:
            status, reason = look.progress.job_status, describe_fault(look.progress.detail)
            self._command.note_failure(
                AmpError(
                    f"job {job_id} has ended in {status}: {reason}",
                    hint=f"`ampctl job inspect {job_id}`",
                )
            )


def describe_fault(detail: ErrorDetail | None) -> str:
    """Return why a job has failed, in one line."""
    known = [detail.error_code, detail.error_message] if detail else []
    return ": ".join(filter(None, known)) or "no reason given"
