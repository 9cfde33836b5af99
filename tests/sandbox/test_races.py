"""Changes that lost: a deadlock, or another change that came first. They are tried again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from ampctl_sandbox.api.refusal import Refusal
from ampctl_sandbox.api.service import Service
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.queries import find_status
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import jobs_status
from ampctl_sandbox.testing import make_job


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """An empty store, on SQLite."""
    found = Store.open(sqlite_url)
    yield found
    found.close()


class Ended(Exception):
    """What a driver raises when the database ends a transaction."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def losing(times: int, sqlstate: str) -> tuple[Callable[[sa.Connection], str], list[str]]:
    """Return a change that the database ends so many times, and the record of its attempts."""
    attempts: list[str] = []

    def change(connection: sa.Connection) -> str:
        attempts.append(sqlstate)
        if len(attempts) <= times:
            raise sa.exc.OperationalError("UPDATE", {}, Ended(sqlstate))
        return "done"

    return change, attempts


@pytest.mark.parametrize("sqlstate", ["40P01", "40001"], ids=["deadlock", "serialization"])
@pytest.mark.parametrize("times", [1, 3])
def test_a_change_that_the_database_ended_is_run_again(
    store: Store, times: int, sqlstate: str
) -> None:
    change, attempts = losing(times, sqlstate)

    assert store.write(change) == "done"
    assert len(attempts) == times + 1


@pytest.mark.parametrize(("sqlstate", "tried"), [("40P01", 4), ("57014", 1)])
def test_a_change_is_not_run_again_for_ever_nor_for_another_reason(
    store: Store, sqlstate: str, tried: int
) -> None:
    change, attempts = losing(100, sqlstate)

    with pytest.raises(sa.exc.OperationalError):
        store.write(change)

    assert len(attempts) == tried


def test_two_changes_that_block_each_other_are_both_done(fresh_postgres_url: str) -> None:
    store = Store.open(fresh_postgres_url)
    numbers = [make_job(store), make_job(store)]
    both_hold_one = threading.Barrier(2)

    def cross(order: Sequence[int]) -> int:
        attempts: list[int] = []

        def change(connection: sa.Connection) -> None:
            attempts.append(1)
            for number in order:
                row = sa.select(jobs_status).where(jobs_status.c.job_id == number)
                connection.execute(row.with_for_update())
                if len(attempts) == 1 and number == order[0]:
                    both_hold_one.wait(30)

        store.write(change)
        return len(attempts)

    with ThreadPoolExecutor(2) as pool:
        tried = list(pool.map(cross, (numbers, numbers[::-1])))

    # The one that was sent back may get its first row again before the other is woken.
    assert max(tried) > 1
    store.close()


class Overtaken(Store):
    """A store in which others change a job between our looks at it: ``before`` holds statuses."""

    before: dict[str, list[str]]
    job: int

    def write(self, change: Callable[..., Any], *args: Any, **options: Any) -> Any:
        self._overtake("write")
        return super().write(change, *args, **options)

    def read(self, query: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if query is find_status:
            self._overtake("status")
        return super().read(query, *args, **options)

    def _overtake(self, what: str) -> None:
        if self.before[what]:
            target = self.before[what].pop(0)
            super().write(lambda c: transitions.move(c, self.job, target, self.now()))


@pytest.fixture
def overtaken(sqlite_url: str) -> Iterator[Overtaken]:
    """A store that no one overtakes until a test says so."""
    found = Overtaken.open(sqlite_url)
    assert isinstance(found, Overtaken)
    found.before = {"write": [], "status": []}
    yield found
    found.close()


@pytest.mark.parametrize("lost", [1, 2])
def test_a_stop_that_meets_a_job_between_two_states_is_tried_again(
    overtaken: Overtaken, lost: int
) -> None:
    # It fails before each of our writes, and is scheduled again before we look why.
    overtaken.job = make_job(overtaken, "SCHEDULED")
    overtaken.before = {"write": ["ERROR"] * lost, "status": ["SCHEDULED"] * lost}

    Service(overtaken).stop_job(str(overtaken.job))

    assert overtaken.read(find_status, overtaken.job) == "STOP_REQUESTED"


def test_a_stop_that_always_loses_is_told(overtaken: Overtaken) -> None:
    overtaken.job = make_job(overtaken, "SCHEDULED")
    overtaken.before = {"write": ["ERROR"] * 9, "status": ["SCHEDULED"] * 9}

    with pytest.raises(Refusal) as caught:
        Service(overtaken).stop_job(str(overtaken.job))

    assert (caught.value.status, caught.value.error_code) == (500, "UNEXPECTED_STATE_CONFLICT")
    assert len(overtaken.before["write"]) == 6


def test_a_delete_of_a_job_that_ends_just_then_is_tried_again(overtaken: Overtaken) -> None:
    overtaken.job = make_job(overtaken, "RUNNING")
    overtaken.before = {"write": [], "status": ["COMPLETED"]}

    Service(overtaken).delete_job(str(overtaken.job))

    assert overtaken.read(find_status, overtaken.job) is None


def test_a_delete_of_a_job_that_comes_and_goes_ends(overtaken: Overtaken) -> None:
    overtaken.job = make_job(overtaken, "SCHEDULED")
    overtaken.before = {"write": ["SCHEDULED"] * 9, "status": ["ERROR"] * 9}

    with pytest.raises(Refusal) as caught:
        Service(overtaken).delete_job(str(overtaken.job))

    assert (caught.value.status, caught.value.error_code) == (409, "JOB_CONFLICT")
