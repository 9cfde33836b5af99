"""What goes wrong below the client, in the words of :mod:`ampctl.errors`.

requests wraps urllib3's exceptions, which wrap those of :mod:`http.client`, :mod:`ssl` and
:mod:`socket`: the innermost one that is known here tells what happened. Texts of foreign
exceptions are not passed on, since some quote headers and URLs; only what the operating system
and the TLS library say is.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator

import requests.exceptions
import urllib3.exceptions

from ampctl.client._attempt import Attempt
from ampctl.client._call import Call
from ampctl.client._origin import Origin
from ampctl.client._retry import RetryableError
from ampctl.errors import (
    AmpError,
    Cause,
    ConnectError,
    ConnectionLost,
    InvalidAnswer,
    RequestTimeout,
    UsageError,
)

#: What code that sends a request or reads its answer must catch.
FOREIGN = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError, ValueError)

#: Known exceptions; of a class and its base, the nearer one counts.
KINDS: dict[type[BaseException], type[AmpError]] = {
    # The machine's own
    socket.gaierror: ConnectError,
    ConnectionRefusedError: ConnectError,
    ssl.SSLError: ConnectionLost,
    TimeoutError: RequestTimeout,
    OSError: ConnectionLost,
    # http.client
    http.client.RemoteDisconnected: ConnectionLost,
    http.client.IncompleteRead: ConnectionLost,
    http.client.HTTPException: InvalidAnswer,
    # urllib3
    urllib3.exceptions.TimeoutError: RequestTimeout,
    urllib3.exceptions.NewConnectionError: ConnectError,
    urllib3.exceptions.SSLError: ConnectionLost,
    urllib3.exceptions.ProxyError: ConnectError,
    urllib3.exceptions.DecodeError: InvalidAnswer,
    urllib3.exceptions.InvalidHeader: InvalidAnswer,
    urllib3.exceptions.LocationValueError: UsageError,
    urllib3.exceptions.ProxySchemeUnsupported: UsageError,
    urllib3.exceptions.HTTPError: ConnectionLost,
    # requests
    requests.exceptions.ConnectionError: ConnectionLost,
    requests.exceptions.ProxyError: ConnectError,
    requests.exceptions.SSLError: ConnectError,
    requests.exceptions.Timeout: RequestTimeout,
    requests.exceptions.ConnectTimeout: RequestTimeout,
    requests.exceptions.ReadTimeout: RequestTimeout,
    requests.exceptions.ChunkedEncodingError: ConnectionLost,
    requests.exceptions.RetryError: ConnectionLost,
    requests.exceptions.StreamConsumedError: ConnectionLost,
    requests.exceptions.UnrewindableBodyError: ConnectionLost,
    requests.exceptions.ContentDecodingError: InvalidAnswer,
    requests.exceptions.HTTPError: InvalidAnswer,
    # Our headers are checked beforehand, so the answer's are meant.
    requests.exceptions.InvalidHeader: InvalidAnswer,
    requests.exceptions.InvalidJSONError: InvalidAnswer,
    requests.exceptions.JSONDecodeError: InvalidAnswer,
    requests.exceptions.TooManyRedirects: InvalidAnswer,
    requests.exceptions.InvalidProxyURL: UsageError,
    requests.exceptions.InvalidSchema: UsageError,
    requests.exceptions.InvalidURL: UsageError,
    requests.exceptions.MissingSchema: UsageError,
    requests.exceptions.URLRequired: UsageError,
    requests.exceptions.RequestException: ConnectionLost,
}

_TLS = (ssl.SSLError, urllib3.exceptions.SSLError, requests.exceptions.SSLError)
_DECODING = (urllib3.exceptions.DecodeError, requests.exceptions.ContentDecodingError)


def kind_of(error: BaseException) -> type[AmpError] | None:
    """Return the class that stands for an exception, whatever it wraps."""
    return next((KINDS[base] for base in type(error).__mro__ if base in KINDS), None)


def translate(
    error: Exception, call: Call, attempt: Attempt, proxy: Origin | None = None
) -> AmpError | RetryableError:
    """Return what to raise for an exception that is one of :data:`FOREIGN`.

    Args:
        error: as it came out of requests.
        call: what was being sent.
        attempt: how far it had come.
        proxy: what stood between.
    """
    # requests looks for the CA file itself, and raises the bare class if there is none.
    if type(error) is OSError and error.errno is None:
        reason = "the file of CA certificates is missing"
        return UsageError(call.describe(reason), setting="ca_file")
    cause, kind = _decisive_cause(error)
    if kind is ConnectionLost and attempt.is_connecting:
        kind = ConnectError
    if kind is ConnectError:
        return _no_connection(cause, call, proxy)
    if kind is ConnectionLost:
        return _lost_connection(cause, call)
    if kind is RequestTimeout:
        return _timeout(call, attempt)
    if kind is UsageError:
        return UsageError(
            call.describe("the URL of the server or of the proxy can't be used"),
            hint="check base_url and the proxies",
            setting="base_url",
        )
    return _invalid_answer(cause, call)


def _decisive_cause(error: BaseException) -> tuple[BaseException, type[AmpError]]:
    # A ValueError alone: all that is sent was checked, so something came that can't be read.
    decisive: tuple[BaseException, type[AmpError]] = (error, InvalidAnswer)
    for cause in _chain(error):
        kind = kind_of(cause)
        if kind is not None:
            decisive = cause, kind
    return decisive


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _no_connection(
    cause: BaseException, call: Call, proxy: Origin | None
) -> ConnectError | RetryableError:
    reason = _plain_reason(cause)
    error = call.failure(
        ConnectError,
        f"{reason} (through the proxy {proxy})" if proxy else reason,
        cause=Cause.PROXY if proxy else _cause_of(cause),
        is_loopback=Origin.parse(call.url).is_loopback,
    )
    # Neither a misspelt name nor a certificate changes within seconds.
    if isinstance(cause, (socket.gaierror, *_TLS)):
        return error
    return RetryableError(error, is_unprocessed=True)


def _cause_of(error: BaseException) -> Cause:
    if isinstance(error, socket.gaierror):
        return Cause.HOST_NOT_FOUND
    if isinstance(error, ssl.SSLCertVerificationError):
        return Cause.CERTIFICATE
    return Cause.TLS if isinstance(error, _TLS) else Cause.REFUSED


def _lost_connection(cause: BaseException, call: Call) -> ConnectionLost | RetryableError:
    reason = "the connection broke before the answer was complete"
    if isinstance(cause, OSError) and cause.strerror:
        reason = f"{reason}: {_plain_reason(cause)}"
    reason += _doubt(call)
    error = call.failure(ConnectionLost, reason, cause=Cause.CONNECTION_LOST)
    return error if isinstance(cause, _TLS) else RetryableError(error, is_unprocessed=False)


def _timeout(call: Call, attempt: Attempt) -> RequestTimeout:
    return call.failure(
        RequestTimeout,
        (attempt.limit or "the answer took too long") + _doubt(call),
        cause=Cause.TIME_LIMIT,
    )


def _doubt(call: Call) -> str:
    """Return what has to be said of a change whose answer never came."""
    return "" if call.method == "GET" else "; the server may have done it all the same"


def _invalid_answer(cause: BaseException, call: Call) -> InvalidAnswer:
    reason = "the answer is not proper HTTP"
    if isinstance(cause, _DECODING):
        reason = "the answer's Content-Encoding can't be undone"
    return call.failure(InvalidAnswer, reason, cause=Cause.NOT_AN_API)


def _plain_reason(cause: BaseException) -> str:
    if isinstance(cause, socket.gaierror):
        return "host not found"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"certificate verify failed: {cause.verify_message}"
    if isinstance(cause, ssl.SSLError):
        return f"TLS failed: {(cause.reason or 'unknown reason').replace('_', ' ').lower()}"
    if isinstance(cause, _TLS):
        return "TLS failed"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror[:1].lower() + cause.strerror[1:]
    # The one text of http.client that says something: a status that the proxy sent.
    if type(cause) is OSError and str(cause).startswith("Tunnel connection failed"):
        return str(cause)[:200]
    return "no connection"
