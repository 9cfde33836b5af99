"""Malformed HTTP is refused with an error body; all other HTTP gets one response."""

from __future__ import annotations

import json

import pytest

from ampctl_sandbox.database.queries import find_job
from ampctl_sandbox.testing import Sandbox, make_job
from tests.sandbox.http_calls import connection, raw, read_answer, refused

CLOSE = b"Connection: close\r\n"
LOCAL = b"Host: localhost\r\n"
STOP = b"PUT /jobs/1/stop HTTP/1.1\r\n" + LOCAL
CHUNKED = b"Transfer-Encoding: chunked\r\n"
JOBS = b"GET /jobs HTTP/1.1\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        b"nonsense\r\n\r\n",
        b"GET /jobs\r\n\r\n",
        b" \r\n\r\n",
        b" GET /jobs HTTP/1.1\r\n" + LOCAL + b"\r\n",
        b"\r\n\tGET /jobs HTTP/1.1\r\n" + LOCAL + b"\r\n",
        b"GET  /jobs HTTP/1.1\r\n" + LOCAL + b"\r\n",
        b"GET /jobs HTTP/1.1 \r\n" + LOCAL + b"\r\n",
        b"GET /jobs http/1.1\r\n" + LOCAL + b"\r\n",
        b"get /jobs HTTP/1.1\r\n" + LOCAL + b"\r\n",
        b"GET jobs HTTP/1.1\r\n" + LOCAL + b"\r\n",
        b"GET /jobs#1 HTTP/1.1\r\n" + LOCAL + b"\r\n",
        b"GET /j\xc3\xb6bs HTTP/1.1\r\n" + LOCAL + b"\r\n",
        b"GET http://[/ HTTP/1.1\r\n" + LOCAL + CLOSE + b"\r\n",
        b"GET http:///jobs HTTP/1.1\r\n" + LOCAL + CLOSE + b"\r\n",
        b"GET http://me@localhost/jobs HTTP/1.1\r\n" + LOCAL + CLOSE + b"\r\n",
        b"GET https://localhost/jobs HTTP/1.1\r\n" + LOCAL + b"\r\n",
        b"GET http://localhost/jobs HTTP/1.1\r\n" + CLOSE + b"\r\n",
        b"CONNECT localhost:80 HTTP/1.1\r\n" + LOCAL + b"\r\n",
        b"GET /jobs HTTP/1.1\n" + LOCAL + b"\n",
        STOP + CHUNKED + b"\r\n5\nhello\n0\n\n",
        STOP + CHUNKED + b"\r\n0x5\r\nhello\r\n0\r\n\r\n",
        JOBS + LOCAL + b"no colon\r\n\r\n",
        JOBS + LOCAL + b"X : 1\r\n\r\n",
        JOBS + LOCAL + b"X: 1\r\n folded\r\n\r\n",
        JOBS + LOCAL + b"X: \x00\r\n\r\n",
        JOBS + CLOSE + b"\r\n",
        JOBS + b"Host:\r\n" + CLOSE + b"\r\n",
        JOBS + LOCAL + LOCAL + CLOSE + b"\r\n",
        JOBS + b"Host: localhost:abc\r\n" + CLOSE + b"\r\n",
        JOBS + b"Host: localhost:65536\r\n" + CLOSE + b"\r\n",
        JOBS + b"Host: [::1\r\n" + CLOSE + b"\r\n",
        JOBS + b"Host: [1::2::3]\r\n" + CLOSE + b"\r\n",
        JOBS + b"Host: ::1\r\n" + CLOSE + b"\r\n",
    ],
)
def test_malformed_http_is_refused(shared: Sandbox, request_: bytes) -> None:
    assert refused(raw(shared, request_)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: -1\r\n",
        b"Content-Length: +1\r\n",
        b"Content-Length: 1\r\nContent-Length: 2\r\n",
        b"Content-Length: 1, 2\r\n",
        b"Content-Length: 5\r\n" + CHUNKED,
        CHUNKED + b"content-length: 5\r\n",
        CHUNKED + CHUNKED,
    ],
)
def test_a_body_with_an_ambiguous_end_is_refused(
    shared: Sandbox, version: bytes, framing: bytes
) -> None:
    request = b"PUT /jobs/1/stop HTTP/%s\r\n%s%s\r\n0\r\n\r\n" % (version, LOCAL, framing)

    assert refused(raw(shared, request)) == (400, "BAD_REQUEST")


