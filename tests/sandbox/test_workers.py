"""Simulated workers."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from ampctl_sandbox.api.service import Service
from ampctl_sandbox.database.queries import (
    find_detail,
    find_status,
    find_workers,
)
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.simulation.workers import Simulation
from ampctl_sandbox.testing import blocks, live_sandbox, make_descriptor, make_job, make_worker
from tests.sandbox.conftest import Clock


@pytest.fixture
def lucky(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no job fail by chance."""
    monkeypatch.setattr("ampctl_sandbox.simulation.syncing.FAILURE_RATE", 0)


@pytest.mark.usefixtures("lucky")
def test_a_job_runs_to_its_end_block(store: Store, clock: Clock) -> None:
    job = make_job(store, descriptor=make_descriptor("eth_mainnet/core", end_block="100000"))
    simulation = Simulation(store)
    seen = []
    for _ in range(60):
        clock.advance(3)
        simulation.tick()
        seen.append(store.read(find_status, job))

    assert seen[0] == "RUNNING"
    assert seen[-1] == "COMPLETED"
    tables = Service(store).get_progress(str(job))["tables"]
    assert set(tables) == {"blocks", "transactions", "logs"}
    assert {table["current_block"] for table in tables.values()} == {100000}


@pytest.mark.usefixtures("lucky")
def test_a_continuous_job_goes_on_and_its_files_are_compacted(store: Store, clock: Clock) -> None:
    job = make_job(store, "RUNNING", tables={"blocks": blocks(38)})
    simulation = Simulation(store)
    synced = []
    for _ in range(6):
        clock.advance(3)
        simulation.tick()
        synced.append(Service(store).get_progress(str(job))["tables"]["blocks"])

    blocks_seen = [table["current_block"] for table in synced]
    assert blocks_seen == sorted(set(blocks_seen))
    assert [table["files_count"] for table in synced] == [39, 1, 2, 3, 4, 5]
    assert {table["start_block"] for table in synced} == {0}
    assert store.read(find_status, job) == "RUNNING"


def test_a_stop_request_is_honoured_step_by_step(store: Store, clock: Clock) -> None:
    job = make_job(store, "STOP_REQUESTED")
    simulation = Simulation(store)
    seen = []
    for _ in range(3):
        clock.advance(1)
        simulation.tick()
        seen.append(store.read(find_status, job))

    assert seen == ["STOPPING", "STOPPED", "STOPPED"]


@pytest.mark.parametrize(("rate", "status"), [(1.0, "ERROR"), (1e9, "FATAL")])
def test_a_job_that_fails_by_chance_has_a_detail(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, rate: float, status: str
) -> None:
    monkeypatch.setattr("ampctl_sandbox.simulation.syncing.FAILURE_RATE", rate)
    monkeypatch.setattr("ampctl_sandbox.simulation.syncing.FATAL_SHARE", 0 if rate == 1 else 1)
    job = make_job(store, "RUNNING")

    Simulation(store).tick()

    assert store.read(find_status, job) == status
    assert store.read(find_detail, job, status)[0]["error_code"]


def test_the_same_jobs_fail_for_the_same_seed(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ampctl_sandbox.simulation.syncing.FAILURE_RATE", 0.5)
    seen = []
    for seed in (7, 7, 8):
        jobs = [make_job(store, "RUNNING") for _ in range(20)]
        Simulation(store, seed=seed).tick()
        seen.append([store.read(find_status, job) for job in jobs])
        store.write(lambda c: c.exec_driver_sql("DELETE FROM jobs"))

    assert seen[0] == seen[1] != seen[2]


@pytest.mark.usefixtures("lucky")
def test_workers_leave_the_jobs_of_real_workers_alone(store: Store, clock: Clock) -> None:
    job = make_job(store, "STOP_REQUESTED", worker="real")
    store.write(lambda c: c.exec_driver_sql("UPDATE workers SET info = '{}'"))
    make_job(store, worker="simulated")
    clock.advance(100)

    Simulation(store).tick()

    assert store.read(find_status, job) == "STOP_REQUESTED"
    beats = {worker.node_id: worker.heartbeat_at for worker in store.read(find_workers)}
    assert beats["real"] < beats["simulated"]


@pytest.mark.parametrize("speed", [0.1, 1, 10])
def test_workers_beat_each_second_at_any_speed(store: Store, clock: Clock, speed: float) -> None:
    make_worker(store)
    simulation = Simulation(store, speed=speed)
    beats = []
    for _ in range(5):
        simulation.tick()
        beats.append(store.read(find_workers)[0].heartbeat_at)
        clock.advance(0.5)

    assert [beat[17:19] for beat in beats] == ["00", "00", "01", "01", "02"]


def test_a_speed_makes_workers_quicker(store: Store, clock: Clock) -> None:
    job = make_job(store, "STOP_REQUESTED")
    clock.advance(0.01)

    Simulation(store, speed=100).tick()

    assert store.read(find_status, job) == "STOPPING"


def test_a_live_sandbox_with_workers_moves_jobs_along() -> None:
    with live_sandbox(workers=True, speed=1000) as sandbox:
        job = make_job(sandbox.store, "STOP_REQUESTED")
        _wait_until(lambda: sandbox.store.read(find_status, job) == "STOPPED")


def _wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if is_so():
            return
        threading.Event().wait(0.01)
    pytest.fail("it never happened")
