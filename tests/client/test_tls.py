"""Which certificates are trusted, and what of the environment plays no part in it."""

import os
import socket
import threading
from pathlib import Path

import pytest

from ampctl.client import AdminClient
from ampctl.errors import Cause, ConnectError, UsageError

CERTIFICATE = Path(__file__).with_name("localhost.pem")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file or directory"),
        (b"", "it holds no certificate"),
        (b"no certificate", "it holds no certificate"),
    ],
    ids=["missing", "empty", "bad"],
)
def test_a_ca_file_that_can_not_be_used_is_refused(tmp_path, content, reason):
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(UsageError, match=rf"can't read the CA file '.*ca\.pem': {reason}$"):
        AdminClient("https://localhost", ca_file=path)


def test_a_ca_file_is_checked_even_where_it_is_not_needed(tmp_path):
    with pytest.raises(UsageError, match="can't read the CA file"):
        AdminClient("http://localhost", ca_file=tmp_path / "ca.pem")


def test_an_empty_ca_file_does_not_turn_certificate_checks_off(serve, answer):
    server = serve(answer({}), tls=True)

    with pytest.raises(UsageError, match="can't read the CA file ''"):
        AdminClient(server.url, ca_file="", token="TOKEN", retries=0).get("jobs", action="list")

    assert server.requests == []


def test_a_ca_file_may_be_a_pipe_which_can_be_read_once(serve, connect, answer):
    server = serve(answer({}), lambda connection: None, answer({}), tls=True)
    reader, writer = os.pipe()
    # From another thread, in case the pipe holds less than the file.
    thread = threading.Thread(target=write, args=(writer, CERTIFICATE.read_bytes()))
    thread.start()

    client = connect(server.url, ca_file=f"/dev/fd/{reader}")
    thread.join(30)
    os.close(reader)

    for _ in range(2):  # the second one over a new connection
        assert client.get("jobs", action="list jobs").document == {}
    assert server.connections == 2


def write(descriptor: int, data: bytes) -> None:
    with open(descriptor, "wb") as file:
        file.write(data)


@pytest.mark.parametrize("url", [None, "http://amp.invalid"], ids=["server", "proxy"])
def test_no_keys_of_sessions_are_written(serve, connect, answer, tmp_path, monkeypatch, url):
    keys = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    server = serve(answer({}), tls=True)
    proxies = {"HTTP_PROXY": server.url}

    connect(url or server.url, ca_file=CERTIFICATE, proxies=proxies).get("jobs", action="list")

    assert len(server.requests) == 1
    assert not keys.exists()


def test_no_keys_are_written_on_the_way_through_a_proxy(serve, connect, tmp_path, monkeypatch):
    keys = tmp_path / "keys"
    monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
    proxy = serve(lambda connection: connection.sendall(b"HTTP/1.1 407 No\r\n\r\n"), tls=True)
    proxies = {"HTTPS_PROXY": proxy.url}
    client = connect("https://amp.invalid", ca_file=CERTIFICATE, proxies=proxies, retries=0)

    with pytest.raises(ConnectError, match="407"):
        client.get("jobs", action="list jobs")
    assert proxy.requests[0].startswith(b"CONNECT amp.invalid:443 ")
    assert not keys.exists()


def test_a_file_for_keys_that_can_not_be_written_is_no_matter(serve, connect, answer, monkeypatch):
    monkeypatch.setenv("SSLKEYLOGFILE", "/nope/keys")
    server = serve(answer({}), tls=True)

    connect(server.url, ca_file=CERTIFICATE).get("jobs", action="list jobs")


def test_certificates_of_the_environment_are_not_trusted(serve, connect, monkeypatch):
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(CERTIFICATE))
    monkeypatch.setenv("SSL_CERT_DIR", str(CERTIFICATE.parent))
    server = serve(tls=True)

    with pytest.raises(ConnectError) as caught:
        connect(server.url, token="SECRET").get("jobs", action="list jobs")
    assert caught.value.cause is Cause.CERTIFICATE
    assert server.requests == []


def test_a_certificate_of_another_host_is_refused(serve, connect, answer, monkeypatch):
    find = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest: find("127.0.0.1", *rest))
    server = serve(answer({}), tls=True)
    url = server.url.replace("127.0.0.1", "amp.invalid")

    with pytest.raises(ConnectError, match="Hostname mismatch") as caught:
        connect(url, ca_file=CERTIFICATE).get("jobs", action="list jobs")
    assert server.requests == []
    assert caught.value.cause is Cause.CERTIFICATE


def test_any_certificate_will_do_if_the_caller_says_so(serve, connect, answer):
    server = serve(answer({}), tls=True)

    assert connect(server.url, verify=False).get("jobs", action="list jobs").document == {}
