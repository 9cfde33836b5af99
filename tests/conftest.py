"""What all tests share."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests_mock as requests_mock_module


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """Let no test depend on the settings, proxies or folders of whoever runs it."""
    for name in list(os.environ):
        if name.startswith("AMP_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    # Output of a closed pipe or a full disk looks right by luck when Python does not buffer it.
    monkeypatch.delenv("PYTHONUNBUFFERED", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@dataclasses.dataclass
class Api:
    """An Admin API that answers below requests with what a test says, and with nothing else."""

    mocker: requests_mock_module.Mocker
    url: str = "http://localhost:1610"

    def __post_init__(self) -> None:
        self._stubs: list[tuple[str, Any]] = []

    def on(self, method: str, path: str, *answers: Any, status: int = 200, **options: Any) -> None:
        """Answer ``method path`` with each document in turn, the last one for ever."""
        responses = [{"json": answer, "status_code": status} for answer in answers]
        if not responses:
            responses = [{"status_code": status, "text": "", **options}]
        stub = self.mocker.register_uri(method, self.url + path, responses, complete_qs="?" in path)
        self._stubs.append((f"{method} {path}", stub))

    def error(self, method: str, path: str, status: int, code: str, message: str = "No.") -> None:
        """Answer ``method path`` with an error body."""
        self.on(method, path, {"error_code": code, "error_message": message}, status=status)

    @property
    def requests(self) -> list[str]:
        """Every request so far, such as ``GET /jobs?limit=50&status=active``."""
        return [
            f"{request.method} {request.url.removeprefix(self.url)}"
            for request in self.mocker.request_history
        ]

    def check(self) -> None:
        """Fail for stubs that nobody asked for."""
        assert not [name for name, stub in self._stubs if not stub.called]


@pytest.fixture
def api() -> Iterator[Api]:
    """Stand in for the Admin API; a request that the test did not foresee fails."""
    with requests_mock_module.Mocker() as mocker:
        api = Api(mocker)
        yield api
        api.check()


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