def test_chunks_in_http_1_0_are_refused(shared: Sandbox) -> None:
    request = b"PUT /jobs/1/stop HTTP/1.0\r\n" + LOCAL + CHUNKED + b"\r\n0\r\n\r\n"

    assert refused(raw(shared, request)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("coding", [b"gzip", b"gzip, chunked", b"chunked, chunked", b""])
def test_another_transfer_coding_is_refused(shared: Sandbox, coding: bytes) -> None:
    request = STOP + b"Transfer-Encoding: " + coding + b"\r\n\r\n"

    assert refused(raw(shared, request)) == (501, "NOT_IMPLEMENTED")


@pytest.mark.parametrize("version", [b"0.9", b"1.2", b"2.0", b"9.9"])
def test_another_version_of_http_is_refused(shared: Sandbox, version: bytes) -> None:
    request = b"GET /jobs HTTP/" + version + b"\r\n" + LOCAL + b"\r\n"

    assert refused(raw(shared, request)) == (505, "HTTP_VERSION_NOT_SUPPORTED")


@pytest.mark.parametrize("length", ["65537", "9" * 30, "9" * 5000])
def test_a_length_past_the_limit_is_refused_before_the_body_comes(
    shared: Sandbox, length: str
) -> None:
    request = STOP + f"Content-Length: {length}\r\n\r\n".encode()

    assert refused(raw(shared, request)) == (413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize("chunk", [b"FFFFFFFFFFFFFFFF", b"10001", b"F" * 3000])
def test_a_chunk_past_the_limit_is_refused_before_it_comes(shared: Sandbox, chunk: bytes) -> None:
    assert refused(raw(shared, STOP + CHUNKED + b"\r\n" + chunk + b"\r\n")) == (
        413,
        "PAYLOAD_TOO_LARGE",
    )


@pytest.mark.parametrize("start", [b"1;", b"0\r\nX: "], ids=["chunk extension", "trailer"])
def test_chunk_extensions_and_trailers_have_a_limit_too(shared: Sandbox, start: bytes) -> None:
    request = STOP + CHUNKED + b"\r\n" + start + b"x" * 70_000

    assert refused(raw(shared, request)) == (413, "PAYLOAD_TOO_LARGE")


def test_a_body_in_chunks_is_read(shared: Sandbox) -> None:
    body = b"5;ext=1\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n"
    with connection(shared) as opened:
        opened.sendall(STOP + CHUNKED + b"\r\n" + body + JOBS + LOCAL + b"\r\n")
        assert read_answer(opened).status == 404
        assert read_answer(opened).status == 200


def test_an_absolute_url_names_the_host(shared: Sandbox) -> None:
    end = CLOSE + b"\r\n"
    ours = b"GET http://localhost:1610/jobs?limit=3 HTTP/1.1\r\n" + LOCAL + end
    foreign = b"GET http://evil.example/jobs HTTP/1.1\r\n" + LOCAL + end

    assert raw(shared, ours).startswith(b"HTTP/1.1 200")
    assert refused(raw(shared, foreign)) == (421, "HOST_NOT_ALLOWED")


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        (b"/jobs/1%2Fevents", (400, "INVALID_JOB_ID")),
        (b"/jobs/%2f1", (400, "INVALID_JOB_ID")),
        (b"/workers/a%2fb", (400, "INVALID_WORKER_ID")),
    ],
)
def test_an_encoded_slash_is_not_a_separator(
    path: bytes, answer: tuple[int, str], shared: Sandbox
) -> None:
    end = LOCAL + CLOSE + b"\r\n"

    assert refused(raw(shared, b"GET " + path + b" HTTP/1.1\r\n" + end)) == answer


@pytest.mark.parametrize(
    "path", [b"//jobs", b"///jobs/1", b"/jobs//1", b"/jobs%2f1", b"/%2Fjobs", b"//"]
)
def test_an_encoded_or_doubled_slash_leads_nowhere(path: bytes, shared: Sandbox) -> None:
    answer = raw(shared, b"GET " + path + b" HTTP/1.1\r\n" + LOCAL + CLOSE + b"\r\n")

    assert answer.startswith(b"HTTP/1.1 404")
    assert answer.endswith(b"\r\n\r\n")


def test_a_slash_in_a_query_is_decoded(shared: Sandbox) -> None:
    end = b"HTTP/1.1\r\n" + LOCAL + CLOSE + b"\r\n"

    assert raw(shared, b"GET /jobs?status=%2f " + end).startswith(b"HTTP/1.1 200")


def test_an_error_to_head_has_no_body(shared: Sandbox) -> None:
    answer = raw(shared, b"HEAD /jobs HTTP/1.1\r\n" + LOCAL + b"Content-Length: 70000\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 413")
    assert answer.endswith(b"\r\n\r\n")


def test_deletes_go_over_one_connection(shared: Sandbox) -> None:
    with connection(shared) as opened:
        for _ in range(3):
            job = make_job(shared.store, "COMPLETED")
            opened.sendall(b"DELETE /jobs/%d HTTP/1.1\r\n" % job + LOCAL + b"\r\n")
            answer = read_answer(opened)
            assert (answer.status, answer.headers.get("Connection")) == (204, None)
            assert "Content-Length" not in answer.headers
            assert shared.store.read(find_job, job) is None


@pytest.mark.parametrize(
    ("version", "connection_", "stays"),
    [
        (b"1.1", b"", True),
        (b"1.1", b"Connection: close\r\n", False),
        (b"1.1", b"Connection: Upgrade, Close\r\n", False),
        (b"1.0", b"", False),
        (b"1.0", b"Connection: keep-alive\r\n", True),
    ],
)
def test_a_connection_stays_open_if_the_client_wants_that(
    shared: Sandbox, version: bytes, connection_: bytes, stays: bool
) -> None:
    request = b"GET /jobs HTTP/%s\r\n%s%s\r\n" % (version, LOCAL, connection_)
    with connection(shared) as opened:
        opened.sendall(request)
        said = read_answer(opened).headers.get("Connection")
        assert said == (("keep-alive" if version == b"1.0" else None) if stays else "close")
        if stays:
            opened.sendall(request)
            assert read_answer(opened).status == 200
        else:
            assert opened.recv(1) == b""


def test_requests_sent_together_are_answered_in_turn(shared: Sandbox) -> None:
    with connection(shared) as opened:
        paths = (b"/jobs", b"/nothing", b"/workers")
        opened.sendall(b"".join(b"GET %s HTTP/1.1\r\n%s\r\n" % (path, LOCAL) for path in paths))
        assert [read_answer(opened).status for _ in paths] == [200, 404, 200]


def test_empty_lines_before_a_request_are_skipped(shared: Sandbox) -> None:
    answer = raw(shared, b"\r\n\r\n\r\n" + JOBS + LOCAL + CLOSE + b"\r\n")

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert json.loads(body)["jobs"] == []
