"""Requests that carry a document: what is sent, and whether it is sent again."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from ampctl.client import (
    AdminClient,
    ConnectionLost,
    InvalidAnswer,
    NotFoundError,
    RefusedError,
    ServerError,
    UsageError,
)
from ampctl.testing import Api

from .conftest import ScriptedServer, answer

Connect = Callable[..., AdminClient]
Serve = Callable[..., ScriptedServer]


def end(sock: socket.socket) -> None:
    """Close the connection in place of an answer."""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
def test_a_document_is_sent_and_one_comes_back(api: Api, method: str) -> None:
    api.on(method, "/datasets/blocks?dry_run=1", {"id": 7}, status=201)

    with AdminClient() as client:
        response = getattr(client, method.lower())(
            *("datasets", "blocks"),
            params={"dry_run": 1},
            json={"name": "é", "end_block": None},
            action="deploy blocks",
        )

    assert (response.document, response.status) == ({"id": 7}, 201)
    assert api.sent == [{"name": "é", "end_block": None}]


@pytest.fixture
def echo() -> Iterator[tuple[str, list[tuple[str, dict[str, str], bytes]]]]:
    """The URL of a server that answers every request with an object, and what it got."""
    got: list[tuple[str, dict[str, str], bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            got.append((self.command, dict(self.headers), body))
            self.send_response(200)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(b"{}")

        do_POST = do_PATCH = do_HEAD = do_OPTIONS = answer

        def log_message(self, *args: Any) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}", got
        server.shutdown()
        thread.join()


def test_the_body_is_json_and_a_request_without_one_has_no_type(
    echo: tuple[str, list[tuple[str, dict[str, str], bytes]]], connect: Connect
) -> None:
    url, got = echo
    client = connect(url, token="tok-123456")

    client.post("jobs", json={"a": [1, True]}, action="create", idempotency_key="k-1")
    client.post("jobs", action="create")

    (_, first, body), (_, second, empty) = got
    assert body == b'{"a":[1,true]}'
    assert first["Content-Type"] == "application/json"
    assert first["Idempotency-Key"] == "k-1"
    assert first["Authorization"] == second["Authorization"] == "Bearer tok-123456"
    assert (empty, second["Content-Length"]) == (b"", "0")
    assert not {"Content-Type", "Idempotency-Key"} & set(second)


def test_a_method_without_a_verb_of_its_own_can_be_sent(
    echo: tuple[str, list[tuple[str, dict[str, str], bytes]]], connect: Connect
) -> None:
    url, got = echo
    client = connect(url)

    assert client.request("OPTIONS", "jobs", action="ask").document == {}
    assert client.request("HEAD", "jobs", action="ask").document is None
    assert [method for method, _, _ in got] == ["OPTIONS", "HEAD"]


@pytest.mark.parametrize("method", ["post", "patch"])
@pytest.mark.parametrize("failure", [end, answer({}, 503), answer({}, 500)])
def test_a_change_that_may_have_been_made_is_not_sent_again(
    serve: Serve, connect: Connect, method: str, failure: Any
) -> None:
    with contextlib.ExitStack() as stack:
        server = serve(failure, answer({}))
        stack.enter_context(pytest.raises((ConnectionLost, ServerError)))
        getattr(connect(server.url), method)("jobs", action="create a job")

    assert len(server.requests) == 1


def test_what_was_certainly_not_carried_out_is_sent_again(serve: Serve, connect: Connect) -> None:
    server = serve(answer({}, 429), answer({"id": 7}))

    assert connect(server.url).post("jobs", action="create a job").document == {"id": 7}


@pytest.mark.parametrize(
    "options", [{"replayable": True}, {"idempotency_key": "k"}], ids=["replayable", "key"]
)
def test_a_change_that_does_no_harm_twice_is_sent_again(
    serve: Serve, connect: Connect, options: dict[str, Any]
) -> None:
    server = serve(end, answer({"id": 7}))

    response = connect(server.url).post("jobs", action="create a job", **options)

    assert response.document == {"id": 7}
    assert len(server.requests) == 2


def test_a_key_does_not_overrule_what_the_caller_says(serve: Serve, connect: Connect) -> None:
    server = serve(end)

    with pytest.raises(ConnectionLost, match="the server may have done it all the same"):
        connect(server.url).post("jobs", action="x", idempotency_key="k", replayable=False)


def test_put_with_a_document_is_sent_again_unless_it_must_not(
    serve: Serve, connect: Connect
) -> None:
    twice, once = serve(end, answer({})), serve(end)

    connect(twice.url).put("jobs", 7, action="replace job 7")
    with pytest.raises(ConnectionLost):
        connect(once.url).put("jobs", 7, action="replace job 7", replayable=False)

    assert len(twice.requests) == 2


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirected_change_is_not_followed(api: Api, connect: Connect, status: int) -> None:
    api.on("POST", "/jobs", text="", status=status, headers={"Location": "/elsewhere"})

    with pytest.raises(InvalidAnswer, match=r"a redirect to .* must not be followed"):
        connect().post("jobs", json={}, action="create a job")


def test_a_list_confirms_what_creates_several_things(api: Api, connect: Connect) -> None:
    api.on("POST", "/jobs", [{"id": 1}, {"id": 2}])
    api.on("PATCH", "/jobs", [])

    assert connect().post("jobs", json=[{}, {}], action="create jobs").document[1] == {"id": 2}
    with pytest.raises(InvalidAnswer, match="not a confirmation"):
        connect().patch("jobs", json={}, action="change jobs")


@pytest.mark.parametrize(("status", "kind"), [(404, NotFoundError), (409, RefusedError)])
def test_a_refused_change_has_the_usual_errors(
    api: Api, connect: Connect, status: int, kind: type[Exception]
) -> None:
    api.error("PATCH", "/jobs/7", status, "CODE", "because tok-123456")

    with pytest.raises(kind, match=r"^can't change job 7: because \[redacted\]$"):
        connect(token="tok-123456").patch("jobs", 7, json={}, action="change job 7")


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"json": {"x": float("nan")}}, UsageError, "JSON can't express"),
        ({"json": {"x": {1, 2}}}, TypeError, "set"),
        ({"json": {"x": b"raw"}}, TypeError, "bytes"),
        ({"idempotency_key": ""}, UsageError, "visible ASCII"),
        ({"idempotency_key": "a\r\nX: y"}, UsageError, "visible ASCII"),
        ({"idempotency_key": 7}, TypeError, "idempotency_key"),
    ],
)
def test_what_can_not_be_sent_is_refused_before_anything_is(
    api: Api, connect: Connect, options: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        connect().post("jobs", action="create a job", **options)

    assert api.requests == []


def test_a_document_that_contains_itself_is_refused(api: Api, connect: Connect) -> None:
    itself: list[Any] = []
    itself.append(itself)

    with pytest.raises(UsageError, match="JSON can't express"):
        connect().put("jobs", json=itself, action="x")
    assert api.requests == []


@pytest.mark.parametrize("method", ["post", "GET /x", "", "TRACE", "CONNECT", "PO\nST"])
def test_a_method_is_a_word_in_capitals(api: Api, connect: Connect, method: str) -> None:
    with pytest.raises(UsageError, match="a method is a word in capitals"):
        connect().request(method, "jobs", action="x")
    assert api.requests == []
