"""The controller's part in a job's life: a job that failed is scheduled again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from ampctl_job.models import Status
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import job_events, jobs_status, spell
from ampctl_sandbox.simulation.attempts import Attempts

_EVERY_S = 60
# 2^20 seconds are twelve days.
_HIGHEST_EXPONENT = 20


class _Failure(NamedTuple):
    job_id: int
    failed_at: datetime.datetime
    schedulings: int


class Retries:
    """Schedules jobs in ``ERROR`` again, as a controller does.

    It looks every 60 seconds, at first at once, for those that failed at least 2^n seconds ago,
    n being how often they were scheduled, 20 at most. A job without a descriptor is left as it is.

    Args:
        store: the database.
        speed: how many times sooner.
    """

    def __init__(self, store: Store, *, speed: float = 1.0) -> None:
        self._store = store
        self._speed = speed
        self._attempts = Attempts()
        self._looked_at: datetime.datetime | None = None

    def tick(self) -> None:
        """Schedule the jobs that are due, if it is time to look."""
        now = self._store.now()
        # A clock that was set back must not keep it from looking.
        if self._looked_at and 0 <= self._count_seconds(self._looked_at, now) < _EVERY_S:
            return
        for job_id, failed_at, schedulings in self._store.read(_find_failures):
            wait_s = 2 ** min(schedulings, _HIGHEST_EXPONENT)
            # Numbers are compared: at a low speed the date may be one that doesn't exist.
            if self._count_seconds(failed_at, now) >= wait_s:
                self._attempts.do(f"the retry of job {job_id}", self._retry, job_id, now)
        self._looked_at = now

    def _count_seconds(self, start: datetime.datetime, end: datetime.datetime) -> float:
        return (end - start).total_seconds() * self._speed

    def _retry(self, job_id: int, now: datetime.datetime) -> None:
        self._store.write(transitions.move, job_id, Status.SCHEDULED, now)


def _find_failures(connection: sa.Connection) -> Sequence[_Failure]:
    current = jobs_status.c
    schedulings = (
        sa.select(sa.func.count())
        .where(
            job_events.c.job_id == current.job_id,
            job_events.c.event_type.in_(spell([Status.SCHEDULED])),
        )
        .correlate(jobs_status)
        .scalar_subquery()
    )
    failed = sa.select(current.job_id, current.updated_at, schedulings)
    rows = connection.execute(failed.where(current.status.in_(spell([Status.ERROR]))))
    return [_Failure(*row) for row in rows]
