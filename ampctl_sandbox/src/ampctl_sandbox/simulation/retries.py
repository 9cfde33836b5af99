"""The controller's own part in a job's life: what failed is scheduled again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import sqlalchemy as sa

from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import job_events, jobs_status

# Past 2^40 seconds nobody waits any more, and a datetime would overflow.
_MAX_EXPONENT = 40


class Retries:
    """Schedules each job in ``ERROR`` again, 2^n seconds after it failed for the n-th time.

    A controller beside this one does no harm: whoever comes second finds nothing to do.

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
        failures = self._store.read(_failures)
        self._due_at = {failure: self._due(*failure) for failure in failures}
        for (job_id, _), due_at in self._due_at.items():
            if due_at <= now:
                self._store.write(lambda c: transitions.move(c, job_id, "SCHEDULED", now))  # noqa: B023

    def _due(self, job_id: int, failed_at: datetime.datetime) -> datetime.datetime:
        known = self._due_at.get((job_id, failed_at))
        if known is not None:
            return known
        tries = self._store.read(lambda c: _schedulings(c, job_id))
        wait_s = 2 ** min(tries, _MAX_EXPONENT) / self._speed
        return failed_at + datetime.timedelta(seconds=wait_s)


def _failures(connection: sa.Connection) -> Sequence[tuple[int, datetime.datetime]]:
    current = jobs_status.c
    failed = sa.select(current.job_id, current.updated_at).where(current.status == "ERROR")
    return [(row[0], row[1]) for row in connection.execute(failed)]


def _schedulings(connection: sa.Connection, job_id: int) -> int:
    count: int = connection.execute(
        sa.select(sa.func.count()).where(
            job_events.c.job_id == job_id, job_events.c.event_type == "SCHEDULED"
        )
    ).scalar_one()
    return count
