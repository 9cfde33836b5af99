"""The mix of a scenario, kept while the sandbox runs: otherwise all jobs would have ended soon."""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from ampctl_job.models import ACTIVE, STOPPING, Status
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.deploys import deploy
from ampctl_sandbox.database.queries import find_page, find_simulated_workers
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import jobs_status
from ampctl_sandbox.simulation.catalog import DATASETS, FAILURES, Dataset
from ampctl_sandbox.simulation.scenarios import Scenario

_LOOK_EVERY_S = 1
_ARRIVE_EVERY_S = 20
_STOP_EVERY_S = 30
_END_BLOCKS = (None, "latest", "-100", "2000000")
_SEEN = (*ACTIVE, Status.ERROR)
_MOST_FAILED = 100


class Mix:
    """Keeps what a scenario asks for, with jobs that were there or that it deploys.

    Jobs that others deploy in the meantime are left alone.

    - A job arrives every 20 seconds while too few are active, and each second while less than half.
    - A job is asked to stop every 30 seconds. Until the next one is stopping, it does not end.
    - Jobs fail until enough have, and the same ones fail again after each retry. Where a provider
      is down, no more jobs arrive for it once a hundred have failed.

    Args:
        store: the database.
        scenario: what is kept.
        speed: how many times more often.
        seed: decides which datasets arrive.
    """

    def __init__(
        self, store: Store, scenario: Scenario, *, speed: float = 1.0, seed: int = 1
    ) -> None:
        self._store = store
        self._scenario = scenario
        self._speed = speed
        # Not for secrets.
        self._rng = random.Random(seed)  # noqa: S311
        self._looked_at = self._arrived_at = self._stopped_at = store.now()
        newest = store.read(find_page, limit=1)
        self._newest_found = newest[0].id if newest else 0
        self._deployed: set[int] = set()
        there = store.read(_find_jobs)
        self._failing = [job for job, status in there.items() if status == Status.ERROR]
        self._stopping = [job for job, status in there.items() if status == Status.STOPPING]

    def is_held(self, job_id: int) -> bool:
        """Tell whether a job that is stopping must not end yet."""
        return self._scenario.has_stopping and job_id in self._stopping

    def tick(self) -> None:
        """Do what is missing, if it is time to look."""
        now = self._store.now()
        if self._has_passed(self._looked_at, _LOOK_EVERY_S, now):
            self._looked_at = now
            self._store.write(self._keep, now)

    def _has_passed(self, start: datetime.datetime, seconds: float, now: datetime.datetime) -> bool:
        # A clock that was set back must not keep it from looking.
        return not 0 <= (now - start).total_seconds() * self._speed < seconds

    def _keep(self, connection: sa.Connection, now: datetime.datetime) -> None:
        jobs = _find_jobs(connection)
        self._keep_arriving(connection, jobs, now)
        self._keep_failing(connection, jobs, now)
        if self._scenario.has_stopping:
            self._keep_stopping(connection, jobs, now)

    def _keep_arriving(
        self, connection: sa.Connection, jobs: Mapping[int, str], now: datetime.datetime
    ) -> None:
        active = sum(status in ACTIVE for status in jobs.values())
        is_due = self._has_passed(self._arrived_at, _ARRIVE_EVERY_S, now)
        is_enough = active >= self._scenario.active or (
            active * 2 >= self._scenario.active and not is_due
        )
        workers = find_simulated_workers(connection)
        if is_enough or not workers:
            return
        self._arrived_at = now
        # Made-up jobs are of versions below a million.
        version = 1_000_000 + self._rng.randrange(10**9)
        end_block = self._rng.choice(_END_BLOCKS)
        descriptor = self._choose_dataset(jobs).make_descriptor(version, end_block)
        job = deploy(connection, self._rng.choice(workers), descriptor, now)
        self._deployed.add(job.id)

    def _choose_dataset(self, jobs: Mapping[int, str]) -> Dataset:
        failed = sum(status == Status.ERROR for status in jobs.values())
        down = self._scenario.down if failed >= _MOST_FAILED else ()
        return self._rng.choice([dataset for dataset in DATASETS if dataset.network not in down])

    def _keep_failing(
        self, connection: sa.Connection, jobs: Mapping[int, str], now: datetime.datetime
    ) -> None:
        self._failing = [job for job in self._failing if job in jobs]
        missing = self._scenario.failed - len(self._failing)
        self._failing += self._find_running(jobs)[: max(0, missing)]
        for job in self._failing[: self._scenario.failed]:
            if jobs[job] == Status.RUNNING:
                detail = dict(FAILURES[job % len(FAILURES)])
                transitions.move(connection, job, Status.ERROR, now, detail)

    def _keep_stopping(
        self, connection: sa.Connection, jobs: Mapping[int, str], now: datetime.datetime
    ) -> None:
        self._stopping = [job for job in self._stopping if jobs.get(job) in STOPPING]
        running = self._find_running(jobs)
        is_due = self._has_passed(self._stopped_at, _STOP_EVERY_S, now)
        if running and (is_due or not self._stopping):
            self._stopped_at = now
            self._stopping.append(running[0])
            transitions.move(connection, running[0], Status.STOP_REQUESTED, now)
        elif any(jobs[job] == Status.STOPPING for job in self._stopping[-1:]):
            self._stopping = self._stopping[-1:]

    def _find_running(self, jobs: Mapping[int, str]) -> Sequence[int]:
        return [
            job
            for job, status in jobs.items()
            if status == Status.RUNNING
            and job not in self._failing
            and (job <= self._newest_found or job in self._deployed)
        ]


def _find_jobs(connection: sa.Connection) -> Mapping[int, str]:
    """Return the statuses of all active and failed jobs of simulated workers, oldest first."""
    current = jobs_status.c
    workers = find_simulated_workers(connection)
    statement = sa.select(current.job_id, current.status).where(
        current.status.in_(_SEEN), current.node_id.in_(workers)
    )
    rows = connection.execute(statement.order_by(current.job_id))
    return {row.job_id: row.status for row in rows}
