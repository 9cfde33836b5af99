"""The made-up past, and the workers that carry it on."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ampctl_job import schemas
from ampctl_job.models import STATUSES
from ampctl_sandbox import population, transitions
from ampctl_sandbox.population import populate
from ampctl_sandbox.retries import Retries
from ampctl_sandbox.service import Service
from ampctl_sandbox.simulation import Simulation
from ampctl_sandbox.store import Store
from ampctl_sandbox.testing import Sandbox, blocks, live_sandbox, make_descriptor, make_job
from tests.sandbox.test_transitions import at_once

NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.timezone.utc)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime.datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += datetime.timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def store(fresh_url: str, clock: Clock) -> Iterator[Store]:
    """A database of either kind, whose clock stands still."""
    store = Store.open(fresh_url)
    store.now = clock
    yield store
    store.close()


def statuses(store: Store) -> list[str]:
    return [row.status for row in store.page(limit=1000)]


@pytest.mark.parametrize("count", [8, 30, 1100])
def test_a_population_has_as_many_jobs_as_asked_in_all_states(store: Store, count: int) -> None:
    populate(store, count)

    rows = list(store.page(limit=1000))
    rows += store.page(limit=1000, after=rows[-1].id)
    assert len(rows) == count
    assert {row.status for row in rows} == set(STATUSES) - {"UNKNOWN"}
    assert all(row.created_at <= row.updated_at <= "2026-03-01T12" for row in rows)
    assert [row.created_at for row in rows] == sorted((r.created_at for r in rows), reverse=True)


def test_a_population_is_believable(store: Store) -> None:
    populate(store, 60)

    service = Service(store)
    jobs = [schemas.JOB.load(job) for job in service.list_jobs(["60"], [], ["all"])["jobs"]]
    assert len({job.descriptor.dataset_namespace for job in jobs}) > 3
    assert len({job.node_id for job in jobs}) > 2
    assert {job.descriptor.kind for job in jobs} == {"materialize-raw", "materialize-derived"}
    for job in jobs:
        progress = schemas.JOB_PROGRESS.load(service.job_progress(str(job.id)))
        events = schemas.JOB_EVENTS.load(service.job_events(str(job.id))).events
        assert events[-1].event_type == job.status
        assert events[-1].created_at == job.updated_at
        assert bool(progress.tables) == (job.status != "SCHEDULED")
        assert (progress.detail is not None) == (job.status in ("ERROR", "FATAL"))
        if job.status == "COMPLETED" and (job.descriptor.end_block or "").isdigit():
            last = {table.current_block for table in progress.tables.values()}
            assert last == {int(job.descriptor.end_block)}


def test_a_population_that_is_cut_short_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = population._insert

    def insert_and_die(*args: Any) -> None:
        insert(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(population, "_insert", insert_and_die)
    with pytest.raises(KeyboardInterrupt):
        populate(store, 1100)
    monkeypatch.undo()

    assert not store.has_jobs()
    assert populate(store, 8)


def test_two_populations_at_once_make_one(store: Store) -> None:
    made = at_once([lambda: populate(store, 30)] * 4)

    assert sorted(made) == [False, False, False, True]
    assert len(statuses(store)) == 30


def test_a_population_is_the_same_for_the_same_seed(tmp_path: Path, clock: Clock) -> None:
    shown: list[Any] = []
    for name in "ab":
        store = Store.open(f"sqlite:///{tmp_path / name}")
        store.now = clock
        populate(store, 40)
        shown.append(store.page(limit=100))
        store.close()

    assert shown[0] == shown[1]


def test_failed_jobs_of_a_population_are_not_yet_due_for_a_retry(store: Store) -> None:
    populate(store, 400)
    failed = [row.id for row in store.page(limit=1000, statuses=["ERROR"])]

    Retries(store).tick()

    assert failed
    assert {store.status(job) for job in failed} == {"ERROR"}


@pytest.fixture
def lucky(monkeypatch: pytest.MonkeyPatch) -> None:
    """No job fails by chance."""
    monkeypatch.setattr("ampctl_sandbox.simulation._FAILURE_RATE", 0)


@pytest.mark.usefixtures("lucky")
def test_a_job_runs_to_its_end_block(store: Store, clock: Clock) -> None:
    job = make_job(store, descriptor=make_descriptor("eth_mainnet/core", end_block="100000"))
    simulation = Simulation(store)
    seen = []
    for _ in range(60):
        clock.advance(3)
        simulation.tick()
        seen.append(store.status(job))

    assert seen[0] == "RUNNING"
    assert seen[-1] == "COMPLETED"
    tables = Service(store).job_progress(str(job))["tables"]
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
        synced.append(Service(store).job_progress(str(job))["tables"]["blocks"])

    blocks_seen = [table["current_block"] for table in synced]
    assert blocks_seen == sorted(set(blocks_seen))
    assert [table["files_count"] for table in synced] == [39, 1, 2, 3, 4, 5]
    assert {table["start_block"] for table in synced} == {0}
    assert store.status(job) == "RUNNING"


def test_a_stop_request_is_honoured_step_by_step(store: Store, clock: Clock) -> None:
    job = make_job(store, "STOP_REQUESTED")
    simulation = Simulation(store)
    seen = []
    for _ in range(3):
        clock.advance(1)
        simulation.tick()
        seen.append(store.status(job))

    assert seen == ["STOPPING", "STOPPED", "STOPPED"]


@pytest.mark.parametrize("tries", [1, 3])
def test_a_failed_job_is_tried_again_after_two_to_the_tries(
    store: Store, clock: Clock, tries: int
) -> None:
    history = ("SCHEDULED", "ERROR") * tries
    job = make_job(store, "ERROR", history=history)
    retries = Retries(store)
    clock.advance(2**tries - 0.1)
    retries.tick()
    before = store.status(job)
    clock.advance(0.2)
    retries.tick()

    assert (before, store.status(job)) == ("ERROR", "SCHEDULED")
    assert store.job(job).descriptor is not None


def test_a_faster_sandbox_tries_again_sooner(store: Store, clock: Clock) -> None:
    job = make_job(store, "ERROR")
    retries = Retries(store, speed=10)
    seen = []
    for _ in range(2):
        clock.advance(0.15)
        retries.tick()
        seen.append(store.status(job))

    assert seen == ["ERROR", "SCHEDULED"]


def test_a_fatal_job_is_never_tried_again(store: Store, clock: Clock) -> None:
    job = make_job(store, "FATAL")
    clock.advance(10**8)

    Retries(store).tick()

    assert store.status(job) == "FATAL"


def test_a_job_that_fails_again_waits_for_longer(store: Store, clock: Clock) -> None:
    job = make_job(store, "ERROR")
    retries = Retries(store)
    for wait_s in (2, 4, 8):
        clock.advance(wait_s - 0.1)
        retries.tick()
        assert store.status(job) == "ERROR"
        clock.advance(0.1)
        retries.tick()
        assert store.status(job) == "SCHEDULED"
        store.write(lambda c: transitions.move(c, job, "ERROR", clock.now))


def test_failed_jobs_of_real_workers_are_tried_again_too(store: Store, clock: Clock) -> None:
    job = make_job(store, "ERROR", worker="real")
    store.write(lambda c: c.exec_driver_sql("UPDATE workers SET info = '{}'"))
    clock.advance(2)

    Retries(store).tick()

    assert store.status(job) == "SCHEDULED"


@pytest.mark.parametrize(("rate", "status"), [(1.0, "ERROR"), (1e9, "FATAL")])
def test_a_job_fails_with_a_detail_if_it_has_no_luck(
    store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, rate: float, status: str
) -> None:
    monkeypatch.setattr("ampctl_sandbox.simulation._FAILURE_RATE", rate)
    monkeypatch.setattr("ampctl_sandbox.simulation._FATAL_SHARE", 0 if rate == 1 else 1)
    job = make_job(store, "RUNNING")

    Simulation(store).tick()

    progress = store.progress(job)
    assert progress.status == status
    assert progress.detail["error_code"]


@pytest.mark.usefixtures("lucky")
def test_workers_leave_the_jobs_of_real_workers_alone(store: Store, clock: Clock) -> None:
    job = make_job(store, "STOP_REQUESTED", worker="real")
    store.write(lambda c: c.exec_driver_sql("UPDATE workers SET info = '{}'"))
    make_job(store, worker="simulated")
    clock.advance(100)

    Simulation(store).tick()

    assert store.status(job) == "STOP_REQUESTED"
    beats = {worker.node_id: worker.heartbeat_at for worker in store.workers()}
    assert beats["real"] < beats["simulated"]


def test_a_speed_makes_workers_quicker(store: Store, clock: Clock) -> None:
    job = make_job(store, "STOP_REQUESTED")
    clock.advance(0.01)

    Simulation(store, speed=100).tick()

    assert store.status(job) == "STOPPING"


def test_a_live_sandbox_with_workers_moves_jobs_along() -> None:
    with live_sandbox(workers=True, speed=1000) as sandbox:
        job = make_job(sandbox.store, "STOP_REQUESTED")
        _wait_until(lambda: sandbox.store.status(job) == "STOPPED")


def test_a_live_sandbox_is_made_with_jobs() -> None:
    with live_sandbox(jobs=9) as sandbox:
        assert isinstance(sandbox, Sandbox)
        assert len(statuses(sandbox.store)) == 9


def _wait_until(is_so: Callable[[], bool]) -> None:
    import threading

    for _ in range(1000):
        if is_so():
            return
        threading.Event().wait(0.01)
    pytest.fail("it never came to be")
