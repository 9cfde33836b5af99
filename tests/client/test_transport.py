"""Where requests go, what they carry, and which answers are taken."""

import gzip
import socket
import ssl
import threading
import traceback
from pathlib import Path

import pytest

from ampctl import __version__
from ampctl.client._body import MAX_BODY_BYTES
from ampctl.errors import (
    Cause,
    ConnectError,
    InvalidAnswer,
    RefusedError,
    ServerError,
)

CERTIFICATE = Path(__file__).with_name("localhost.pem")


def header(request: bytes, name: str) -> str | None:
    for line in request.decode("latin-1").split("\r\n"):
        key, _, value = line.partition(": ")
        if key.lower() == name.lower():
            return value
    return None


def path(request: bytes) -> str:
    return request.decode("latin-1").split(" ")[1]


def test_a_request_says_what_it_is_and_what_it_takes(serve, connect, answer):
    server = serve(answer({}))

    connect(server.url).get("jobs", action="list jobs")

    (request,) = server.requests
    assert request.startswith(b"GET /jobs HTTP/1.1\r\n")
    assert header(request, "User-Agent") == f"ampctl/{__version__}"
    assert header(request, "Accept") == "application/json"
    assert header(request, "Accept-Encoding") == "gzip"
    assert header(request, "Authorization") is None


def test_netrc_does_not_replace_the_token(serve, connect, answer, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login user password PASSWD\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    server = serve(answer({}), answer({}))

    connect(server.url, token="SECRET").get("jobs", action="list jobs")
    connect(server.url).get("jobs", action="list jobs")

    assert [header(request, "Authorization") for request in server.requests] == [
        "Bearer SECRET",
        None,
    ]


def test_proxies_of_the_process_are_not_used(serve, connect, answer, monkeypatch):
    server = serve(answer({}))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    connect(server.url, token="SECRET").get("jobs", action="list jobs")

    assert path(server.requests[0]) == "/jobs"


def test_a_proxy_that_is_passed_in_is_used(serve, connect, answer):
    proxy = serve(answer({}))

    client = connect("http://amp.invalid/admin", proxies={"http_proxy": proxy.url})
    client.get("jobs", action="list jobs")

    assert path(proxy.requests[0]) == "http://amp.invalid/admin/jobs"


def test_the_password_of_a_proxy_reaches_the_proxy_and_no_error(serve, connect, answer, caplog):
    caplog.set_level("DEBUG")
    proxy = serve(lambda connection: connection.sendall(b"HTTP/1.1 407 Not PASSWD\r\n\r\n"))
    url = f"http://user:PASSWD@127.0.0.1:{proxy.port}"
    client = connect("https://amp.invalid", proxies={"HTTPS_PROXY": url}, retries=0)

    with pytest.raises(ConnectError, match="Tunnel connection failed: 407") as caught:
        client.get("jobs", action="list jobs")

    assert header(proxy.requests[0], "Proxy-Authorization") == "Basic dXNlcjpQQVNTV0Q="
    report = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(client)
    assert "PASSWD" not in report
    assert f"proxy http://127.0.0.1:{proxy.port}" in caught.value.message
    assert caught.value.cause is Cause.PROXY


def test_environment_does_not_replace_the_trusted_certificates(serve, connect, answer, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nope.pem")
    monkeypatch.setenv("CURL_CA_BUNDLE", "/nope.pem")
    server = serve(answer({}), tls=True)

    client = connect(server.url, ca_file=CERTIFICATE, token="SECRET")

    assert client.get("jobs", action="list jobs").status == 200


def test_an_unknown_certificate_is_refused_before_anything_is_sent(
    serve, connect, answer, monkeypatch, sleeps
):
    # A bundle that would do, if the environment had a say.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(CERTIFICATE))
    server = serve(answer({}), tls=True)

    with pytest.raises(ConnectError, match=r"certificate verify failed: self.signed") as caught:
        connect(server.url, token="SECRET").get("jobs", action="list jobs")
    assert caught.value.cause is Cause.CERTIFICATE
    assert "CA certificates" in (caught.value.hint or "")
    assert server.requests == []
    assert sleeps == []


def test_plain_http_on_a_tls_url_is_said_plainly(connect):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def reply() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(9999)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=reply)
        thread.start()
        client = connect(f"https://127.0.0.1:{listener.getsockname()[1]}")

        with pytest.raises(ConnectError, match="TLS failed: wrong version number") as caught:
            client.get("jobs", action="list jobs")
        assert caught.value.cause is Cause.NEEDS_HTTP
        assert "http://" in (caught.value.hint or "")
        thread.join(5)


@pytest.mark.parametrize(
    "alert", [b"\x15\x03\x01\x00\x02\x02\x0a", b"\x15\x03\x03\x00\x02\x02\x46"]
)
def test_tls_on_a_plain_url_is_said_plainly(serve, connect, alert, sleeps):
    server = serve(lambda connection: connection.sendall(alert))

    with pytest.raises(ConnectError, match="the server speaks TLS, and not plain http") as caught:
        connect(server.url).get("jobs", action="list jobs")
    assert caught.value.cause is Cause.NEEDS_TLS
    assert caught.value.hint == "write https:// in base_url"
    assert sleeps == []


@pytest.mark.parametrize(
    "body",
    [
        b"<html><center>The plain HTTP request was sent to HTTPS port</center></html>",
        b"Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />",
        b"Client sent an HTTP request to an HTTPS server.\n",
        b"Bad Request\r\nThis combination of host and port requires TLS.\r\n",
    ],
    ids=["nginx", "Apache", "Go", "Tomcat"],
)
def test_a_server_that_asks_for_tls_is_understood(serve, connect, answer, body):
    server = serve(answer(body, 400))

    with pytest.raises(ConnectError) as caught:
        connect(server.url).get("jobs", action="list jobs")
    assert caught.value.cause is Cause.NEEDS_TLS


def test_cookies_are_neither_kept_nor_sent(serve, connect, answer):
    server = serve(answer({}, Set_Cookie="session=1; Path=/"), answer({}))
    client = connect(server.url)

    client.get("jobs", action="list jobs")
    client.get("jobs", action="list jobs")

    assert header(server.requests[1], "Cookie") is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_get_follows_a_redirect_within_the_origin(serve, connect, answer, status):
    server = serve(answer(b"", status, Location="/v2/jobs?limit=3#top"), answer({"jobs": []}))

    response = connect(server.url, token="SECRET").get("jobs", action="list jobs")

    assert response.document == {"jobs": []}
    assert path(server.requests[1]) == "/v2/jobs?limit=3"
    assert header(server.requests[1], "Authorization") == "Bearer SECRET"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["put", "delete"])
