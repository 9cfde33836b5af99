"""What a sandbox shows, and keeps showing while it runs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from ampctl.testing.runner import invoke
from ampctl_job import schemas
from ampctl_sandbox.api.service import Service
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.queries import (
    count_jobs,
    find_job,
    find_page,
    find_simulated_workers,
    find_status,
)
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.simulation.mix import Mix
from ampctl_sandbox.simulation.population import populate
from ampctl_sandbox.simulation.retries import Retries
from ampctl_sandbox.simulation.scenarios import SCENARIOS, STEADY
from ampctl_sandbox.simulation.workers import Simulation
from ampctl_sandbox.testing import Sandbox, blocks, live_sandbox, make_job, make_worker
from tests.sandbox.conftest import Clock
from tests.sandbox.http_calls import call


@pytest.fixture
def sqlite_store(sqlite_url: str, clock: Clock) -> Iterator[Store]:
    """A SQLite database whose clock stands still."""
    store = Store.open(sqlite_url)
    store.now = clock
    yield store
    store.close()


def count(store: Store) -> Mapping[str, int]:
    return Counter(row.status for row in store.read(find_page, limit=1000))


def run(store: Store, clock: Clock, name: str, looks: int) -> Iterator[Mapping[str, int]]:
    """Let a scenario go on for a second after the other; yield what is seen after each chore."""
    scenario = SCENARIOS[name]
    workers, mix = Simulation(store, down=scenario.down), Mix(store, scenario)
    workers.is_held = mix.is_held
    chores: list[Callable[[], None]] = [Retries(store).tick, workers.tick, mix.tick]
    for _ in range(looks):
        clock.advance(1)
        for chore in chores:
            chore()
            yield count(store)


def test_a_steady_sandbox_shows_the_same_mix_whenever_one_looks(
    sqlite_store: Store, clock: Clock
) -> None:
    populate(sqlite_store, 30)

    seen = list(run(sqlite_store, clock, "steady", 70))

    for status in ("RUNNING", "STOPPING", "ERROR", "COMPLETED"):
        assert all(counts[status] for counts in seen), status
    assert seen[0]["STOPPED"] + 2 <= seen[-1]["STOPPED"]
    assert seen[0]["COMPLETED"] < seen[-1]["COMPLETED"]
    service = Service(sqlite_store)
    running = json.loads(service.list_jobs([], [], ["running"]))["jobs"]
    progress = [service.get_progress(str(job["id"]))["tables"] for job in running]
    assert any(table["current_block"] for tables in progress for table in tables.values())
    failed = json.loads(service.list_jobs([], [], ["error"]))["jobs"]
    events = [service.list_events(str(job["id"]))["events"] for job in failed]
    assert any([e["event_type"] for e in lived].count("SCHEDULED") > 1 for lived in events)


def test_an_idle_sandbox_stays_as_it_is(sqlite_store: Store, clock: Clock) -> None:
    populate(sqlite_store, 30, scenario=SCENARIOS["idle"])
    before = sqlite_store.read(find_page, limit=1000)

    seen = list(run(sqlite_store, clock, "idle", 70))

    assert set(seen[0]) == {"COMPLETED", "STOPPED", "FATAL"}
    assert sqlite_store.read(find_page, limit=1000) == before


def test_an_incident_piles_up_failed_jobs_of_one_provider(
    sqlite_store: Store, clock: Clock
) -> None:
    populate(sqlite_store, 30, scenario=SCENARIOS["incident"])

    seen = list(run(sqlite_store, clock, "incident", 70))

    assert seen[0]["ERROR"] >= 15
    assert seen[-1]["ERROR"] > seen[0]["ERROR"]
    assert all(counts["RUNNING"] for counts in seen)
    service = Service(sqlite_store)
    failed = json.loads(service.list_jobs(["200"], [], ["error"]))["jobs"]
    details = [service.get_progress(str(job["id"]))["detail"] for job in failed]
    assert {detail["error_code"] for detail in details} == {"PROVIDER_TIMEOUT"}
    names = {job["descriptor"]["dataset_namespace"] for job in failed}
    assert names <= {"eth_mainnet", "uniswap", "aave", "ens"}


def test_a_provider_that_is_down_gets_no_more_jobs_once_a_hundred_have_failed(
    sqlite_store: Store, clock: Clock
) -> None:
    for _ in range(100):
        make_job(sqlite_store, "ERROR")
    mix = Mix(sqlite_store, SCENARIOS["incident"])
    for _ in range(8):
        clock.advance(20)
        mix.tick()

    arrived = sqlite_store.read(find_page, limit=8)
    assert {row.descriptor["dataset_namespace"] for row in arrived} <= {
        "base_mainnet",
        "arbitrum_one",
    }


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_is_the_same_for_the_same_seed(
    sqlite_store: Store, clock: Clock, name: str, tmp_path: Any
) -> None:
    other = Store.open(f"sqlite:///{tmp_path / 'other'}")
    other.now = clock
    start, shown = clock.now, []
    for store in (sqlite_store, other):
        clock.now = start
        populate(store, 12, scenario=SCENARIOS[name], seed=7)
        for _ in run(store, clock, name, 4):
            pass
        shown.append(store.read(find_page, limit=100))
    other.close()

    assert shown[0] == shown[1]


def test_jobs_arrive_until_eight_are_active_and_at_once_where_few_are(
    store: Store, clock: Clock
) -> None:
    make_worker(store)
    mix = Mix(store, STEADY)
    seen = []
    for wait_s in (0.9, 0.1, 1, 1, 1, 1, 19, 1, 20, 20, 20, 20):
        clock.advance(wait_s)
        mix.tick()
        seen.append(store.read(count_jobs))

    assert seen == [0, 1, 2, 3, 4, 4, 5, 5, 6, 7, 8, 8]
    job = store.read(find_job, 1)
    assert job.status == "SCHEDULED"
    assert job.node_id in store.read(find_simulated_workers)


def test_a_speed_lets_jobs_arrive_sooner(store: Store, clock: Clock) -> None:
    make_worker(store)
    mix = Mix(store, STEADY, speed=10)
    clock.advance(0.1)

    mix.tick()

    assert store.read(count_jobs) == 1


def test_no_job_arrives_without_a_worker(store: Store, clock: Clock) -> None:
    mix = Mix(store, STEADY)
    clock.advance(20)

    mix.tick()

    assert store.read(count_jobs) == 0


def test_jobs_that_others_deploy_are_not_stopped_or_made_to_fail(
    store: Store, clock: Clock
) -> None:
    make_worker(store)
    mix = Mix(store, STEADY)
    job = make_job(store, "RUNNING")
    for _ in range(3):
        clock.advance(30)
        mix.tick()

    assert store.read(find_status, job) == "RUNNING"


def test_a_job_that_is_stopped_ends_once_the_next_one_is_stopping(
    store: Store, clock: Clock
) -> None:
    first, second, *_ = [make_job(store, "RUNNING", tables={"t": blocks(1)}) for _ in range(8)]
    for _ in range(3):
        make_job(store, "ERROR")
    workers, mix = Simulation(store), Mix(store, STEADY)
    workers.is_held = mix.is_held
    for wait_s in (1, 1, 25, 5):
        clock.advance(wait_s)
        workers.tick()
        mix.tick()
    asked = [store.read(find_status, job) for job in (first, second)]
    for _ in range(3):
        clock.advance(1)
        workers.tick()
        mix.tick()

    assert asked == ["STOPPING", "STOP_REQUESTED"]
    assert [store.read(find_status, job) for job in (first, second)] == ["STOPPED", "STOPPING"]


def test_a_job_that_was_made_to_fail_fails_again_after_a_retry(store: Store, clock: Clock) -> None:
    job = make_job(store, "ERROR")
    mix = Mix(store, STEADY)
    seen = []
    for status in ("SCHEDULED", "RUNNING"):
        store.write(transitions.move, job, status, clock())
        clock.advance(1)
        mix.tick()
        seen.append(store.read(find_status, job))

    assert seen == ["SCHEDULED", "ERROR"]


def test_a_clock_that_is_set_back_keeps_no_job_from_arriving(store: Store, clock: Clock) -> None:
    make_worker(store)
    mix = Mix(store, STEADY)
    clock.advance(-3600)

    mix.tick()

    assert store.read(count_jobs) == 1


@pytest.fixture(scope="module")
def old() -> Iterator[Sandbox]:
    """A server of the last release, with eight jobs that failed and one that runs."""
    with live_sandbox(scenario="old") as sandbox:
        for status in ("ERROR", "FATAL", "RUNNING"):
            make_job(sandbox.store, status)
        yield sandbox


def test_an_old_server_knows_one_status_for_all_failures(old: Sandbox) -> None:
    shown = {}
    for asked in ("all", "failed", "FAILED,running", "error", "fatal", "nonsense"):
        page = call(old, "GET", f"/jobs?status={asked}").json()
        shown[asked] = [schemas.JOB.load(job).status for job in page["jobs"]]

    assert shown["all"] == ["RUNNING", "FAILED", "FAILED"]
    assert shown["failed"] == ["FAILED", "FAILED"]
    assert shown["FAILED,running"] == ["RUNNING", "FAILED", "FAILED"]
    assert shown["error"] == shown["fatal"] == shown["nonsense"] == []
    assert call(old, "GET", "/jobs/1").json()["status"] == "FAILED"


@pytest.mark.parametrize("path", ["/jobs/1/events", "/jobs/1/events/1", "/jobs/1/progress"])
def test_an_old_server_has_neither_events_nor_progress(old: Sandbox, path: str) -> None:
    answer = call(old, "GET", path)

    assert (answer.status_code, answer.content) == (404, b"")
    assert not [p for p in call(old, "GET", "/openapi.json").json()["paths"] if "/events" in p]


def test_a_worker_of_an_old_server_may_be_called_events(old: Sandbox) -> None:
    make_worker(old.store, "events")

    assert call(old, "GET", "/workers/events").status_code == 200


def test_a_failed_job_of_an_old_server_is_removed_but_not_scheduled_again(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Retries, "tick", lambda _: pytest.fail("a retry"))
    with live_sandbox(database_url=sqlite_url, scenario="old", workers=True, speed=1000) as sandbox:
        job = make_job(sandbox.store, "FATAL")
        assert call(sandbox, "DELETE", "/jobs?status=error").status_code == 204
        assert call(sandbox, "GET", f"/jobs/{job}").status_code == 404


@pytest.mark.parametrize(
    ("options", "jobs", "keeps_mix"),
    [((), 200, True), (("--jobs", "0"), 0, False), (("--jobs", "8"), 8, True)],
)
def test_there_is_something_to_look_at_unless_no_jobs_are_asked_for(
    sqlite_url: str,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    jobs: int,
    keeps_mix: bool,
) -> None:
    seen: list[Any] = []

    def simulate(store: Store, *_: Any, **options: Any) -> None:
        seen.append((store.read(count_jobs), options["keeps_mix"], options["scenario"]))
        raise KeyboardInterrupt

    monkeypatch.setattr("ampctl_sandbox.commands.up.simulate", simulate)

    invoke("sandbox", "up", "--port", "0", "--database-url", sqlite_url, *options, expect=130)

    assert seen == [(jobs, keeps_mix, STEADY)]


def test_up_takes_a_scenario_and_a_seed(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def simulate(store: Store, *_: Any, **options: Any) -> None:
        seen.append((set(count(store)), options["scenario"], options["seed"]))
        raise KeyboardInterrupt

    monkeypatch.setattr("ampctl_sandbox.commands.up.simulate", simulate)
    argv = ("--scenario", "idle", "--seed", "5", "--port", "0", "--database-url", sqlite_url)

    invoke("sandbox", "up", *argv, expect=130)

    assert seen == [({"COMPLETED", "STOPPED", "FATAL"}, SCENARIOS["idle"], 5)]
    invoke("sandbox", "up", "--scenario", "busy", expect=2)
