"""Made-up jobs of all kinds and statuses, with the past that leads to their status.

Nothing here touches a database.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ampctl_job.models import Status
from ampctl_sandbox.simulation.catalog import (
    DATASETS,
    FAILURES,
    FATAL_FAILURES,
    PROVIDER_FAILURE,
    WORKERS,
    Dataset,
)
from ampctl_sandbox.simulation.scenarios import STEADY, Scenario

_MEAN_GAP_S = 420
_RECENT = 60
_WITH_TABLES = 300
_RETRIED_FOR = datetime.timedelta(days=2)

_STOP = (Status.STOP_REQUESTED, Status.STOPPING, Status.STOPPED)
_PATHS: Mapping[Status, Sequence[Status]] = {
    Status.SCHEDULED: (),
    Status.RUNNING: (Status.RUNNING,),
    Status.STOP_REQUESTED: (Status.RUNNING, *_STOP[:1]),
    Status.STOPPING: (Status.RUNNING, *_STOP[:2]),
    Status.STOPPED: (Status.RUNNING, *_STOP),
    Status.COMPLETED: (Status.RUNNING, Status.COMPLETED),
    Status.FATAL: (Status.RUNNING, Status.FATAL),
}


class PastEvent(NamedTuple):
    """An event of a made-up job."""

    type: Status
    created_at: datetime.datetime
    detail: dict[str, Any] | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class PastJob:
    """A made-up job.

    Attributes:
        events: oldest first; the last one is its status.
        synced_share: the share of its blocks that is synced.
        has_tables: whether it gets tables with files.
    """

    dataset: Dataset
    descriptor: dict[str, Any]
    node_id: str
    events: Sequence[PastEvent]
    idempotency_key: str
    synced_share: float
    has_tables: bool


class PastMaker:
    """Makes up the jobs of a scenario, the same ones for the same random numbers.

    Args:
        now: the moment that their past leads to.
        rng: makes all random choices.
        scenario: what becomes of the jobs.
    """

    def __init__(
        self, now: datetime.datetime, rng: random.Random, scenario: Scenario = STEADY
    ) -> None:
        self._now = now
        self._rng = rng
        self._scenario = scenario

    def make_jobs(self, count: int) -> Iterator[PastJob]:
        """Make up ``count`` jobs, oldest first; the newest eight are of all statuses there are."""
        statuses = self._choose_statuses(count)
        ages = [0.0]
        for _ in range(count):
            ages.append(ages[-1] + 20 + self._rng.expovariate(1 / _MEAN_GAP_S))
        for number in range(count):
            newer = count - 1 - number
            created_at = self._now - datetime.timedelta(seconds=ages[newer + 1])
            yield self._make_job(number, newer, statuses[newer], created_at)

    def _choose_statuses(self, count: int) -> Sequence[Status]:
        """Return statuses, newest job first; the newest eight differ as much as they can."""
        first = list(self._scenario.recent)
        self._rng.shuffle(first)
        recent = self._choose(self._scenario.recent, _RECENT)
        earlier = self._choose(self._scenario.earlier, count)
        return [*first, *recent, *earlier]

    def _choose(self, weights: Mapping[Status, int], count: int) -> Sequence[Status]:
        return self._rng.choices(list(weights), list(weights.values()), k=count)

    def _make_job(
        self, number: int, newer: int, status: Status, created_at: datetime.datetime
    ) -> PastJob:
        if status == Status.ERROR and self._now - created_at > _RETRIED_FOR:
            status = Status.FATAL
        dataset = self._choose_dataset(status)
        descriptor = dataset.make_descriptor(number, self._choose_end_block(status))
        is_complete = status == Status.COMPLETED
        return PastJob(
            dataset=dataset,
            descriptor=descriptor,
            node_id=self._rng.choice(list(WORKERS)),
            events=self._make_events(status, descriptor, created_at),
            idempotency_key=f"{self._rng.getrandbits(128):032x}",
            synced_share=1.0 if is_complete else self._rng.uniform(0.05, 0.9),
            has_tables=status == Status.RUNNING
            or (status != Status.SCHEDULED and newer < _WITH_TABLES),
        )

    def _choose_dataset(self, status: Status) -> Dataset:
        """Return any; where a provider is down, jobs in ``ERROR`` are its own, and no others."""
        down = self._scenario.down
        is_fitting = [not down or (d.network in down) == (status == Status.ERROR) for d in DATASETS]
        return self._rng.choice(list(itertools.compress(DATASETS, is_fitting)))

    def _choose_end_block(self, status: Status) -> str | None:
        absolute = str(self._rng.randrange(10, 200) * 100_000)
        end_block = self._rng.choice((None, "latest", "-100", absolute))
        # A continuous job never completes.
        return absolute if end_block is None and status == Status.COMPLETED else end_block

    def _make_events(
        self, status: Status, descriptor: dict[str, Any], created_at: datetime.datetime
    ) -> Sequence[PastEvent]:
        if status == Status.ERROR:
            return self._make_retries(descriptor, created_at)
        moment = created_at
        events = [PastEvent(Status.SCHEDULED, moment, descriptor)]
        for step in _PATHS[status]:
            # Each step takes a part of the time that is left, so none lies in the future.
            moment += (self._now - moment) * self._rng.uniform(0.02, 0.5)
            detail = self._rng.choice(FATAL_FAILURES) if step == Status.FATAL else None
            events.append(PastEvent(step, moment, detail))
        return events

    def _make_retries(
        self, descriptor: dict[str, Any], created_at: datetime.datetime
    ) -> Sequence[PastEvent]:
        """Return the events of a job that failed as often as the waits of 2^n seconds allow."""
        failure = self._rng.choice([PROVIDER_FAILURE] if self._scenario.down else FAILURES)
        events: list[PastEvent] = []
        moment, retries = created_at, 0
        while moment <= self._now - datetime.timedelta(seconds=2):
            retries += 1
            started_at = moment + datetime.timedelta(milliseconds=400)
            failed_at = moment + datetime.timedelta(seconds=1.5)
            events += [
                PastEvent(Status.SCHEDULED, moment, descriptor),
                PastEvent(Status.RUNNING, started_at, None),
                PastEvent(Status.ERROR, failed_at, failure),
            ]
            moment = failed_at + datetime.timedelta(seconds=2**retries)
        return events
