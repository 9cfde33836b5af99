"""No answer lasts longer than its attempt, and none is cut short unseen."""

import http.client
import logging
import os
import socket
import threading

import pytest
import requests

from ampctl.client import Timeouts
from ampctl.errors import (
    Cause,
    ConnectionLost,
    InvalidAnswer,
    RequestTimeout,
)


def send_for_ever(start: bytes, piece: bytes):
    def step(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(piece)

    return step


def send_and_close(start: bytes):
    return lambda connection: connection.sendall(start)


@pytest.fixture
def silent():
    """A step that sends a start and then nothing, until the test is over."""
    over = threading.Event()
    yield lambda start: lambda connection: (connection.sendall(start), over.wait(10))
    over.set()


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize(
    ("start", "piece"),
    [
        pytest.param(b"", b"HTTP", id="status-line"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Long: ", b"a", id="headers"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 C\r\n\r\n", id="continue"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", b"a", id="body"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n", b"a", id="length"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", id="chunked"
        ),
    ],
)
def test_an_answer_that_never_ends_is_given_up_at_the_total_limit(
    serve, connect, hasty_clock, start, piece, tls
):
    server = serve(send_for_ever(start, piece), tls=tls)
    client = connect(server.url, monotonic=hasty_clock, verify=False)

    with pytest.raises(RequestTimeout, match="not done after 60 s") as caught:
        client.get("jobs", action="list jobs")
    assert caught.value.cause is Cause.TIME_LIMIT
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "start", [b"", b"HTTP/1.1 200 OK\r\nA: ", b"HTTP/1.1 200 OK\r\n\r\n[", b"HTTP/1.1 200"]
)
def test_a_pause_of_the_answer_is_given_up_at_the_read_limit(
    serve, connect, impatient, silent, start
):
    client = connect(serve(silent(start)).url, timeouts=impatient)

    with pytest.raises(RequestTimeout, match=r"sent nothing for 0\.1 s"):
        client.get("jobs", action="list jobs")


def test_the_total_limit_shortens_the_last_wait(serve, connect, silent):
    timeouts = Timeouts(connect_s=5, read_s=30, total_s=0.1)
    client = connect(serve(silent(b"HTTP/1.1 200 OK\r\n")).url, timeouts=timeouts)

    with pytest.raises(RequestTimeout, match=r"not done after 0\.1 s"):
        client.get("jobs", action="list jobs")


def test_a_silent_tls_handshake_is_given_up_at_the_connect_limit(connect, impatient):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        client = connect(url, timeouts=impatient)

        with pytest.raises(RequestTimeout, match=r"no connection within 0\.1 s"):
            client.get("jobs", action="list jobs")


@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"HTTP/1.1 200",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0",
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n",
        b"HTTP/1.1 100 Continue\r\n",
    ],
)
def test_a_connection_closed_in_the_headers_is_no_success(serve, connect, start, tls):
    server = serve(send_and_close(start), tls=tls)

    with pytest.raises(ConnectionLost):
        connect(server.url, retries=0, verify=False).put("jobs", 7, "stop", action="stop job 7")


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}",
    ],
)
def test_a_body_that_is_cut_short_is_no_success(serve, connect, start):
    server = serve(send_and_close(start))

    with pytest.raises(ConnectionLost):
        connect(server.url, retries=0).get("jobs", action="list jobs")


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(b"SSH-2.0-OpenSSH_9.2\r\n", id="ssh"),
        pytest.param(b"HTTP/1.1 abc OK\r\n\r\n", id="status"),
        pytest.param(b"HTTP/9.9 200 OK\r\n\r\n", id="version"),
        pytest.param(b"HTTP/1.1 200 OK\r\nA: " + b"a" * 70_000 + b"\r\n\r\n", id="long-header"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"A: a\r\n" * 101 + b"\r\n", id="many-headers"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}", id="lengths"
        ),
    ],
)
def test_what_is_not_http_is_no_answer(serve, connect, start):
    server = serve(send_and_close(start))

    with pytest.raises(InvalidAnswer, match="not proper HTTP"):
        connect(server.url).get("jobs", action="list jobs")
    assert len(server.requests) == 1


def test_connections_are_kept_and_a_short_wait_does_not_outlive_its_request(serve, connect, answer):
    server = serve(*[answer({"n": n}) for n in range(5)], answer(b"", 204), answer({"n": 5}))
    client = connect(server.url)

    documents = [client.get("n", action="count").document["n"] for _ in range(5)]
    client.delete("n", action="count")
    documents.append(client.get("n", action="count").document["n"])

    assert documents == [0, 1, 2, 3, 4, 5]
    assert server.connections == 1


def test_an_answer_that_ends_with_its_connection_is_read(serve, connect):
    server = serve(send_and_close(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}"))

    assert connect(server.url).get("jobs", action="list jobs").document == {}


def test_http_debugging_does_not_print_the_token(serve, connect, answer, monkeypatch, capsys):
    monkeypatch.setattr(http.client.HTTPConnection, "debuglevel", 1)

    connect(serve(answer({})).url, token="SECRET").get("jobs", action="list jobs")

    assert capsys.readouterr().out == ""


def test_debug_logs_do_not_hold_the_token(serve, connect, answer, caplog):
    caplog.set_level(logging.DEBUG)
    server = serve(answer(b"", 503), answer({}))

    connect(server.url, token="SECRET").get("jobs", action="list jobs")

    assert "SECRET" not in caplog.text
    assert "503" in caplog.text


def test_threads_share_a_client(serve, connect, answer):
    count = 8
    together = threading.Barrier(count)

    def step(connection: socket.socket) -> None:
        together.wait(10)  # passes only when all requests are on their way at once
        connection.sendall(answer({}))

    server = serve(*[step] * count)
    client = connect(server.url, retries=0)
    documents: list[object] = []

    def work() -> None:
        documents.append(client.get("jobs", action="list jobs").document)

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert documents == [{}] * count


def test_eight_threads_keep_their_connections(serve, connect, answer, monkeypatch):
    count = 8
    together = threading.Barrier(count)
    server = serve(*[answer({})] * (count * 2))
    client = connect(server.url, retries=0)
    send = requests.Session.send

    def send_together(*args, **kwargs):
        response = send(*args, **kwargs)
        together.wait(10)  # all connections are in use
        return response

    monkeypatch.setattr(requests.Session, "send", send_together)

    def work() -> None:
        client.get("jobs", action="list jobs")
        together.wait(10)  # all connections are given back
        client.get("jobs", action="list jobs")

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(server.requests) == count * 2
    assert server.connections == count


def test_a_forked_process_has_connections_of_its_own(serve, connect, answer, monkeypatch):
    server = serve(answer({}), answer({}), answer({}))
    client = connect(server.url)
    client.get("jobs", action="list jobs")

    parent = os.getpid()
    monkeypatch.setattr(os, "getpid", lambda: parent + 1)
    for _ in range(2):
        client.get("jobs", action="list jobs")

    assert server.connections == 2
