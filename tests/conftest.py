"""What all tests share."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ampctl.testing import Api


def pytest_configure() -> None:
    """Let Ctrl-C reach the commands under test, even if the tests run as a background job."""
    # An ignored signal stays ignored in every process that is started from here.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Let no test depend on the settings, proxies or folders of whoever runs it."""
    for name in list(os.environ):
        if name.startswith(("AMP_", "AMPCTL_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    # Output of a closed pipe or a full disk looks right by luck when Python does not buffer it.
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def api(amp_api: Api) -> Api:
    """The stub of the test kit, by a shorter name."""
    return amp_api


@contextlib.contextmanager
def _serving_bytes(answer: bytes) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def serving_bytes() -> Callable[[bytes], contextlib.AbstractContextManager[str]]:
    """Serve the same bytes to everybody who connects, whatever they ask."""
    return _serving_bytes
