"""A database that freezes: it is there, and answers nothing."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from ampctl_sandbox.database import engine as engine_module
from ampctl_sandbox.database import patience
from ampctl_sandbox.database import store as store_module
from ampctl_sandbox.database.deadline import answer_within, find_time_left
from ampctl_sandbox.database.engine import is_unavailable, make_engine
from ampctl_sandbox.simulation.chores import repeat
from ampctl_sandbox.testing import live_sandbox, make_job
from tests.sandbox.conftest import Postgres, fresh_database, postgres_server
from tests.sandbox.http_calls import assert_error, call
from tests.sandbox.processes import up


def test_an_answer_that_does_not_come_in_time_ends_the_connection(fresh_postgres_url: str) -> None:
    engine = make_engine(fresh_postgres_url)
    with engine.connect() as connection, answer_within(0.2):
        with pytest.raises(sa.exc.OperationalError, match="did not answer in time") as caught:
            connection.exec_driver_sql("SELECT pg_sleep(60)")
        assert connection.invalidated
    assert is_unavailable(caught.value)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    engine.dispose()


def test_without_time_no_connection_is_made(fresh_postgres_url: str) -> None:
    engine = make_engine(fresh_postgres_url)
    with answer_within(0), pytest.raises(sa.exc.OperationalError, match="no time left"):
        engine.connect()
    engine.dispose()


def test_each_wait_of_a_connection_has_a_limit(fresh_postgres_url: str) -> None:
    engine = make_engine(fresh_postgres_url)
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        shown = driver.info.get_parameters()
        names = ("statement_timeout", "lock_timeout")
        settings = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]
    engine.dispose()

    assert shown["tcp_user_timeout"] == "5000"
    assert settings == ["30s", "5s"]


def test_no_one_waits_long_for_a_connection_while_all_are_in_use(
    fresh_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine_module.POOL_TIMEOUT_S + store_module.READ_WITHIN_S <= 5
    monkeypatch.setattr(engine_module, "POOL_SIZE", 1)
    monkeypatch.setattr(engine_module, "POOL_TIMEOUT_S", 0.01)
    engine = make_engine(fresh_postgres_url)
    assert isinstance(engine.pool, QueuePool)
    assert engine.pool.timeout() == 0.01

    with engine.connect(), pytest.raises(sa.exc.TimeoutError) as caught:
        engine.connect()

    engine.dispose()
    assert is_unavailable(caught.value)


@pytest.mark.parametrize(("left_s", "timeout_s"), [(0.5, 1), (2.5, 3), (1000, 5)])
def test_connecting_takes_no_longer_than_there_is_time(
    monkeypatch: pytest.MonkeyPatch, left_s: float, timeout_s: int
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(
        patience.PatientConnection, "connect", lambda **options: asked.append(options)
    )

    with answer_within(left_s):
        patience.connect(connect_timeout=5)

    assert asked == [{"connect_timeout": timeout_s}]


def test_a_longer_limit_does_not_lengthen_a_shorter_one() -> None:
    with answer_within(1), answer_within(1000):
        assert find_time_left() <= 1
    assert find_time_left() > 1


def test_a_chore_that_is_stuck_does_not_hold_up_the_end() -> None:
    begun, may_end = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        may_end.wait(30)

    with repeat([wait, lambda: pytest.fail("begun after the end")], every_s=0, end_within_s=0.01):
        assert begun.wait(30)
    may_end.set()


def _find_processes(server: Postgres) -> list[int]:
    first = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [first, *map(int, children)]


@contextlib.contextmanager
def frozen(server: Postgres) -> Iterator[None]:
    """Freeze all processes of a server until the block ends."""
    processes = _find_processes(server)
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)


@pytest.fixture
def postgres() -> Iterator[Postgres]:
    """A server that no other test uses."""
    with postgres_server() as server:
        yield server


@pytest.mark.slow
def test_reads_of_a_frozen_database_are_refused_until_it_goes_on(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "READ_WITHIN_S", 1.0)
    with fresh_database(postgres.url) as url, live_sandbox(database_url=url) as sandbox:
        job = make_job(sandbox.store)
        with frozen(postgres):
            for path in ("/jobs", f"/jobs/{job}", f"/jobs/{job}/progress", "/workers"):
                answer = call(sandbox, "GET", path)
                assert_error(answer, 503, "DATABASE_UNAVAILABLE")
                assert answer.headers["Retry-After"] == "1"

        assert call(sandbox, "GET", f"/jobs/{job}").status_code == 200


@pytest.mark.slow
def test_sigterm_ends_a_server_whose_database_is_frozen_within_five_seconds(
    postgres: Postgres,
) -> None:
    answers: list[requests.Response] = []

    with fresh_database(postgres.url) as url, up("--database-url", url, "--jobs", "20") as server:
        threads = [
            threading.Thread(target=lambda: answers.append(server.get("/jobs"))),
            threading.Thread(
                target=lambda: answers.append(
                    requests.put(f"{server.url}/jobs/20/stop", timeout=30)
                )
            ),
        ]
        with frozen(postgres):
            for thread in threads:
                thread.start()
            # So that both are under way: neither is answered yet.
            threads[0].join(1)
            asked_at = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            _, err = server.process.communicate(timeout=30)
            took_s = time.monotonic() - asked_at
            for thread in threads:
                thread.join(30)

    assert server.process.returncode == 0
    assert {line.partition(": OperationalError")[0] for line in err.splitlines()} <= {
        "ampctl: the database is busy or away"
    }
    assert took_s < 5
    assert sorted(answer.status_code for answer in answers) == [503, 503]
