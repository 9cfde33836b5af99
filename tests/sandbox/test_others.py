"""Databases that Amp migrated: nothing happens to them that no one asked for."""

from __future__ import annotations

import contextlib
import itertools
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from ampctl.testing.runner import invoke
from ampctl_sandbox import sandbox as sandboxes
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.engine import UnfitDatabase
from ampctl_sandbox.database.queries import count_jobs, find_event, find_events, find_status
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import jobs_status, metadata
from ampctl_sandbox.simulation.population import populate
from ampctl_sandbox.simulation.retries import Retries
from ampctl_sandbox.testing import make_descriptor, make_job
from tests.sandbox.conftest import Clock
from tests.sandbox.test_databases import amp_database
from tests.sandbox.test_transitions import is_not_last

DESCRIPTOR = make_descriptor(end_block="100")


@pytest.fixture
def amp_store(fresh_postgres_url: str, clock: Clock) -> Iterator[Store]:
    """A database that Amp migrated, whose clock stands still."""
    amp_database(fresh_postgres_url).dispose()
    store = Store.open(fresh_postgres_url)
    store.now = clock
    yield store
    store.close()


@pytest.fixture
def do_chores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do the chores of a simulation once, when it begins."""

    @contextlib.contextmanager
    def repeat(chores: Sequence[Callable[[], None]], **_: float) -> Iterator[None]:
        for chore in chores:
            chore()
        yield

    monkeypatch.setattr(sandboxes, "repeat", repeat)


def rows(store: Store) -> dict[str, list[Any]]:
    def read(connection: sa.Connection) -> dict[str, list[Any]]:
        return {
            name: list(connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1"))
            for name in metadata.tables
        }

    return store.read(read)


@pytest.mark.usefixtures("do_chores")
def test_a_simulation_changes_nothing_in_a_database_of_others(
    amp_store: Store, clock: Clock
) -> None:
    for status in ("ERROR", "SCHEDULED", "RUNNING", "STOP_REQUESTED"):
        make_job(amp_store, status)
    before = rows(amp_store)
    clock.advance(1000)

    with sandboxes.simulate(amp_store, speed=1, keeps_mix=True):
        assert rows(amp_store) == before


@pytest.mark.usefixtures("do_chores")
def test_failed_jobs_of_others_are_retried_when_that_is_asked_for(
    amp_store: Store, clock: Clock
) -> None:
    failed, waiting = make_job(amp_store, "ERROR"), make_job(amp_store, "STOP_REQUESTED")
    clock.advance(1000)

    with sandboxes.simulate(amp_store, speed=1, retries_everywhere=True):
        found = [amp_store.read(find_status, job) for job in (failed, waiting)]

    assert found == ["SCHEDULED", "STOP_REQUESTED"]


@pytest.mark.parametrize(("options", "asked"), [((), False), (("--retry-failed",), True)])
def test_up_passes_on_whether_to_retry_failed_jobs_of_others(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], asked: bool
) -> None:
    seen: list[bool] = []

    def simulate(*_: Any, retries_everywhere: bool, **__: Any) -> None:
        seen.append(retries_everywhere)
        raise KeyboardInterrupt

    monkeypatch.setattr("ampctl_sandbox.commands.up.simulate", simulate)
    argv = ("--port", "0", "--database-url", sqlite_url, *options)

    invoke("sandbox", "up", *argv, expect=130)

    assert seen == [asked]


def test_no_jobs_are_made_up_in_a_database_of_others(amp_store: Store) -> None:
    before = rows(amp_store)

    with pytest.raises(UnfitDatabase, match="not created by the sandbox"):
        populate(amp_store, 8)

    assert rows(amp_store) == before


@pytest.mark.parametrize("scenario", ["steady", "incident"])
def test_up_makes_nothing_up_in_a_database_of_others_unless_told_to(
    fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch, amp_store: Store, scenario: str
) -> None:
    def simulate(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ampctl_sandbox.commands.up.simulate", simulate)
    before = rows(amp_store)
    argv = ("--port", "0", "--scenario", scenario, "--database-url", fresh_postgres_url)

    invoke("sandbox", "up", *argv, expect=130)
    refused = invoke("sandbox", "up", *argv, "--jobs", "8", expect=2)

    assert "not created by the sandbox" in refused.stderr
    assert rows(amp_store) == before


def test_what_is_scheduled_again_has_its_descriptor_in_state_and_event(
    store: Store, clock: Clock
) -> None:
    job = make_job(store, "ERROR", descriptor=DESCRIPTOR)
    clock.advance(2)

    Retries(store).tick()

    kept = sa.select(jobs_status.c.detail).where(jobs_status.c.job_id == job)
    assert store.read(lambda c: c.execute(kept).scalar_one()) == DESCRIPTOR
    newest = store.read(find_events, job)[-1]
    event = store.read(find_event, job, newest.id)
    assert event is not None
    assert (event.event_type, event.detail) == ("SCHEDULED", DESCRIPTOR)


@pytest.mark.parametrize("target", ["RUNNING", "STOP_REQUESTED"])
def test_a_change_without_a_detail_leaves_the_one_of_the_state(store: Store, target: str) -> None:
    job = make_job(store, descriptor=DESCRIPTOR)

    store.write(lambda c: transitions.move(c, job, target, store.now()))

    kept = sa.select(jobs_status.c.detail).where(jobs_status.c.job_id == job)
    assert store.read(lambda c: c.execute(kept).scalar_one()) == DESCRIPTOR


def test_a_new_job_and_a_retry_notify_the_worker_to_start(amp_store: Store, clock: Clock) -> None:
    url = amp_store.engine.url.set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as listener:
        listener.execute("LISTEN job_actions")
        job = amp_store.write(transitions.create_job, "real-1", DESCRIPTOR, clock.now)
        amp_store.write(transitions.move, job, "RUNNING", clock.now)
        amp_store.write(transitions.move, job, "ERROR", clock.now, {"error_code": "X"})
        assert amp_store.write(transitions.move, job, "SCHEDULED", clock.now)
        listener.execute("NOTIFY job_actions, 'end'")
        notices = list(itertools.takewhile(is_not_last, listener.notifies(timeout=60)))

    start = {"node_id": "real-1", "payload": {"job_id": job, "action": "START"}}
    assert [json.loads(notice.payload) for notice in notices] == [start, start]


@pytest.mark.parametrize("descriptor", [None, DESCRIPTOR])
def test_the_columns_left_over_may_be_gone(
    amp_store: Store, clock: Clock, descriptor: dict[str, Any] | None
) -> None:
    for name in ("node_id", "status", "updated_at", "descriptor"):
        drop = sa.text(f"ALTER TABLE jobs DROP COLUMN {name}")
        amp_store.write(lambda c, drop=drop: c.execute(drop))
    Store.open(amp_store.engine.url).close()

    job = make_job(amp_store, "ERROR", worker="real-1", descriptor=descriptor)

    clock.advance(2)
    Retries(amp_store).tick()
    assert amp_store.read(find_status, job) == ("SCHEDULED" if descriptor else "ERROR")
    assert amp_store.read(count_jobs) == 1
