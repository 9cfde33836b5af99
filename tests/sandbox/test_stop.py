"""How a server stops: what is under way is finished or refused, and nothing new begins."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from waitress.utilities import Error

from ampctl_sandbox.database.store import Store
from ampctl_sandbox.sandbox import bind
from ampctl_sandbox.testing import Sandbox
from ampctl_sandbox.web import channel as channel_module
from ampctl_sandbox.web import server as server_module
from ampctl_sandbox.web.channel import Channel
from ampctl_sandbox.web.server import Server
from tests.sandbox.http_calls import call, connection, read_all, refused

JOBS = b"GET /jobs HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Slow:
    """A server whose pages wait for ``may_go``, after releasing ``begun``."""

    def __init__(self, sqlite_url: str) -> None:
        self.begun = threading.Semaphore(0)
        self.may_go = threading.Event()
        self.store = Store.open(sqlite_url)
        self._read = self.store.read
        self.store.read = self._slow_read  # type: ignore[method-assign]

    def _slow_read(self, query: Any, **options: Any) -> Any:
        self.begun.release()
        assert self.may_go.wait(30)
        return self._read(query, **options)

    @contextlib.contextmanager
    def running(self) -> Iterator[tuple[Server, Sandbox, threading.Thread]]:
        """Serve until the block ends."""
        with bind(self.store, host="127.0.0.1", port=0, token=None) as server:
            thread = threading.Thread(target=server.run)
            thread.start()
            yield server, Sandbox(f"http://127.0.0.1:{server.port}", self.store), thread
            server.stop()
            self.may_go.set()
            thread.join(30)
            assert not thread.is_alive()


@pytest.fixture
def slow(sqlite_url: str) -> Iterator[Slow]:
    """A slow server that is not running yet."""
    found = Slow(sqlite_url)
    yield found
    found.store.close()


def test_what_is_running_ends_and_nothing_new_is_taken(slow: Slow) -> None:
    answers: list[requests.Response] = []
    with slow.running() as (server, sandbox, thread), connection(sandbox) as idle:
        client = threading.Thread(target=lambda: answers.append(call(sandbox, "GET", "/jobs")))
        client.start()
        assert slow.begun.acquire(timeout=30)

        server.stop()

        assert read_all(idle) == b""
        with pytest.raises(requests.ConnectionError):
            call(sandbox, "GET", "/workers")
        slow.may_go.set()
        client.join(30)
        thread.join(30)
        assert not thread.is_alive()

    assert answers[0].status_code == 200
    assert answers[0].headers["Connection"] == "close"


def test_every_request_that_could_not_be_served_is_answered(
    slow: Slow, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server_module, "DRAIN_S", 0.2)
    with slow.running() as (server, sandbox, thread), contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connection(sandbox)) for _ in range(12)]
        for client in clients[1:]:
            client.sendall(JOBS)
        for _ in range(server_module.READING_THREADS):
            assert slow.begun.acquire(timeout=30)
        clients[0].sendall(b"PUT /jobs/1/stop HT")

        server.stop()

        answers = [read_all(client) for client in clients]
        slow.may_go.set()
        thread.join(30)
        assert not thread.is_alive()
        for answer in answers[1:]:
            assert refused(answer) == (503, "SERVER_STOPPING")
            assert b"\r\nConnection: close\r\n" in answer
        assert refused(answers[0]) == (503, "SERVER_STOPPING")
    # Those that waited for a thread were never begun.
    assert not slow.begun.acquire(blocking=False)
    assert not [record for record in caplog.records if record.levelno >= logging.INFO]


def test_an_answer_that_has_begun_is_not_mixed_with_an_error(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "DRAIN_S", 0.2)
    refuse, write_soon = Channel.refuse, Channel.write_soon
    answer_has_begun, error_is_due = threading.Event(), threading.Event()

    def wait_and_write(channel: Channel, data: bytes) -> int:
        if threading.current_thread().name.startswith("waitress"):
            answer_has_begun.set()
            assert error_is_due.wait(30)
        return int(write_soon(channel, data))

    def refuse_and_go_on(channel: Channel, error: Error) -> None:
        refuse(channel, error)
        error_is_due.set()

    monkeypatch.setattr(Channel, "write_soon", wait_and_write)
    monkeypatch.setattr(Channel, "refuse", refuse_and_go_on)
    slow.may_go.set()
    with slow.running() as (server, sandbox, _), connection(sandbox) as client:
        client.sendall(JOBS)
        assert answer_has_begun.wait(30)

        server.stop()

        answer = read_all(client)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.count(b"HTTP/1.1") == 1


def test_a_request_that_came_just_before_the_end_is_answered(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_module, "LINGER_S", 0)
    slow.may_go.set()
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(bind(slow.store, host="127.0.0.1", port=0, token=None))
        sandbox = Sandbox(f"http://127.0.0.1:{server.port}", slow.store)
        client = stack.enter_context(connection(sandbox))
        client.sendall(JOBS)
        server.stop()

        server.run()

        assert read_all(client).startswith(b"HTTP/1.1 200")


def test_a_server_may_be_stopped_twice(slow: Slow) -> None:
    with slow.running() as (server, _, thread):
        server.stop()
        thread.join(30)
        server.stop()


def test_a_client_that_keeps_its_connection_open_can_not_hold_up_the_end(
    slow: Slow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "DRAIN_S", 0.2)
    monkeypatch.setattr(server_module, "REFUSING_S", 0.1)
    with slow.running() as (server, sandbox, thread), connection(sandbox) as client:
        client.sendall(JOBS)
        assert slow.begun.acquire(timeout=30)
        server.stop()
        thread.join(30)
        assert not thread.is_alive()


def test_a_thread_that_is_done_after_the_end_wakes_nothing(slow: Slow) -> None:
    slow.may_go.set()
    with slow.running() as (server, _, thread):
        server.stop()
        thread.join(30)

        server.pull_trigger()
