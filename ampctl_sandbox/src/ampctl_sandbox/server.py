"""A waitress server with limits, JSON for its own errors, and an end that loses no request."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any

from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.adjustments import Adjustments  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import TcpWSGIServer  # type: ignore[import-untyped]
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask  # type: ignore[import-untyped]

from ampctl_sandbox.http import error_body

MAX_BODY_BYTES = 64 * 1024
MAX_HEADER_BYTES = 16 * 1024
MAX_CONNECTIONS = 100
IDLE_S = 30
DRAIN_S = 5
THREADS = 8

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


class _JsonErrorTask(ErrorTask):  # type: ignore[misc]
    """Answers a request that never reached the application."""

    def execute(self) -> None:
        failure = self.request.error
        body = error_body(failure.code)
        self.status = f"{failure.code} {failure.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class _Task(WSGITask):  # type: ignore[misc]
    """Answers a request; the last one on its connection if the server is stopping."""

    def build_response_header(self) -> bytes:
        if self.channel.server.is_stopping:
            self.set_close_on_finish()
        head: bytes = super().build_response_header()
        return head


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that must finish a request within the idle time, however it drips."""

    task_class = _Task
    error_task_class = _JsonErrorTask
    request_began_at: float | None = None

    def received(self, data: bytes) -> bool:
        answer: bool = super().received(data)
        if self.request is None:
            self.request_began_at = None
        elif self.request_began_at is None:
            self.request_began_at = time.time()
        return answer

    def is_late(self, now: float) -> bool:
        began_at = self.request_began_at
        return not self.requests and began_at is not None and began_at < now - IDLE_S

    def is_quiet(self) -> bool:
        return not self.requests and self.request is None and not self.total_outbufs_len


class Server(TcpWSGIServer):  # type: ignore[misc]
    """Serves one application on one address.

    Args:
        app: the WSGI application.
        host: address to bind to.
        port: port to bind to; 0 for any free one.

    Raises:
        OSError: the address can't be bound.
    """

    channel_class = _Channel
    is_stopping = False

    def __init__(self, app: WsgiApp, *, host: str, port: int) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        listening = _bound_socket(host, port)
        adjustments = Adjustments(
            host=host,
            port=port,
            threads=THREADS,
            ident=None,
            # waitress refuses what reaches its limits.
            max_request_body_size=MAX_BODY_BYTES + 1,
            max_request_header_size=MAX_HEADER_BYTES + 1,
            # The listening socket and the trigger count as connections too.
            connection_limit=MAX_CONNECTIONS + 2,
            channel_timeout=IDLE_S,
            cleanup_interval=1,
            clear_untrusted_proxy_headers=True,
            asyncore_use_poll=True,
        )
        self._threads = ThreadedTaskDispatcher()
        self._threads.set_thread_count(THREADS)
        super().__init__(
            app,
            _sock=listening,
            bind_socket=False,
            dispatcher=self._threads,
            adj=adjustments,
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
        )
        self.port = int(self.effective_port)

    def run(self) -> None:
        """Serve until :meth:`stop` is called, then let running requests end, at most 5 s."""
        while not self.is_stopping:
            wasyncore.loop(timeout=1, use_poll=True, map=self._map, count=1)
        self._drain()

    def stop(self) -> None:
        """Make :meth:`run` end; may be called from any thread and from a signal handler."""
        self.is_stopping = True
        self.pull_trigger()

    def maintenance(self, now: float) -> None:
        """Close the connections that have been idle, or busy with one request, for too long."""
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.is_late(now):
                channel.will_close = True

    def _drain(self) -> None:
        self.accepting = False
        wasyncore.dispatcher.close(self)
        end = time.monotonic() + DRAIN_S
        while self.active_channels and time.monotonic() < end:
            for channel in list(self.active_channels.values()):
                if channel.is_quiet():
                    channel.will_close = True
            wasyncore.loop(timeout=0.05, use_poll=True, map=self._map, count=1)
        self._threads.shutdown(timeout=max(0.1, end - time.monotonic()))
        self.shut()

    def shut(self) -> None:
        """Close all sockets and end all threads, at once."""
        self._threads.set_thread_count(0)
        wasyncore.close_all(self._map)


def _bound_socket(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
    except BaseException:
        listening.close()
        raise
    return listening
