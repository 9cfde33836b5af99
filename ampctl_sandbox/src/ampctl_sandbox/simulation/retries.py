"""The controller's part in a job's life: a job that failed is scheduled again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import sqlalchemy as sa

from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import job_events, jobs_status
from ampctl_sandbox.statuses import Status

# Past 2^40 seconds no one waits any more, and a datetime would overflow.
_MAX_EXPONENT = 40


class Retries:
    """Schedules each job in ``ERROR`` again, 2^n seconds after it failed for the n-th time.

    A real controller on the same database does no harm: the second to come finds nothing to do.

    Args:
        store: the database.
        speed: how many times sooner.
    """

    def __init__(self, store: Store, *, speed: float = 1.0) -> None:
        self._store = store
        self._speed = speed
        # How often a job was scheduled does not change while it stays as it is.
        self._due_at: dict[tuple[int, datetime.datetime], datetime.datetime] = {}

    def tick(self) -> None:
        """Schedule the jobs that are due now."""
        now = self._store.now()
        failures = self._store.read(_find_failures)
        self._due_at = {failure: self._find_due(*failure) for failure in failures}
        for (job_id, _), due_at in self._due_at.items():
            if due_at <= now:
                self._store.write(transitions.move, job_id, Status.SCHEDULED, now)

    def _find_due(self, job_id: int, failed_at: datetime.datetime) -> datetime.datetime:
        known = self._due_at.get((job_id, failed_at))
        if known is not None:
            return known
        tries = self._store.read(_count_schedulings, job_id)
        wait_s = 2 ** min(tries, _MAX_EXPONENT) / self._speed
        return failed_at + datetime.timedelta(seconds=wait_s)


def _find_failures(connection: sa.Connection) -> Sequence[tuple[int, datetime.datetime]]:
    current = jobs_status.c
    failed = sa.select(current.job_id, current.updated_at).where(current.status == Status.ERROR)
    return [(row[0], row[1]) for row in connection.execute(failed)]


def _count_schedulings(connection: sa.Connection, job_id: int) -> int:
    scheduled = sa.select(sa.func.count()).where(
        job_events.c.job_id == job_id, job_events.c.event_type == Status.SCHEDULED
    )
    return connection.execute(scheduled).scalar_one()
