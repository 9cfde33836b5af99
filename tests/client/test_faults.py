"""Every foreign exception has a counterpart, in plain words, without secrets."""

import errno
import inspect
import socket
import traceback

import pytest
import requests.exceptions
import urllib3.exceptions

from ampctl.client._attempt import Attempt, Timeouts
from ampctl.client._call import Call
from ampctl.client._faults import FOREIGN, KINDS, find_kind, translate
from ampctl.client._origin import Origin
from ampctl.client._retry import RetryableError
from ampctl.errors import (
    AmpError,
    ApiError,
    Cause,
    ConnectError,
    ConnectionLost,
    InvalidAnswer,
    RequestTimeout,
    UsageError,
)

CALL = Call("GET", "http://localhost:1610/jobs", "list jobs")


def exceptions_of(module):
    return [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception)
        and not issubclass(kind, Warning)
        and kind.__module__ == module.__name__
    ]


def raised(error: Exception, *, is_connecting: bool = False, **options) -> Exception:
    attempt = Attempt(Timeouts(), lambda: 0.0)
    attempt.is_connecting = is_connecting
    return translate(error, options.pop("call", CALL), attempt, **options)


def translated(error: Exception, **options) -> AmpError:
    result = raised(error, **options)
    return result.error if isinstance(result, RetryableError) else result


@pytest.mark.parametrize("kind", exceptions_of(requests.exceptions), ids=lambda k: k.__name__)
def test_each_exception_of_requests_has_its_own_counterpart(kind):
    assert kind in KINDS
    assert issubclass(kind, FOREIGN)


@pytest.mark.parametrize("kind", exceptions_of(urllib3.exceptions), ids=lambda k: k.__name__)
def test_each_exception_of_urllib3_has_a_counterpart(kind):
    assert issubclass(kind, FOREIGN)
    assert find_kind(kind.__new__(kind)) is not None


@pytest.mark.parametrize("kind", sorted(KINDS, key=repr), ids=lambda k: k.__name__)
def test_each_counterpart_is_raised_without_the_foreign_text(kind):
    error = translated(kind.__new__(kind, "Bearer SECRET http://user:PASSWD@host"))

    assert isinstance(error, ApiError | UsageError)
    assert error.message.startswith("can't list jobs: ")
    assert "SECRET" not in f"{error} {error.hint}"
    assert isinstance(error, KINDS[kind])


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (UnicodeEncodeError("idna", "x", 0, 1, "label too long"), InvalidAnswer),
        (ValueError("SECRET"), InvalidAnswer),
        (urllib3.exceptions.LocationParseError("http://u:PASSWD@h"), UsageError),
        (requests.exceptions.InvalidURL("http://u:PASSWD@h"), UsageError),
        (ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"), ConnectionLost),
    ],
)
def test_other_exceptions_have_a_counterpart(error, kind):
    assert type(translated(error)) is kind


@pytest.mark.parametrize(
    ("kind", "hint"),
    [
        (ConnectionRefusedError, "base_url"),
        (ConnectionResetError, "server is healthy"),
        (TimeoutError, "more time"),
        (urllib3.exceptions.DecodeError, "base_url"),
        (urllib3.exceptions.LocationValueError, "base_url"),
    ],
)
def test_a_next_step_is_told(kind, hint):
    assert hint in (translated(kind.__new__(kind)).hint or "")


def test_a_proxy_that_can_not_be_reached_is_named():
    proxy = Origin.parse("http://proxy.example:3128")

    error = translated(ConnectionRefusedError(errno.ECONNREFUSED, "Refused"), proxy=proxy)

    assert "through the proxy http://proxy.example:3128" in error.message
    assert "proxies" in (error.hint or "")


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("kind", [ConnectionResetError, TimeoutError])
def test_a_change_without_an_answer_may_have_been_made_and_a_question_has_not(kind, method):
    error = translated(kind.__new__(kind), call=CALL._replace(method=method))

    assert ("may have done it all the same" in error.message) is (method != "GET")
    assert error.message.startswith(
        ("can't list jobs: the connection broke", "can't list jobs: the answer")
    )


@pytest.mark.parametrize(
    ("error", "is_retried"),
    [
        (ConnectionResetError(errno.ECONNRESET, "Reset"), True),
        (urllib3.exceptions.SSLError("bad record"), False),
    ],
    ids=["reset", "tls"],
)
def test_a_connection_that_broke_is_tried_again_unless_its_encryption_failed(error, is_retried):
    assert isinstance(raised(error), RetryableError) is is_retried


def test_the_status_that_a_proxy_gave_to_a_tunnel_is_passed_on_and_no_text():
    told = "Tunnel connection failed: 407"

    def message(cause: OSError) -> str:
        error = urllib3.exceptions.ProxyError("Cannot connect to proxy.", cause)
        error.__cause__ = cause
        return translated(error, is_connecting=True).message

    assert message(OSError(f"{told} SECRET")).endswith(told)
    assert "no connection" in message(OSError("Bearer SECRET"))
    # Only the plain class comes from http.client.
    assert "no connection" in message(ConnectionError(told))


def test_a_broken_connection_is_no_connection_while_connecting():
    reset = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")

    assert type(translated(reset, is_connecting=True)) is ConnectError


@pytest.mark.parametrize("kind", exceptions_of(requests.exceptions), ids=lambda k: k.__name__)
def test_no_exception_of_requests_gets_out_of_the_client(api, connect, kind):
    api.mocker.get("http://localhost:1610/jobs", exc=kind.__new__(kind, "Bearer SECRET"))

    with pytest.raises(AmpError) as caught:
        connect().get("jobs", action="list jobs")
    assert caught.value.message.startswith("can't list jobs: ")


def test_urls_with_passwords_are_not_in_the_traceback(api, connect):
    api.mocker.get(
        "http://localhost:1610/jobs",
        exc=urllib3.exceptions.LocationParseError("http://u:PASS" + "WD@h"),
    )

    with pytest.raises(UsageError) as caught:
        connect().get("jobs", action="list jobs")
    assert "PASS" + "WD" not in "".join(traceback.format_exception(caught.value))


def test_a_refused_connection_says_so_and_what_to_do(connect, unused_url):
    with pytest.raises(ConnectError) as caught:
        connect(unused_url, retries=0).get("jobs", action="list jobs")
    assert str(caught.value) == "can't list jobs: connection refused"
    assert caught.value.request == f"GET {unused_url}/jobs"
    assert caught.value.hint == "check base_url, and that the server is running"
    assert caught.value.cause is Cause.REFUSED
    assert caught.value.is_loopback


def test_an_unknown_host_says_so_once(connect, sleeps, monkeypatch):
    def getaddrinfo(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    with pytest.raises(ConnectError, match="host not found") as caught:
        connect("https://amp.invalid").get("jobs", action="list jobs")
    assert caught.value.cause is Cause.HOST_NOT_FOUND
    assert not caught.value.is_loopback
    assert sleeps == []


def test_a_read_timeout_is_not_tried_again(api, connect, sleeps):
    api.mocker.get("http://localhost:1610/jobs", exc=requests.exceptions.ReadTimeout)

    with pytest.raises(RequestTimeout) as caught:
        connect().get("jobs", action="list jobs")
    assert caught.value.cause is Cause.TIME_LIMIT
    assert sleeps == []
