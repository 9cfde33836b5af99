"""New jobs of a sandbox that runs for long."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl.testing.runner import invoke
from ampctl_sandbox.database.queries import count_jobs, find_job, find_simulated_workers
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.simulation.arrivals import Arrivals
from ampctl_sandbox.testing import make_job, make_worker
from tests.sandbox.conftest import Clock


def test_a_job_arrives_every_twenty_seconds_until_five_are_active(
    store: Store, clock: Clock
) -> None:
    make_worker(store)
    arrivals = Arrivals(store)
    seen = []
    for wait_s in (0, 19.9, 0.1, 19.9, 0.1, *[20] * 5):
        clock.advance(wait_s)
        arrivals.tick()
        seen.append(store.read(count_jobs))

    assert seen == [0, 0, 1, 1, 2, 3, 4, 5, 5, 5]
    job = store.read(find_job, 1)
    assert job.status == "SCHEDULED"
    assert job.node_id in store.read(find_simulated_workers)
    assert job.descriptor["end_block"] is not None


def test_ended_jobs_do_not_count_as_active(store: Store, clock: Clock) -> None:
    for status in ("COMPLETED", "STOPPED", "ERROR", "FATAL", "COMPLETED"):
        make_job(store, status)
    arrivals = Arrivals(store, speed=10)
    clock.advance(2)

    arrivals.tick()

    assert store.read(count_jobs) == 6


def test_no_job_arrives_without_a_worker(store: Store, clock: Clock) -> None:
    arrivals = Arrivals(store)
    clock.advance(20)

    arrivals.tick()

    assert store.read(count_jobs) == 0


@pytest.mark.parametrize(("options", "arrive"), [((), False), (("--jobs", "8"), True)])
def test_jobs_arrive_only_where_some_were_asked_for(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], arrive: bool
) -> None:
    seen: list[bool] = []

    def simulate(*_: Any, has_arrivals: bool, **__: Any) -> None:
        seen.append(has_arrivals)
        raise KeyboardInterrupt

    monkeypatch.setattr("ampctl_sandbox.commands.up.simulate", simulate)

    invoke("sandbox", "up", "--port", "0", "--database-url", sqlite_url, *options, expect=130)

    assert seen == [arrive]
