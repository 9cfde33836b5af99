"""urllib3 connections with a deadline for the complete response.

The timeout of a socket limits one ``recv`` only, so a server that sends a byte now and then never
exceeds it; and :mod:`http.client` treats the end of a connection as the end of the headers. Both
are corrected in the raw stream, below the buffer from which status line, headers and body are read.
"""

from __future__ import annotations

import http.client
import io
import os
import socket
import ssl
from typing import TYPE_CHECKING, Any

import requests
import requests.adapters
import urllib3.connection
import urllib3.connectionpool

from ampctl.client._attempt import Attempt, current_attempt

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer
    from urllib3._base_connection import BaseHTTPConnection

# More than the eight requests that ampctl makes at a time, so that all connections are kept.
_POOL_SIZE = 16
_TLS_ALERT = b"\x15\x03"


class SpeaksTls(http.client.HTTPException):
    """The answer to plain HTTP is an alert of TLS."""


class _BoundedReader(io.RawIOBase):
    """The raw stream of one response; no ``recv`` waits longer than the attempt may."""

    def __init__(self, stream: io.RawIOBase, sock: socket.socket, attempt: Attempt) -> None:
        super().__init__()
        self._stream = stream
        self._socket = sock
        self._attempt = attempt
        self.is_in_headers = False
        self._is_untouched = True

    def readable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        self._socket.settimeout(self._attempt.compute_read_wait_s())
        count = self._stream.readinto(buffer)
        if count == 0 and self.is_in_headers:
            raise http.client.RemoteDisconnected("the connection ended before the headers did")
        if self._is_untouched and bytes(memoryview(buffer)[:2]) == _TLS_ALERT:
            raise SpeaksTls
        self._is_untouched = False
        return count

    def close(self) -> None:
        self._stream.close()
        super().close()


class _BoundedResponse(http.client.HTTPResponse):
    """A response that is read through a :class:`_BoundedReader`."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        stream = sock.makefile("rb", buffering=0)
        self._reader = _BoundedReader(stream, sock, current_attempt.get())
        # In this order a Ctrl-C between two lines always leaves a buffer that can be closed.
        unbounded, self.fp = self.fp, io.BufferedReader(self._reader)
        unbounded.close()

    def begin(self) -> None:
        self._reader.is_in_headers = True
        super().begin()
        self._reader.is_in_headers = False


class _HttpConnection(urllib3.connection.HTTPConnection):
    response_class = _BoundedResponse
    # A program that sets http.client.HTTPConnection.debuglevel would print the token to stdout.
    debuglevel = 0

    def connect(self) -> None:
        with current_attempt.get().mark_connecting():
            super().connect()


class _HttpsConnection(urllib3.connection.HTTPSConnection):
    response_class = _BoundedResponse
    debuglevel = 0

    def connect(self) -> None:
        with current_attempt.get().mark_connecting():
            super().connect()


class _HttpPool(urllib3.connectionpool.HTTPConnectionPool):
    ConnectionCls = _HttpConnection


class _HttpsPool(urllib3.connectionpool.HTTPSConnectionPool):
    ConnectionCls = _HttpsConnection

    def _validate_conn(self, conn: BaseHTTPConnection) -> None:
        """Connect, without urllib3's warning that nothing is verified: the caller chose that."""
        if conn.is_closed:
            conn.connect()


_POOLS = {"http": _HttpPool, "https": _HttpsPool}


class BoundedAdapter(requests.adapters.HTTPAdapter):
    """Sends requests over connections with a deadline, without retries.

    It must be used while an attempt is current: :meth:`Attempt.make_current`.

    Args:
        context: for all TLS connections, to the server and to a proxy; None if there are none.
    """

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        self._process = os.getpid()
        super().__init__(pool_maxsize=_POOL_SIZE, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, proxy_ssl_context=self._context, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        """Let every connection use the one context, whatever requests makes of ``verify``."""
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {"ssl_context": self._context} if self._context else {}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Leave the certificates to the context: requests would load others into it."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Send a request, in a forked process over connections of its own."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self.proxy_manager.clear()
            self.init_poolmanager(requests.adapters.DEFAULT_POOLSIZE, _POOL_SIZE)
        return super().send(request, *args, **kwargs)