def test_a_change_is_never_redirected(serve, connect, answer, status, method):
    server = serve(answer(b"", status, Location="/jobs"), answer({}))

    with pytest.raises(InvalidAnswer, match=f"a redirect to {server.url} must not") as caught:
        getattr(connect(server.url), method)("jobs", 7, action="stop job 7")
    assert len(server.requests) == 1
    assert caught.value.status == status
    assert "final URL" in (caught.value.hint or "")


def test_the_token_does_not_follow_to_another_port(serve, connect, answer):
    other = serve(answer({}))
    server = serve(answer(b"", 302, Location=f"{other.url}/jobs?user=PASSWD"))

    with pytest.raises(InvalidAnswer, match=f"a redirect to {other.url} must not") as caught:
        connect(server.url, token="SECRET").get("jobs", action="list jobs")
    assert caught.value.cause is Cause.REDIRECT
    assert other.requests == []
    assert "PASSWD" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize(
    "location",
    [
        "http://user:PASSWD@{host}/jobs",
        "https://{host}/jobs",
        "//other.invalid/jobs",
        "file:///etc/passwd",
        "http://[",
        "http://{host}:99999999/",
        "http://" + "a" * 64 + ".invalid/",
        "\\\\other.invalid",
        "http://{host}\\@other.invalid/",
    ],
)
def test_a_redirect_to_anything_else_is_refused(serve, connect, answer, location):
    server = serve(lambda connection: connection.sendall(reply), answer({}))
    host = server.url.removeprefix("http://")
    reply = answer(b"", 302, Location=location.format(host=host))

    with pytest.raises(InvalidAnswer, match="redirect") as caught:
        connect(server.url).get("jobs", action="list jobs")
    assert len(server.requests) == 1
    assert "PASSWD" not in "".join(traceback.format_exception(caught.value))


def test_a_redirect_without_a_target_is_refused(serve, connect, answer):
    server = serve(answer(b"", 302))

    with pytest.raises(InvalidAnswer, match="redirect"):
        connect(server.url).get("jobs", action="list jobs")


