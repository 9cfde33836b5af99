"""Simulated workers: they move the sandbox's own jobs along.

Only jobs of workers that the sandbox registered itself are touched, so that it can share a
database with real workers.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Callable, Collection, Sequence
from typing import Any

import sqlalchemy as sa

from ampctl_job.models import Status
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.queries import find_simulated_workers
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import jobs_status, workers
from ampctl_sandbox.simulation.attempts import Attempts
from ampctl_sandbox.simulation.catalog import WORKERS
from ampctl_sandbox.simulation.syncing import advance

_DWELL_S = {Status.SCHEDULED: 1.0, Status.STOP_REQUESTED: 0.5, Status.STOPPING: 1.0}
_NEXT = {
    Status.SCHEDULED: Status.RUNNING,
    Status.STOP_REQUESTED: Status.STOPPING,
    Status.STOPPING: Status.STOPPED,
}
_GROWTH_S = 2.0
_HEARTBEAT = datetime.timedelta(seconds=1)
_BATCH = 25


def register_workers(connection: sa.Connection, now: datetime.datetime) -> None:
    """Register the simulated workers, those that are not yet there."""
    for node_id, info in WORKERS.items():
        transitions.register_worker(connection, node_id, now, dict(info))


class Simulation:
    """The workers of a sandbox.

    Args:
        store: the database.
        speed: how many times faster than real workers.
        seed: decides which jobs fail, and when.
        down: networks whose provider is down, so that all their jobs fail.

    Attributes:
        is_held: whether a job that is stopping must not end yet.
    """

    def __init__(
        self,
        store: Store,
        *,
        speed: float = 1.0,
        seed: int = 1,
        down: Collection[str] = (),
    ) -> None:
        self._store = store
        self._speed = speed
        self._down = down
        self.is_held: Callable[[int], bool] = lambda _: False
        # Not for secrets: the same seed must give the same failures.
        self._rng = random.Random(seed)  # noqa: S311
        self._attempts = Attempts()
        self._grown_at: dict[int, datetime.datetime] = {}
        self._beat_at = datetime.datetime.min.replace(tzinfo=datetime.UTC)
        self._last_grown = 0

    def tick(self) -> None:
        """Do all that is due now."""
        names = self._store.read(find_simulated_workers)
        if not names:
            return
        now = self._store.now()
        # At any speed: a worker that is silent for five seconds counts as dead.
        if now - self._beat_at >= _HEARTBEAT:
            self._beat_at = now
            self._store.write(_beat, names, now)
        for job_id, target in self._find_due(names, now):
            self._attempts.do(
                f"job {job_id}", self._store.write, transitions.move, job_id, target, now
            )
        for job_id in self._find_running(names):
            self._attempts.do(f"job {job_id}", self._grow, job_id, now)

    def _scale(self, seconds: float) -> datetime.timedelta:
        return datetime.timedelta(seconds=seconds / self._speed)

    def _find_due(self, names: Sequence[str], now: datetime.datetime) -> Sequence[tuple[int, str]]:
        due: list[tuple[int, str]] = []
        for status, target in _NEXT.items():
            latest = now - self._scale(_DWELL_S[status])
            is_due = jobs_status.c.updated_at <= latest
            due += [(job_id, target) for job_id in self._find_jobs(status, names, is_due)]
        return [(job, target) for job, target in due if not self._ends_too_early(job, target)]

    def _ends_too_early(self, job_id: int, target: str) -> bool:
        return target == Status.STOPPED and self.is_held(job_id)

    def _find_running(self, names: Sequence[str]) -> Sequence[int]:
        is_next = jobs_status.c.job_id > self._last_grown
        ids = self._find_jobs(Status.RUNNING, names, is_next)
        self._last_grown = ids[-1] if len(ids) == _BATCH else 0
        return ids

    def _find_jobs(
        self, status: str, names: Sequence[str], condition: sa.ColumnElement[bool]
    ) -> Sequence[int]:
        current = jobs_status.c
        statement = (
            sa.select(current.job_id)
            .where(current.status == status, current.node_id.in_(names), condition)
            .order_by(current.job_id)
            .limit(_BATCH)
        )
        return self._store.read(_find_ids, statement)

    def _grow(self, job_id: int, now: datetime.datetime) -> None:
        grown_at = self._grown_at.get(job_id)
        if grown_at is not None and now - grown_at < self._scale(_GROWTH_S):
            return
        self._grown_at[job_id] = now
        luck = self._rng.random()
        if self._store.write(advance, job_id, now, luck, self._down):
            del self._grown_at[job_id]


def _beat(connection: sa.Connection, names: Sequence[str], now: datetime.datetime) -> None:
    connection.execute(
        sa.update(workers).where(workers.c.node_id.in_(names)).values(heartbeat_at=now)
    )


def _find_ids(connection: sa.Connection, statement: sa.Select[Any]) -> Sequence[int]:
    return connection.execute(statement).scalars().all()
