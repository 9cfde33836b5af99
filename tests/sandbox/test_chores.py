"""Chores go on, whatever fails in one of them."""

from __future__ import annotations

import logging
import threading

import pytest
import sqlalchemy as sa

from ampctl_sandbox.database.queries import find_status
from ampctl_sandbox.simulation import syncing
from ampctl_sandbox.simulation.attempts import Attempts
from ampctl_sandbox.simulation.chores import repeat
from ampctl_sandbox.simulation.workers import Simulation
from ampctl_sandbox.testing import live_sandbox, make_job


class Work:
    """Work that raises the given failures one by one, and is done after the last."""

    def __init__(self, *failures: Exception) -> None:
        self.failures = list(failures)
        self.done = threading.Event()

    def __call__(self) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.done.set()


def test_a_chore_that_fails_is_done_again_and_the_failure_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    work = Work(OverflowError("too far away"))

    with repeat([work], every_s=0.01):
        assert work.done.wait(30)

    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "OverflowError: too far away" in record.getMessage()


def test_a_chore_that_fails_keeps_no_other_from_being_done() -> None:
    other = Work()

    with repeat([Work(*[ValueError("no")] * 10_000), other], every_s=0.01):
        assert other.done.wait(30)


def test_a_database_that_is_away_is_not_an_error(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(sa.exc.TimeoutError("busy"))

    with caplog.at_level(logging.INFO), repeat([work], every_s=0.01):
        assert work.done.wait(30)

    assert [record.levelno for record in caplog.records] == [logging.INFO]


def test_a_failure_is_logged_once_while_it_lasts(caplog: pytest.LogCaptureFixture) -> None:
    work = Work(*[ValueError("a")] * 3, ValueError("b"))
    attempts = Attempts()

    for _ in range(5):
        attempts.do("work", work)
    work.failures.append(ValueError("b"))
    attempts.do("work", work)

    logged = [record.getMessage().rpartition(" ")[2] for record in caplog.records]
    assert logged == ["a", "b", "b"]


def test_a_job_that_can_not_be_moved_along_stops_no_other(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(syncing, "FAILURE_RATE", 0)
    with live_sandbox(database_url=sqlite_url) as sandbox:
        bad = make_job(sandbox.store, "RUNNING", descriptor={"end_block": "nonsense"})
        good = make_job(sandbox.store, "RUNNING", descriptor={"end_block": "0"})

        Simulation(sandbox.store).tick()

        assert sandbox.store.read(find_status, bad) == "RUNNING"
        assert sandbox.store.read(find_status, good) == "COMPLETED"
    assert [f"job {bad} failed" in record.getMessage() for record in caplog.records] == [True]