def test_redirects_end_after_five(serve, connect, answer):
    server = serve(*[answer(b"", 302, Location="/jobs")] * 7)

    with pytest.raises(InvalidAnswer, match="more than 5 redirects"):
        connect(server.url).get("jobs", action="list jobs")
    assert len(server.requests) == 6


def test_the_body_of_a_redirect_is_not_read(serve, connect, answer, hasty_clock):
    def endless_redirect(connection):
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /v2\r\n\r\n")
        while True:
            connection.sendall(b"a" * 1000)

    server = serve(endless_redirect, answer({}))
    client = connect(server.url, monotonic=hasty_clock)

    assert client.get("jobs", action="list jobs").document == {}


def compressed(size_bytes: int) -> bytes:
    return gzip.compress(b" " * size_bytes)


@pytest.mark.parametrize("name", ["gzip", "x-gzip", "GZip"])
@pytest.mark.parametrize("size", [0, 65_000, 65_536, 1_000_000])
def test_a_compressed_answer_is_read(serve, connect, answer, name, size):
    body = gzip.compress(b'{"jobs": "') + gzip.compress(b"a" * size + b'"}')
    server = serve(answer(body, Content_Encoding=name))

    assert connect(server.url).get("jobs", action="list jobs").document == {"jobs": "a" * size}


@pytest.mark.parametrize("lost", [1, 8, 12])
@pytest.mark.parametrize("method", ["get", "delete"])
def test_a_compressed_answer_without_its_end_is_refused(serve, connect, answer, method, lost):
    server = serve(answer(gzip.compress(b"{}")[:-lost], Content_Encoding="gzip"))

    with pytest.raises(InvalidAnswer, match="Content-Encoding ends too early"):
        getattr(connect(server.url), method)("jobs", 7, action="remove job 7")


def test_a_small_answer_that_unpacks_to_a_huge_one_is_refused(serve, connect, answer):
    server = serve(answer(compressed(200_000_000), Content_Encoding="gzip"))

    with pytest.raises(InvalidAnswer, match="larger than 16 MiB"):
        connect(server.url).get("jobs", action="list jobs")


def test_an_answer_may_be_16_mib_and_no_byte_more(serve, connect, answer):
    fits = b"[]" + b" " * (MAX_BODY_BYTES - 2)
    server = serve(answer(fits), answer(fits + b" "))
    client = connect(server.url)

    assert client.get("jobs", action="list jobs").document == []
    with pytest.raises(InvalidAnswer, match="larger than 16 MiB"):
        client.get("jobs", action="list jobs")


@pytest.mark.parametrize(
    "encoding", ["gzip", "deflate", "br", "zstd", "made-up", "gzip, br", "gzip, gzip"]
)
def test_an_encoding_that_can_not_be_undone_is_refused(serve, connect, answer, encoding):
    server = serve(answer(b"\xff not compressed", Content_Encoding=encoding))

    with pytest.raises(InvalidAnswer, match="Content-Encoding"):
        connect(server.url).get("jobs", action="list jobs")


@pytest.mark.parametrize(
    "body",
    [
        b"HTTP/1.1 500 No\r\nContent-Length: 99\r\n\r\n{",
        b"HTTP/1.1 500 No\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nno",
        b"HTTP/1.1 500 No\r\nContent-Length: 99999999\r\n\r\n" + b"a" * 100_000,
    ],
    ids=["cut", "encoding", "large"],
)
def test_a_broken_error_body_does_not_hide_the_status(serve, connect, body):
    server = serve(lambda connection: connection.sendall(body))

    with pytest.raises(ServerError, match="the server answered 500") as caught:
        connect(server.url, retries=0).get("jobs", action="list jobs")
    assert caught.value.status == 500


def test_the_message_of_an_error_body_is_told(serve, connect, answer):
    body = {"error_code": "JOB_CONFLICT", "error_message": "job 7 is running"}
    server = serve(answer(body, 409))

    with pytest.raises(RefusedError) as caught:
        connect(server.url).delete("jobs", 7, action="remove job 7")
    assert str(caught.value) == "can't remove job 7: job 7 is running"
    assert caught.value.facts == f"JOB_CONFLICT, HTTP 409, DELETE {server.url}/jobs/7"


def test_the_certificate_of_the_tests_lasts():
    """The certificate that these tests trust is still valid for many years."""
    details = ssl._ssl._test_decode_cert(str(CERTIFICATE))

    assert details["notAfter"].split()[-2] > "2100"
