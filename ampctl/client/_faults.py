"""The translation of foreign exceptions into those of :mod:`ampctl.errors`.

requests wraps urllib3's exceptions, which wrap those of :mod:`http.client`, :mod:`ssl` and
:mod:`socket`: the innermost one that is in the table decides. Texts of foreign exceptions are not
passed on, since some quote headers and URLs, except those of the operating system and of the TLS
library.
"""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Iterator

import requests.exceptions
import urllib3.exceptions

from ampctl.client._attempt import Attempt
from ampctl.client._call import Call
from ampctl.client._connection import SpeaksTls
from ampctl.client._origin import Origin
from ampctl.client._retry import RetryableError
from ampctl.client._status import SPEAKS_TLS
from ampctl.client.hints import ARGUMENT_HINTS
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
    SpeaksTls: ConnectError,
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
# What OpenSSL makes of the text of plain HTTP, by version.
_NOT_TLS = {
    "HTTP_REQUEST",
    "PACKET_LENGTH_TOO_LONG",
    "RECORD_LAYER_FAILURE",
    "WRONG_VERSION_NUMBER",
}
_TUNNEL = re.compile(r"Tunnel connection failed: \d+")
_DECODING = (urllib3.exceptions.DecodeError, requests.exceptions.ContentDecodingError)


def find_kind(error: BaseException) -> type[AmpError] | None:
    """Return the counterpart of an exception, whatever it wraps."""
    return next((KINDS[base] for base in type(error).__mro__ if base in KINDS), None)


def translate(
    error: Exception, call: Call, attempt: Attempt, proxy: Origin | None = None
) -> AmpError | RetryableError:
    """Return what to raise for an exception that is one of :data:`FOREIGN`.

    Args:
        error: what requests raised.
        call: what was being sent.
        attempt: the attempt that failed.
        proxy: the proxy that was used, if any.
    """
    cause, kind = _find_decisive_cause(error)
    if kind is ConnectionLost and attempt.is_connecting:
        kind = ConnectError
    if kind is ConnectError:
        return _build_connect_error(cause, call, proxy)
    if kind is ConnectionLost:
        return _build_connection_lost(cause, call)
    if kind is RequestTimeout:
        return _build_timeout(call, attempt)
    if kind is UsageError:
        return UsageError(
            call.describe("the URL of the server or of the proxy can't be used"),
            hint=ARGUMENT_HINTS["base_url"],
            setting="base_url",
        )
    return _build_invalid_answer(cause, call)


def _find_decisive_cause(error: BaseException) -> tuple[BaseException, type[AmpError]]:
    # A bare ValueError is about the response, since all that is sent was checked.
    decisive: tuple[BaseException, type[AmpError]] = (error, InvalidAnswer)
    for cause in _walk_chain(error):
        kind = find_kind(cause)
        if kind is not None:
            decisive = cause, kind
    return decisive


def _walk_chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _build_connect_error(
    cause: BaseException, call: Call, proxy: Origin | None
) -> ConnectError | RetryableError:
    reason = _describe_reason(cause)
    error = call.build_error(
        ConnectError,
        f"{reason} (through the proxy {proxy})" if proxy else reason,
        cause=Cause.PROXY if proxy else _find_cause(cause),
        is_loopback=Origin.parse(call.url).is_loopback,
    )
    # Neither a misspelt name nor a certificate changes within seconds.
    if isinstance(cause, (socket.gaierror, SpeaksTls, *_TLS)):
        return error
    return RetryableError(error, is_unprocessed=True)


def _find_cause(error: BaseException) -> Cause:
    if isinstance(error, socket.gaierror):
        return Cause.HOST_NOT_FOUND
    if isinstance(error, ssl.SSLCertVerificationError):
        return Cause.CERTIFICATE
    if isinstance(error, SpeaksTls):
        return Cause.NEEDS_TLS
    if isinstance(error, ssl.SSLError) and error.reason in _NOT_TLS:
        return Cause.NEEDS_HTTP
    return Cause.TLS if isinstance(error, _TLS) else Cause.REFUSED


def _build_connection_lost(cause: BaseException, call: Call) -> ConnectionLost | RetryableError:
    reason = "the connection broke before the answer was complete"
    if isinstance(cause, OSError) and cause.strerror:
        reason = f"{reason}: {_describe_reason(cause)}"
    reason += call.doubt
    error = call.build_error(ConnectionLost, reason, cause=Cause.CONNECTION_LOST)
    return error if isinstance(cause, _TLS) else RetryableError(error, is_unprocessed=False)


def _build_timeout(call: Call, attempt: Attempt) -> RequestTimeout:
    return call.build_error(
        RequestTimeout,
        (attempt.limit or "the answer took too long") + call.doubt,
        cause=Cause.TIME_LIMIT,
    )


def _build_invalid_answer(cause: BaseException, call: Call) -> InvalidAnswer:
    reason = "the answer is not proper HTTP"
    if isinstance(cause, _DECODING):
        reason = "the answer's Content-Encoding can't be undone"
    return call.build_error(InvalidAnswer, reason + call.doubt, cause=Cause.NOT_AN_API)


def _describe_reason(cause: BaseException) -> str:
    if isinstance(cause, socket.gaierror):
        return "host not found"
    if isinstance(cause, SpeaksTls):
        return SPEAKS_TLS
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"certificate verify failed: {cause.verify_message}"
    if isinstance(cause, ssl.SSLError):
        return f"TLS failed: {(cause.reason or 'unknown reason').replace('_', ' ').lower()}"
    if isinstance(cause, _TLS):
        return "TLS failed"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror[:1].lower() + cause.strerror[1:]
    # The one text of http.client that says something: a status that the proxy sent.
    if type(cause) is OSError and (tunnel := _TUNNEL.match(str(cause))):
        return tunnel[0]
    return "no connection"
