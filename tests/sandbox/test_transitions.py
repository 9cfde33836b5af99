"""The state machine under races: one winner, one event, nothing half done."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from ampctl_job.models import ACTIVE, TERMINAL
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.queries import find_event, find_events, find_status
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import jobs_status
from ampctl_sandbox.testing import ERROR_DETAIL, Sandbox, blocks, make_job
from tests.sandbox.http_calls import call

# As the API documents them, and not as the code has them.
WAYS = {
    ("SCHEDULED", "RUNNING"),
    ("SCHEDULED", "STOP_REQUESTED"),
    ("SCHEDULED", "ERROR"),
    ("SCHEDULED", "FATAL"),
    ("RUNNING", "STOP_REQUESTED"),
    ("RUNNING", "COMPLETED"),
    ("RUNNING", "ERROR"),
    ("RUNNING", "FATAL"),
    ("STOP_REQUESTED", "STOPPING"),
    ("STOPPING", "STOPPED"),
    ("ERROR", "SCHEDULED"),
}
STATUSES = (*ACTIVE, *TERMINAL)


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start all calls at the same moment and return their results, in order."""
    barrier = threading.Barrier(len(calls))

    def run(one: Callable[[], Any]) -> Any:
        barrier.wait()
        return one()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def event_types(store: Store, job: int) -> list[str]:
    return [event.event_type for event in store.read(find_events, job)]


def move(store: Store, job: int, target: str) -> bool:
    return store.write(lambda c: transitions.move(c, job, target, store.now()))


@pytest.mark.parametrize(("source", "target"), list(itertools.product(STATUSES, STATUSES)))
def test_a_job_moves_only_along_the_documented_ways(
    sandbox: Sandbox, source: str, target: str
) -> None:
    job = make_job(sandbox.store, source)
    before = event_types(sandbox.store, job)

    moved = move(sandbox.store, job, target)

    assert moved == ((source, target) in WAYS)
    assert sandbox.store.read(find_status, job) == (target if moved else source)
    assert event_types(sandbox.store, job) == before + [target] * moved


def test_a_change_is_of_one_job_and_no_other(sandbox: Sandbox) -> None:
    before, job, after = (make_job(sandbox.store, "RUNNING") for _ in range(3))

    assert move(sandbox.store, job, "COMPLETED")

    assert [sandbox.store.read(find_status, one) for one in (before, job, after)] == [
        "RUNNING",
        "COMPLETED",
        "RUNNING",
    ]
    assert event_types(sandbox.store, before) == event_types(sandbox.store, after)


def test_a_reason_is_kept_with_the_state_and_with_the_event(sandbox: Sandbox) -> None:
    job = make_job(sandbox.store, "RUNNING")
    now = sandbox.store.now()

    sandbox.store.write(lambda c: transitions.move(c, job, "ERROR", now, ERROR_DETAIL))

    kept = sa.select(jobs_status.c.detail).where(jobs_status.c.job_id == job)
    assert sandbox.store.read(lambda c: c.execute(kept).scalar_one()) == ERROR_DETAIL
    newest = sandbox.store.read(find_events, job)[-1]
    event = sandbox.store.read(find_event, job, newest.id)
    assert event is not None
    assert (event.event_type, event.detail) == ("ERROR", ERROR_DETAIL)


def test_a_delete_tells_whether_the_job_was_there(sandbox: Sandbox) -> None:
    ended, active = make_job(sandbox.store, "STOPPED"), make_job(sandbox.store, "RUNNING")

    def delete(job: int) -> bool:
        return sandbox.store.write(lambda c: transitions.delete_job(c, job))

    assert [delete(ended), delete(ended), delete(active)] == [True, False, False]


def test_a_change_that_fails_half_way_leaves_nothing_behind(sandbox: Sandbox) -> None:
    job = make_job(sandbox.store, "RUNNING")

    def change(connection: sa.Connection) -> None:
        assert transitions.move(connection, job, "COMPLETED", sandbox.store.now())
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        sandbox.store.write(change)

    assert sandbox.store.read(find_status, job) == "RUNNING"
    assert "COMPLETED" not in event_types(sandbox.store, job)


