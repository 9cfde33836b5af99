"""New jobs: a sandbox whose jobs have all ended would have nothing to show."""

from __future__ import annotations

import datetime
import random

import sqlalchemy as sa

from ampctl_job.models import ACTIVE
from ampctl_sandbox.database.deploys import deploy
from ampctl_sandbox.database.queries import count_by_status, find_simulated_workers
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.simulation.catalog import DATASETS

_EVERY_S = 20
_ENOUGH = 5
_END_BLOCKS = ("latest", "-100", "2000000")


class Arrivals:
    """Deploys a new version of some dataset every 20 seconds, while few jobs are active.

    Five jobs are enough. The first one comes 20 seconds after the start.

    Args:
        store: the database.
        speed: how many times more often.
        seed: decides which datasets they are.
    """

    def __init__(self, store: Store, *, speed: float = 1.0, seed: int = 1) -> None:
        self._store = store
        self._every = datetime.timedelta(seconds=_EVERY_S / speed)
        self._last = store.now()
        # Not for secrets.
        self._rng = random.Random(seed)  # noqa: S311

    def tick(self) -> None:
        """Deploy a job, if it is time for one."""
        now = self._store.now()
        if now - self._last >= self._every:
            self._last = now
            self._store.write(self._deploy, now)

    def _deploy(self, connection: sa.Connection, now: datetime.datetime) -> None:
        counts = count_by_status(connection)
        workers = find_simulated_workers(connection)
        if not workers or sum(counts.get(status, 0) for status in ACTIVE) >= _ENOUGH:
            return
        # Made-up jobs are of versions below a million.
        version = 1_000_000 + self._rng.randrange(10**9)
        end_block = self._rng.choice(_END_BLOCKS)
        descriptor = self._rng.choice(DATASETS).make_descriptor(version, end_block)
        deploy(connection, self._rng.choice(workers), descriptor, now)
