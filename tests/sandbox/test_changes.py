"""Changes while the database is busy or stuck: refused in time, and not in the way of reads."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from ampctl_sandbox.api import change_limit
from ampctl_sandbox.api.app import make_app
from ampctl_sandbox.api.service import Service
from ampctl_sandbox.database import engine as engines
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.testing import Sandbox, live_sandbox, make_job
from tests.sandbox.http_calls import assert_error, call


class Stuck:
    """A sandbox whose database takes changes only once ``may_go`` is set."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.job = make_job(sandbox.store)
        self.begun = threading.Semaphore(0)
        self.may_go = threading.Event()
        self.statuses: list[int] = []
        self._write = sandbox.store.write
        self._clients: list[threading.Thread] = []
        sandbox.store.write = self._stuck_write  # type: ignore[method-assign]

    def _stuck_write(self, change: Any, *args: Any) -> Any:
        self.begun.release()
        assert self.may_go.wait(30)
        return self._write(change, *args)

    def send_changes(self, count: int) -> None:
        """Let other clients ask for changes, and leave them waiting."""
        self._clients += [threading.Thread(target=self._change) for _ in range(count)]
        for client in self._clients[-count:]:
            client.start()

    def _change(self) -> None:
        answer = call(self.sandbox, "PUT", f"/jobs/{self.job}/stop")
        self.statuses.append(answer.status_code)

    def let_go(self) -> list[int]:
        """Let all changes happen, and return what was answered to them."""
        self.may_go.set()
        for client in self._clients:
            client.join(30)
        return self.statuses


@pytest.fixture
def stuck(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stuck]:
    """A sandbox with a job and a stuck database, which it soon refuses changes for."""
    monkeypatch.setattr(change_limit, "WAIT_S", 0.05)
    with live_sandbox(database_url=sqlite_url) as sandbox:
        found = Stuck(sandbox)
        with contextlib.ExitStack() as stack:
            stack.callback(found.let_go)
            yield found


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/jobs/1/stop"), ("DELETE", "/jobs/1"), ("DELETE", "/jobs?status=terminal")],
)
def test_changes_past_the_limit_are_refused_while_the_database_is_stuck(
    stuck: Stuck, method: str, path: str
) -> None:
    stuck.send_changes(change_limit.MAX_CHANGES)
    for _ in range(change_limit.MAX_CHANGES):
        assert stuck.begun.acquire(timeout=30)

    answer = call(stuck.sandbox, method, path)

    assert_error(answer, 503, "DATABASE_UNAVAILABLE")
    assert answer.headers["Retry-After"] == "1"
    assert call(stuck.sandbox, "GET", "/jobs").status_code == 200
    assert stuck.let_go() == [200] * change_limit.MAX_CHANGES
    assert call(stuck.sandbox, method, path).status_code in (200, 204, 409)


def test_once_the_database_is_found_stuck_changes_are_refused_at_once(
    stuck: Stuck, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck.send_changes(change_limit.MAX_CHANGES)
    for _ in range(change_limit.MAX_CHANGES):
        assert stuck.begun.acquire(timeout=30)
    assert call(stuck.sandbox, "DELETE", "/jobs/1").status_code == 503

    monkeypatch.setattr(change_limit, "WAIT_S", 60)

    assert call(stuck.sandbox, "DELETE", "/jobs/1").status_code == 503


def test_a_burst_of_changes_is_done_and_not_refused(
    stuck: Stuck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_limit, "WAIT_S", 60)
    stuck.send_changes(3 * change_limit.MAX_CHANGES)
    for _ in range(change_limit.MAX_CHANGES):
        assert stuck.begun.acquire(timeout=30)

    assert stuck.let_go() == [200] * 3 * change_limit.MAX_CHANGES


def test_reads_are_served_however_many_changes_wait(
    stuck: Stuck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_limit, "WAIT_S", 60)
    stuck.send_changes(20)
    for _ in range(change_limit.MAX_CHANGES):
        assert stuck.begun.acquire(timeout=30)

    assert call(stuck.sandbox, "GET", "/jobs").status_code == 200
    assert call(stuck.sandbox, "GET", f"/jobs/{stuck.job}").json()["status"] == "SCHEDULED"


def test_a_write_to_a_busy_database_is_to_be_retried(sqlite_url: str) -> None:
    with live_sandbox(database_url=sqlite_url) as sandbox:
        job = make_job(sandbox.store)
        impatient = Store(engines.make_engine(sqlite_url, busy_timeout_s=0.1))
        app = make_app(Service(impatient)).test_client()

        def hold(connection: sa.Connection) -> Any:
            assert transitions.move(connection, job, "RUNNING", sandbox.store.now())
            return app.put(f"/jobs/{job}/stop"), app.get(f"/jobs/{job}")

        stopped, shown = sandbox.store.write(hold)
        impatient.close()

        assert (stopped.status_code, stopped.headers["Retry-After"]) == (503, "1")
        assert stopped.json["error_code"] == "DATABASE_UNAVAILABLE"
        assert shown.json["status"] == "SCHEDULED"