def test_many_stops_at_once_are_one_transition_and_one_event(sandbox: Sandbox) -> None:
    job = make_job(sandbox.store, "RUNNING")

    answers = at_once([lambda: call(sandbox, "PUT", f"/jobs/{job}/stop")] * 32)

    assert {answer.status_code for answer in answers} == {200}
    assert event_types(sandbox.store, job).count("STOP_REQUESTED") == 1


@pytest.mark.parametrize("other", ["COMPLETED", "ERROR", "FATAL"])
def test_a_stop_and_an_end_at_once_give_one_of_the_two(sandbox: Sandbox, other: str) -> None:
    for _ in range(5):
        job = make_job(sandbox.store, "RUNNING")

        answer, ended = at_once(
            [
                lambda job=job: call(sandbox, "PUT", f"/jobs/{job}/stop"),
                lambda job=job: move(sandbox.store, job, other),
            ]
        )

        assert answer.status_code == 200
        expected = other if ended else "STOP_REQUESTED"
        assert sandbox.store.read(find_status, job) == expected
        assert event_types(sandbox.store, job) == ["SCHEDULED", "RUNNING", expected]


def test_a_retry_and_a_delete_at_once_never_lose_an_active_job(sandbox: Sandbox) -> None:
    for _ in range(8):
        job = make_job(sandbox.store, "ERROR")

        answer, bulk, retried = at_once(
            [
                lambda job=job: call(sandbox, "DELETE", f"/jobs/{job}"),
                lambda: call(sandbox, "DELETE", "/jobs?status=error"),
                lambda job=job: move(sandbox.store, job, "SCHEDULED"),
            ]
        )

        assert bulk.status_code == 204
        assert answer.status_code == (409 if retried else 204)
        assert sandbox.store.read(find_status, job) == ("SCHEDULED" if retried else None)


def test_bulk_deletes_next_to_new_jobs_remove_what_was_finished_and_no_more(
    sandbox: Sandbox,
) -> None:
    done = [make_job(sandbox.store, "COMPLETED", tables={"t": blocks(1)}) for _ in range(20)]
    bulk = [lambda: call(sandbox, "DELETE", "/jobs?status=terminal")] * 2
    inserts = [lambda: make_job(sandbox.store, "RUNNING")] * 6

    results = at_once([*bulk, *inserts])

    assert [answer.status_code for answer in results[:2]] == [204, 204]
    assert [sandbox.store.read(find_status, job) for job in done] == [None] * 20
    assert [sandbox.store.read(find_status, job) for job in results[2:]] == ["RUNNING"] * 6


def test_progress_during_a_delete_is_complete_or_not_found(sandbox: Sandbox) -> None:
    for _ in range(5):
        job = make_job(sandbox.store, "COMPLETED", tables={"blocks": blocks(3)})

        *shown, deleted = at_once(
            [lambda job=job: call(sandbox, "GET", f"/jobs/{job}/progress")] * 3
            + [lambda job=job: call(sandbox, "DELETE", f"/jobs/{job}")]
        )

        assert deleted.status_code == 204
        for answer in shown:
            assert answer.status_code in (200, 404)
            if answer.status_code == 200:
                assert answer.json()["tables"]["blocks"]["files_count"] == 3


def is_not_last(notice: psycopg.Notify) -> bool:
    return notice.payload != "end"


def test_a_stop_notifies_the_worker_once(sandboxes: tuple[Sandbox, Sandbox]) -> None:
    sandbox = sandboxes[1]
    url = sandbox.store.engine.url.set(drivername="postgresql")
    job = make_job(sandbox.store, "RUNNING", worker="worker-7")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as listener:
        listener.execute("LISTEN job_actions")
        for _ in range(2):
            assert call(sandbox, "PUT", f"/jobs/{job}/stop").status_code == 200
        listener.execute("NOTIFY job_actions, 'end'")
        notices = list(itertools.takewhile(is_not_last, listener.notifies(timeout=60)))

    assert [json.loads(notice.payload) for notice in notices] == [
        {"node_id": "worker-7", "payload": {"job_id": job, "action": "STOP"}}
    ]
