"""A waitress server with limits, which loses no request when it stops."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from waitress import wasyncore  # type: ignore[import-untyped]
from waitress.adjustments import Adjustments  # type: ignore[import-untyped]
from waitress.server import TcpWSGIServer  # type: ignore[import-untyped]
from waitress.task import ThreadedTaskDispatcher  # type: ignore[import-untyped]

from ampctl_sandbox.web.addresses import bind_socket
from ampctl_sandbox.web.channel import Channel, waitress_log
from ampctl_sandbox.web.request import Stopping

MAX_BODY_BYTES = 64 * 1024
MAX_HEADER_BYTES = 16 * 1024
MAX_CONNECTIONS = 100
# Longer than a read may take; all in all less than five seconds.
DRAIN_S = 3.5
REFUSING_S = 0.5
# More threads would only wait for the interpreter's lock; a change waits for the database more
# than it computes.
READING_THREADS = 4
CHANGING_THREADS = 8
_WARN_EVERY_S = 60

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

logger = logging.getLogger(__name__)


class _Threads(ThreadedTaskDispatcher):  # type: ignore[misc]
    logger = waitress_log
    queue_logger = waitress_log

    def __init__(self, count: int) -> None:
        super().__init__()
        self.set_thread_count(count)


class Server(TcpWSGIServer):  # type: ignore[misc]
    """Serves one application on one address.

    Args:
        app: the WSGI application.
        host: address to bind to.
        port: port to bind to; 0 for any free one.

    Raises:
        OSError: the address can't be bound.
    """

    channel_class = Channel
    logger = waitress_log
    is_stopping = False

    def __init__(self, app: WsgiApp, *, host: str, port: int) -> None:
        listening = bind_socket(host, port)
        adjustments = Adjustments(
            host=host,
            port=port,
            ident=None,
            # waitress refuses what reaches its limits.
            max_request_body_size=MAX_BODY_BYTES + 1,
            max_request_header_size=MAX_HEADER_BYTES + 1,
            # The listening socket and the trigger count as connections too.
            connection_limit=MAX_CONNECTIONS + 2,
            cleanup_interval=1,
            clear_untrusted_proxy_headers=True,
            asyncore_use_poll=True,
        )
        # Changes that wait for the database must not block readers.
        self._readers = _Threads(READING_THREADS)
        self._changers = _Threads(CHANGING_THREADS)
        self._warned_at = -math.inf
        # A signal handler may interrupt the thread that holds it.
        self._trigger_lock = threading.RLock()
        self._is_shut = False
        super().__init__(
            app,
            _sock=listening,
            bind_socket=False,
            dispatcher=self._readers,
            adj=adjustments,
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
        )
        self.port = int(self.effective_port)

    def run(self) -> None:
        """Serve until :meth:`stop` is called.

        Requests under way then have 3.5 s to end; the others are answered with 503.
        """
        while not self.is_stopping:
            self._loop(1)
        self._accept_waiting()
        self._loop_until_done(DRAIN_S)
        self._end_threads()
        for channel in self._channels():
            channel.refuse(Stopping("stopping"))
        self._loop_until_done(REFUSING_S)
        self.shut_down()

    def stop(self) -> None:
        """Make :meth:`run` end; may be called from any thread and from a signal handler."""
        if not self.is_stopping:
            self.is_stopping = True
            self.pull_trigger()

    def shut_down(self) -> None:
        """Close all sockets and end all threads, at once."""
        self._end_threads()
        with self._trigger_lock:
            self._is_shut = True
            wasyncore.close_all(self._map)

    def pull_trigger(self) -> None:
        """Wake the loop, if it still runs: a thread may end when all sockets are closed."""
        with self._trigger_lock:
            if not self._is_shut:
                super().pull_trigger()

    def add_task(self, channel: Channel) -> None:
        """Queue the first request of ``channel`` for a thread."""
        is_change = channel.requests[0].command in ("PUT", "DELETE")
        (self._changers if is_change else self._readers).add_task(channel)

    def maintenance(self, now: float) -> None:
        """End the connections that have been idle, or receiving one request, for too long."""
        for channel in self._channels():
            channel.end_if_expired(now)

    def readable(self) -> bool:
        """Tell whether another connection may be accepted."""
        was_full = self.in_connection_overflow
        has_room: bool = super().readable()
        now = time.monotonic()
        is_new = self.in_connection_overflow and not was_full
        if is_new and now >= self._warned_at + _WARN_EVERY_S:
            self._warned_at = now
            logger.warning("%d connections are open; more have to wait", MAX_CONNECTIONS)
        return has_room

    def _channels(self) -> list[Channel]:
        return list(self.active_channels.values())

    def _end_threads(self) -> None:
        # Each ends before it begins another request.
        self._readers.set_thread_count(0)
        self._changers.set_thread_count(0)

    def _loop(self, timeout_s: float) -> None:
        wasyncore.loop(timeout=timeout_s, use_poll=True, map=self._map, count=1)

    def _accept_waiting(self) -> None:
        for _ in range(MAX_CONNECTIONS - len(self.active_channels)):
            self.handle_accept()
        self.accepting = False
        wasyncore.dispatcher.close(self)
        self._loop(0)

    def _loop_until_done(self, timeout_s: float) -> None:
        end = time.monotonic() + timeout_s
        while self.active_channels and time.monotonic() < end:
            for channel in self._channels():
                channel.will_close = channel.will_close or channel.is_idle()
            self.maintenance(time.time())
            self._loop(0.05)
