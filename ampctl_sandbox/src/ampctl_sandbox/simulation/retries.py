"""The controller's part in a job's life: a job that failed is scheduled again."""

from __future__ import annotations

import datetime
from collections.abc import Collection

import sqlalchemy as sa

from ampctl_job.models import Status
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import job_events, jobs_status
from ampctl_sandbox.simulation.attempts import Attempts

# 2^20 seconds are twelve days: no one waits for longer.
_MAX_EXPONENT = 20


class Retries:
    """Schedules each job in ``ERROR`` again, 2^n seconds after it failed for the n-th time.

    The wait is 2^20 seconds at most.

    A real controller on the same database does no harm: the second to come finds nothing to do.

    Args:
        store: the database.
        speed: how many times sooner.
    """

    def __init__(self, store: Store, *, speed: float = 1.0) -> None:
        self._store = store
        self._speed = speed
        self._attempts = Attempts()
        # How often a job was scheduled does not change while it stays as it is.
        self._waits: dict[tuple[int, datetime.datetime], datetime.timedelta] = {}

    def tick(self) -> None:
        """Schedule the jobs that are due now."""
        now = self._store.now()
        failures = self._store.read(_find_failures)
        self._waits = {key: wait for key, wait in self._waits.items() if key in failures}
        for job_id, failed_at in failures:
            self._attempts.do(f"the retry of job {job_id}", self._retry, job_id, failed_at, now)

    def _retry(self, job_id: int, failed_at: datetime.datetime, now: datetime.datetime) -> None:
        # Durations are compared: a date so far away may not exist.
        if now - failed_at >= self._find_wait(job_id, failed_at):
            self._store.write(transitions.move, job_id, Status.SCHEDULED, now)

    def _find_wait(self, job_id: int, failed_at: datetime.datetime) -> datetime.timedelta:
        wait = self._waits.get((job_id, failed_at))
        if wait is None:
            tries = self._store.read(_count_schedulings, job_id)
            wait = datetime.timedelta(seconds=2 ** min(tries, _MAX_EXPONENT) / self._speed)
            self._waits[job_id, failed_at] = wait
        return wait


def _find_failures(connection: sa.Connection) -> Collection[tuple[int, datetime.datetime]]:
    current = jobs_status.c
    failed = sa.select(current.job_id, current.updated_at).where(current.status == Status.ERROR)
    return dict.fromkeys((row[0], row[1]) for row in connection.execute(failed))


def _count_schedulings(connection: sa.Connection, job_id: int) -> int:
    scheduled = sa.select(sa.func.count()).where(
        job_events.c.job_id == job_id, job_events.c.event_type == Status.SCHEDULED
    )
    return connection.execute(scheduled).scalar_one()
