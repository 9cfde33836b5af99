"""What the server lets in, how it refuses the rest, and how it ends."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import sqlalchemy as sa

from ampctl_sandbox import server as server_module
from ampctl_sandbox import transitions
from ampctl_sandbox.http import make_app
from ampctl_sandbox.sandbox import serving
from ampctl_sandbox.service import Service
from ampctl_sandbox.store import Store
from ampctl_sandbox.testing import Sandbox, live_sandbox, make_job
from tests.sandbox.http_calls import assert_error, call, connection, raw, read_all

TOKEN = "se-cret~1"


@pytest.fixture(scope="module")
def quiet() -> Iterator[Sandbox]:
    """A sandbox that no test changes."""
    with live_sandbox() as found:
        yield found


@pytest.fixture(scope="module")
def guarded() -> Iterator[Sandbox]:
    """A sandbox that wants a token."""
    with live_sandbox(token=TOKEN) as found:
        yield found


def refused(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/json" in head
    found = json.loads(body)
    assert set(found) == {"error_code", "error_message"}
    return int(head.split()[1]), found["error_code"]


@pytest.mark.parametrize("size", [64 * 1024, 0])
def test_a_body_up_to_the_limit_is_read(quiet: Sandbox, size: int) -> None:
    assert call(quiet, "GET", "/jobs", data=b"x" * size).status_code == 200


@pytest.mark.parametrize("size", [64 * 1024 + 1, 300_000, 5_000_000])
def test_a_larger_body_is_refused(quiet: Sandbox, size: int) -> None:
    assert_error(call(quiet, "PUT", "/jobs/1/stop", data=b"x" * size), 413, "PAYLOAD_TOO_LARGE")


def test_a_larger_body_in_chunks_is_refused(quiet: Sandbox) -> None:
    chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    head = b"PUT /jobs/1/stop HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert refused(raw(quiet, head + chunk * 17)) == (413, "PAYLOAD_TOO_LARGE")


def test_headers_past_the_limit_are_refused(quiet: Sandbox) -> None:
    answer = call(quiet, "GET", "/jobs", headers={"X-Long": "x" * 16 * 1024})

    assert_error(answer, 431, "HEADERS_TOO_LARGE")
    assert call(quiet, "GET", "/jobs", headers={"X-Long": "x" * 15_000}).status_code == 200


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"get /jobs HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"GET /jobs HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n",
        b"GET /jobs HTTP/1.1\r\nConnection: close\r\n\r\n",
    ],
    ids=["request line", "method", "length", "header", "no host"],
)
def test_a_bad_request_is_refused_with_an_error_body(quiet: Sandbox, request_: bytes) -> None:
    assert refused(raw(quiet, request_)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:1610", "localhost.evil.example"])
def test_a_foreign_host_is_refused(quiet: Sandbox, host: str) -> None:
    answer = call(quiet, "GET", "/jobs", headers={"Host": host})

    assert_error(answer, 421, "HOST_NOT_ALLOWED")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:1610"])
def test_the_names_of_this_machine_are_let_in(quiet: Sandbox, host: str) -> None:
    assert call(quiet, "GET", "/jobs", headers={"Host": host}).status_code == 200


def test_no_other_origin_may_read_an_answer(quiet: Sandbox) -> None:
    answer = call(quiet, "GET", "/jobs", headers={"Origin": "http://evil.example"})

    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer sécret".encode("latin-1"),
        b"Bearer \xff\xfe",
    ],
)
@pytest.mark.parametrize("path", ["/jobs", "/openapi.json", "/no/such/path"])
def test_without_the_token_nothing_is_shown(
    guarded: Sandbox, path: str, authorization: Any
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}

    answer = call(guarded, "GET", path, headers=headers)

    assert_error(answer, 401, "UNAUTHORIZED")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert TOKEN not in answer.text


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_with_the_token_all_is_shown(guarded: Sandbox, scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {TOKEN}"}

    assert call(guarded, "GET", "/jobs", headers=headers).status_code == 200
    assert call(guarded, "POST", "/jobs", headers=headers).status_code == 405


def test_an_unexpected_failure_tells_a_number_and_nothing_else(
    sqlite_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with live_sandbox(database_url=sqlite_url) as sandbox:
        with monkeypatch.context() as patch:
            secret = RuntimeError("SELECT secret FROM /etc/passwd")

            def fail(*_: object, **__: object) -> None:
                raise secret

            patch.setattr(sandbox.store, "page", fail)
            answer = call(sandbox, "GET", "/jobs")

        assert_error(answer, 500, "LIST_JOBS_ERROR")
        assert "secret" not in answer.text
        number = answer.json()["error_message"].split()[-1]
        assert number in caplog.text
        assert call(sandbox, "GET", "/jobs").status_code == 200


def test_a_failure_of_the_database_is_the_documented_code_without_sql(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    codes = {
        "/jobs": "LIST_JOBS_ERROR",
        "/jobs/1": "GET_JOB_ERROR",
        "/jobs/1/progress": "GET_TABLES_ERROR",
        "/jobs/1/events": "GET_JOB_EVENTS_ERROR",
        "/jobs/1/events/1": "GET_JOB_EVENT_ERROR",
        "/workers": "SCHEDULER_LIST_WORKERS_ERROR",
        "/workers/w": "SCHEDULER_GET_WORKER_ERROR",
    }
    with live_sandbox(database_url=sqlite_url) as sandbox:
        for table in ("file_metadata", "job_events", "jobs_status", "workers"):
            sandbox.store.write(lambda c, table=table: c.exec_driver_sql(f"DROP TABLE {table}"))
        for path, code in codes.items():
            answer = call(sandbox, "GET", path)
            assert_error(answer, 500, code)
            assert "table" not in answer.text
        assert_error(call(sandbox, "PUT", "/jobs/1/stop"), 500, "STOP_JOB_ERROR")
        assert_error(call(sandbox, "DELETE", "/jobs/1"), 500, "DELETE_JOB_ERROR")
        answer = call(sandbox, "DELETE", "/jobs?status=terminal")
        assert_error(answer, 500, "DELETE_JOBS_BY_STATUS_ERROR")
    assert "no such table" in caplog.text


def test_a_slow_crowd_does_not_keep_others_from_being_served(quiet: Sandbox) -> None:
    with contextlib.ExitStack() as stack:
        for number in range(50):
            slow = stack.enter_context(connection(quiet))
            slow.sendall(
                b"GET /jobs HT"
                if number % 2
                else b"PUT /jobs/1/stop HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\nx"
            )
        began = time.monotonic()
        assert call(quiet, "GET", "/jobs").status_code == 200
        assert time.monotonic() - began < 1


@pytest.mark.parametrize("drips", [False, True])
def test_a_connection_that_never_finishes_a_request_is_closed(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, drips: bool
) -> None:
    monkeypatch.setattr(server_module, "IDLE_S", 1)
    with live_sandbox(database_url=sqlite_url) as sandbox, connection(sandbox) as slow:
        began = time.monotonic()
        slow.settimeout(0.2)
        slow.sendall(b"GET /jobs HTTP/1.1\r\n")
        while time.monotonic() - began < 8:
            try:
                if slow.recv(1) == b"":
                    break
            except TimeoutError:
                if drips:
                    slow.sendall(b"X")
            except ConnectionError:
                break
        assert time.monotonic() - began < 5


def test_more_connections_than_the_limit_wait_their_turn(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "MAX_CONNECTIONS", 3)
    request = b"GET /jobs HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with live_sandbox(database_url=sqlite_url) as sandbox, contextlib.ExitStack() as stack:
        held = [stack.enter_context(connection(sandbox)) for _ in range(3)]
        for opened in held:
            opened.sendall(request)
            assert opened.recv(65536)
        late = stack.enter_context(connection(sandbox))
        late.sendall(request)
        late.settimeout(0.3)
        with pytest.raises(TimeoutError):
            late.recv(1)
        held[0].close()
        late.settimeout(5)
        assert late.recv(65536).startswith(b"HTTP/1.1 200")


@pytest.fixture
def slow_store(sqlite_url: str) -> Iterator[tuple[Store, threading.Event, threading.Event]]:
    """A store whose pages wait for an event, after saying that they have begun."""
    store = Store.open(sqlite_url)
    begun, may_go = threading.Event(), threading.Event()
    page = store.page

    def slow_page(**options: Any) -> Any:
        begun.set()
        assert may_go.wait(10)
        return page(**options)

    store.page = slow_page  # type: ignore[method-assign]
    yield store, begun, may_go
    store.close()


def test_a_server_that_stops_ends_what_is_running_and_takes_nothing_new(
    slow_store: tuple[Store, threading.Event, threading.Event],
) -> None:
    store, begun, may_go = slow_store
    with serving(store, host="127.0.0.1", port=0, token=None) as server:
        running = threading.Thread(target=server.run)
        running.start()
        sandbox = Sandbox(f"http://127.0.0.1:{server.port}", store)
        answers: list[requests.Response] = []
        client = threading.Thread(target=lambda: answers.append(call(sandbox, "GET", "/jobs")))
        with connection(sandbox) as idle:
            client.start()
            assert begun.wait(5)

            server.stop()

            assert read_all(idle) == b""
            with pytest.raises(requests.ConnectionError):
                call(sandbox, "GET", "/workers")
            may_go.set()
            client.join(5)
            running.join(5)

    assert answers[0].status_code == 200
    assert answers[0].headers["Connection"] == "close"
    assert not running.is_alive()


def test_a_server_that_stops_does_not_wait_for_ever(
    slow_store: tuple[Store, threading.Event, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "DRAIN_S", 0.2)
    store, begun, may_go = slow_store
    with serving(store, host="127.0.0.1", port=0, token=None) as server:
        running = threading.Thread(target=server.run)
        running.start()
        with connection(Sandbox(f"http://127.0.0.1:{server.port}", store)) as stuck:
            stuck.sendall(b"GET /jobs HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert begun.wait(5)
            server.stop()
            running.join(5)
            assert not running.is_alive()
            may_go.set()


def test_the_application_needs_no_server(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    try:
        client = make_app(Service(store)).test_client()
        job = make_job(store)
        assert client.get(f"/jobs/{job}").json["status"] == "SCHEDULED"
    finally:
        store.close()


def test_a_write_that_finds_the_database_busy_is_told_to_come_back(sqlite_url: str) -> None:
    from ampctl_sandbox import engine as engines

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
