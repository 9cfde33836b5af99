"""A connection: one request after the other, each with one response, and an orderly end."""

from __future__ import annotations

import logging
import socket
import time
from typing import Any

from waitress.channel import ClientDisconnected, HTTPChannel  # type: ignore[import-untyped]
from waitress.task import ErrorTask, Task, WSGITask  # type: ignore[import-untyped]
from waitress.utilities import Error, build_http_date  # type: ignore[import-untyped]

from ampctl_sandbox.api.refusal import Refusal
from ampctl_sandbox.web.request import Request, RequestTimeout

IDLE_S = 30
LINGER_S = 2
MAX_LINGER_BYTES = 64 * 1024 * 1024

logger = logging.getLogger(__name__)


class _DebugLog(logging.LoggerAdapter):  # type: ignore[type-arg]
    """Writes what waitress logs to the debug log, and only that a request failed above it."""

    def log(self, level: int, msg: object, *args: object, **kwargs: Any) -> None:
        if level >= logging.ERROR:
            self.logger.error("a request could not be served; the debug log tells why")
        super().log(logging.DEBUG, msg, *args, **kwargs)


waitress_log = _DebugLog(logging.getLogger(f"{__name__}.waitress"), {})


class _Response(Task):  # type: ignore[misc]
    """What all responses have in common: their head, and that there is one to a request."""

    logger = waitress_log
    wrote_header = False

    def write(self, data: bytes) -> None:
        """Send the head together with the first part of the body, so that both are one packet."""
        if self.wrote_header:
            self.channel.write_soon(data)
            return
        head = self.build_response_header()
        self.wrote_header = True
        self.channel.write_soon(head + data if self.has_body else head)
        self.content_bytes_written += len(data)

    def build_response_header(self) -> bytes:
        """Return the head.

        Raises:
            ClientDisconnected: the request was answered in the meantime.
        """
        if not self.channel.claim(self.request):
            raise ClientDisconnected
        has_end = not self.has_body or self.content_length is not None
        if self.channel.server.is_stopping or not self.request.keeps_alive or not has_end:
            self.set_close_on_finish()
        elif self.request.version == "1.0":
            self.response_headers.append(("Connection", "keep-alive"))
        self.response_headers.append(("Date", build_http_date(self.start_time)))
        fields = (f"{name}: {value}" for name, value in self.response_headers)
        return "\r\n".join((f"HTTP/1.1 {self.status}", *fields, "", "")).encode("latin-1")


class _ErrorResponse(_Response, ErrorTask):  # type: ignore[misc]
    """Answers a request that never reached the application."""

    def execute(self) -> None:
        failure = self.request.error
        body = Refusal(failure.code).body
        self.status = f"{failure.code} {failure.reason}"
        self.content_length = len(body)
        self.response_headers += [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
        ]
        self.set_close_on_finish()
        self.write(b"" if self.request.command == "HEAD" else body)


class _AppResponse(_Response, WSGITask):  # type: ignore[misc]
    """Answers a request with the application's response."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        # waitress removes slashes at its start.
        environ["PATH_INFO"] = self.request.path
        return environ


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection on which each request must arrive within the idle time, at any pace.

    It is closed in two steps. A socket that is closed while something unread is in it resets the
    connection, and the client may lose the response. So the writing side is closed, and what
    still arrives is discarded for a while.
    """

    task_class = _AppResponse
    error_task_class = _ErrorResponse
    parser_class = Request
    logger = waitress_log
    will_close = False
    lingers_until: float | None = None
    lingering_bytes = 0

    def claim(self, request: Request) -> bool:
        """Tell whether ``request`` is not answered yet; the first caller has to answer it."""
        with self.requests_lock:
            was_claimed, request.is_claimed = request.is_claimed, True
            return not was_claimed

    def refuse(self, error: Error) -> None:
        """Answer the current request, complete or not, with an error, and close.

        Nothing happens if a response has begun. Only the thread of the server's loop may call
        this: it doesn't wait for the other threads.
        """
        asked = next(iter(self.requests), self.request)
        if asked is None or not self.connected or not self.claim(asked):
            return
        refused = Request.refused(self.adj, error, asked.command)
        self.error_task_class(self, refused).service()
        self.close_when_flushed = True

    def is_idle(self) -> bool:
        """Tell whether no request is open and no response is being sent."""
        is_ending = self.close_when_flushed or self.lingers_until is not None
        return not (self.requests or self.request or self.total_outbufs_len or is_ending)

    def end_if_expired(self, now: float) -> None:
        """Close or refuse what has lasted too long, as of ``now`` in seconds since the epoch."""
        request = self.request
        if self.lingers_until is not None:
            self.will_close = self.will_close or now >= self.lingers_until
        elif self.requests:
            return
        elif request and request.has_begun and not request.is_claimed:
            if request.began_at < now - IDLE_S:
                self.refuse(RequestTimeout("late"))
        elif self.last_activity < now - IDLE_S:
            self.will_close = True

    def readable(self) -> bool:
        return self.lingers_until is not None or bool(super().readable())

    def received(self, data: bytes) -> bool:
        if self.lingers_until is None:
            return bool(super().received(data))
        self.lingering_bytes += len(data)
        self.will_close = self.will_close or self.lingering_bytes > MAX_LINGER_BYTES
        return False

    def handle_write(self) -> None:
        if self.total_outbufs_len:
            self._flush_exception(self._flush_some_if_lockable)
        if self.will_close:
            self.handle_close()
        elif self.close_when_flushed and self.connected and not self.total_outbufs_len:
            self._linger()

    def _linger(self) -> None:
        # A thread whose response came too late gets here a second time.
        self.close_when_flushed = False
        if self.lingers_until is None:
            self.lingers_until = time.time() + LINGER_S
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.handle_close()
