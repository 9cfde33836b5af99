"""A server that follows a script, for what a healthy one never does, and clients to talk to it."""

import contextlib
import datetime
import itertools
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ampctl.client import AdminClient, Timeouts

CERTIFICATE = Path(__file__).with_name("localhost.pem")
NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)

#: What to do with a connection once a request has come. Bytes are sent, and the connection is
#: kept for the next request; it is closed after a function.
Step = bytes | Callable[[socket.socket], None]


def answer(document: object = None, status: int = 200, **headers: object) -> bytes:
    """Return a whole answer; a document of bytes is taken as it is."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    lines = [f"HTTP/1.1 {status} Fine", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class ScriptedServer:
    """Takes one step of its script for each request; more requests than steps are refused.

    Attributes:
        requests: the requests as they came, up to the empty line.
        connections: how many there have been.
    """

    def __init__(self, *script: Step, tls: bool = False) -> None:
        self._script = iter(script)
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self.requests: list[bytes] = []
        self.connections = 0
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        return self._port

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._sockets.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            if self._tls:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(CERTIFICATE)
                connection = context.wrap_socket(connection, server_side=True)
                self._sockets.append(connection)
            with connection:
                while self._take_step(connection):
                    pass

    def _take_step(self, connection: socket.socket) -> bool:
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            piece = connection.recv(65536)
            if not piece:
                return False
            request += piece
        self.requests.append(request)
        step = next(self._script, None)
        if isinstance(step, bytes):
            connection.sendall(step)
            return True
        if step is not None:
            step(connection)
        return False

    def __enter__(self) -> "ScriptedServer":
        self._port = self._listener.getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for sock in self._sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads:
            thread.join(30)


@pytest.fixture
def serve() -> Iterator[Callable[..., ScriptedServer]]:
    """Start scripted servers: ``serve(answer(...), a_function, tls=False)``."""
    with contextlib.ExitStack() as servers:
        yield lambda *script, tls=False: servers.enter_context(ScriptedServer(*script, tls=tls))


@pytest.fixture(name="answer")
def answer_fixture() -> Callable[..., bytes]:
    """Build whole answers; see :func:`answer`."""
    return answer


class Sleeps(list[float]):
    """A sleep that takes no time, and the seconds that it was asked for."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def connect(sleeps: Sleeps) -> Iterator[Callable[..., AdminClient]]:
    """Build clients that never really wait: half of each backoff, a fixed wall clock."""
    with contextlib.ExitStack() as clients:

        def build(url: str = "http://localhost:1610", **arguments: object) -> AdminClient:
            defaults = {"sleep": sleeps, "random": lambda: 0.5, "now": lambda: NOW}
            return clients.enter_context(AdminClient(url, **{**defaults, **arguments}))

        yield build


@pytest.fixture
def hasty_clock() -> Callable[[], float]:
    """A monotonic clock on which ten seconds pass between two looks."""
    ticks = itertools.count(0, 10)
    return lambda: float(next(ticks))


@pytest.fixture
def impatient() -> Timeouts:
    """Limits that tests can wait for."""
    return Timeouts(connect_s=0.1, read_s=0.1, total_s=30)
