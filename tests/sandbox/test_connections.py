"""How a connection is kept and closed: limits, time-outs, and errors that arrive."""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ampctl_sandbox.testing import Sandbox, live_sandbox
from ampctl_sandbox.web import channel as channel_module
from ampctl_sandbox.web import server as server_module
from tests.sandbox.http_calls import call, connection, raw, read_all, read_answer, refused

STOP = b"PUT /jobs/1/stop HTTP/1.1\r\nHost: localhost\r\n"
JOBS = b"GET /jobs HTTP/1.1\r\nHost: localhost\r\n\r\n"
EXPECT = b"Expect: 100-continue\r\n"


@pytest.mark.parametrize("length", [b"", b"Content-Length: 0\r\n"])
def test_a_client_that_expects_100_without_a_body_is_answered_at_once(
    shared: Sandbox, length: bytes
) -> None:
    answer = raw(shared, STOP + EXPECT + length + b"Connection: close\r\n\r\n")

    assert refused(answer) == (404, "JOB_NOT_FOUND")


def test_a_client_that_expects_100_for_too_large_a_body_is_refused_at_once(shared: Sandbox) -> None:
    answer = raw(shared, STOP + EXPECT + b"Content-Length: 70000\r\n\r\n")

    assert refused(answer) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize(
    ("framing", "body"),
    [
        (b"Content-Length: 5\r\n", b"hello"),
        (b"Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\n0\r\n\r\n"),
    ],
)
def test_a_client_that_expects_100_gets_it(shared: Sandbox, framing: bytes, body: bytes) -> None:
    go_on = b"HTTP/1.1 100 Continue\r\n\r\n"
    with connection(shared) as opened:
        for _ in range(2):
            opened.sendall(STOP + EXPECT + framing + b"\r\n")
            assert opened.recv(len(go_on)) == go_on
            opened.sendall(body)
            assert read_answer(opened).status == 404


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 10000000\r\n\r\n",
        b"Transfer-Encoding: chunked\r\n\r\n989680\r\n",
        b"no colon\r\n\r\n",
    ],
)
def test_the_error_is_not_lost_when_the_body_keeps_coming(shared: Sandbox, head: bytes) -> None:
    with connection(shared) as opened:
        opened.sendall(STOP + head + b"x" * 10_000_000)
        status, _ = refused(read_all(opened))
    assert status == (400 if b"colon" in head else 413)


@pytest.mark.parametrize("limit", ["LINGER_S", "MAX_LINGER_BYTES"])
def test_a_client_that_never_stops_sending_is_cut_off(
    shared: Sandbox, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    bounds = {"LINGER_S": 3600, "MAX_LINGER_BYTES": 10**12}
    for name, value in (bounds | {limit: 0}).items():
        monkeypatch.setattr(channel_module, name, value)
    with connection(shared) as opened:
        opened.sendall(STOP + b"Content-Length: 70000\r\n\r\n")
        assert read_answer(opened).status == 413
        with pytest.raises(ConnectionError):
            _send_for_ever(opened)


def _send_for_ever(opened: socket.socket) -> None:
    end = time.monotonic() + 8
    while time.monotonic() < end:
        opened.sendall(b"x" * 10_000)


def test_a_lingering_client_delays_no_other(
    shared: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_module, "LINGER_S", 3600)
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            opened = stack.enter_context(connection(shared))
            opened.sendall(STOP + b"Content-Length: 70000\r\n\r\n")
            assert read_answer(opened).status == 413
        assert call(shared, "GET", "/jobs").status_code == 200


def test_many_slow_clients_do_not_delay_others(
    shared: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel_module, "IDLE_S", 3600)
    with contextlib.ExitStack() as stack:
        for number in range(50):
            slow = stack.enter_context(connection(shared))
            slow.sendall(b"GET /jobs HT" if number % 2 else STOP + b"Content-Length: 9\r\n\r\nx")
        assert call(shared, "GET", "/jobs").status_code == 200


@pytest.fixture
def impatient(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """A sandbox whose time-outs are a second instead of half a minute."""
    monkeypatch.setattr(channel_module, "IDLE_S", 1)
    with live_sandbox(database_url=sqlite_url) as found:
        yield found


@pytest.mark.parametrize(
    "half", [b"GET /jobs HTTP/1.1\r\n", STOP + b"Content-Length: 500\r\n\r\nx"]
)
@pytest.mark.parametrize("drips", [False, True])
def test_a_request_that_arrives_too_slowly_is_answered_with_408(
    impatient: Sandbox, half: bytes, drips: bool
) -> None:
    with connection(impatient) as slow:
        slow.sendall(half)
        slow.settimeout(0.5)
        while drips:
            try:
                slow.recv(1, socket.MSG_PEEK)
                break
            except TimeoutError:
                slow.sendall(b"X")
        slow.settimeout(8)
        assert refused(read_all(slow)) == (408, "REQUEST_TIMEOUT")


@pytest.mark.parametrize("sent", [b"", b"\r\n", JOBS])
def test_an_idle_connection_is_closed_without_a_response(impatient: Sandbox, sent: bytes) -> None:
    with connection(impatient) as idle:
        idle.sendall(sent)
        if sent == JOBS:
            assert read_answer(idle).status == 200
        assert read_all(idle) == b""


def test_connections_past_the_limit_wait(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(server_module, "MAX_CONNECTIONS", 3)
    with live_sandbox(database_url=sqlite_url) as sandbox, contextlib.ExitStack() as stack:
        held = [stack.enter_context(connection(sandbox)) for _ in range(3)]
        for opened in held:
            opened.sendall(JOBS)
            assert read_answer(opened).status == 200
        late = stack.enter_context(connection(sandbox))
        late.sendall(JOBS)
        late.settimeout(0.3)
        with pytest.raises(TimeoutError):
            late.recv(1)
        held[0].close()
        late.settimeout(5)
        assert read_answer(late).status == 200
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.INFO] == [
        "3 connections are open; more have to wait"
    ]


def test_many_requests_at_once_are_not_logged(
    shared: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    def ask() -> None:
        statuses.append(call(shared, "GET", "/jobs").status_code)

    statuses: list[int] = []
    crowd = [threading.Thread(target=ask) for _ in range(30)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert statuses == [200] * 30
    assert not [r for r in caplog.records if r.levelno >= logging.INFO and "ampctl" in r.name]


def test_a_bug_in_the_server_is_one_line_and_an_error_body(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("secret")

    with live_sandbox(database_url=sqlite_url) as sandbox:
        monkeypatch.setattr(channel_module.Channel.task_class, "get_environment", fail)
        with caplog.at_level(logging.INFO):
            answer = raw(sandbox, JOBS)

    assert refused(answer) == (500, "INTERNAL_ERROR")
    assert [record.getMessage() for record in caplog.records] == [
        "a request could not be served; the debug log tells why"
    ]
