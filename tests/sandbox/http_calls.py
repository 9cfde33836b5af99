"""Raw requests, and the one check that every answer has to pass."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
from typing import Any
from urllib.parse import urlsplit

import marshmallow
import requests

from ampctl_sandbox.api.openapi import ErrorResponseSchema
from ampctl_sandbox.testing import Sandbox

ERROR = ErrorResponseSchema()


def call(sandbox: Sandbox, method: str, path: str, **options: Any) -> requests.Response:
    """Send one request on a connection of its own."""
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, sandbox.url + path, timeout=30, **options)


def document(sandbox: Sandbox, path: str, schema: marshmallow.Schema) -> Any:
    """Return what GET gives, after it was read with the schema that clients use."""
    answer = call(sandbox, "GET", path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    # Compact, but for a descriptor, which is sent as the database stores it.
    assert b'": ' not in re.sub(rb'"descriptor":\{[^}]*\}', b"", answer.content)
    found = answer.json()
    schema.load(found)
    return found


def assert_error(answer: requests.Response, status: int, error_code: str) -> None:
    """Check the one shape that all failures have."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    body = ERROR.load(answer.json())
    assert set(answer.json()) == {"error_code", "error_message"}
    assert body["error_code"] == error_code


def raw(sandbox: Sandbox, request: bytes) -> bytes:
    """Send bytes as they are and return all that comes back."""
    with connection(sandbox) as opened:
        opened.sendall(request)
        return read_all(opened)


@contextlib.contextmanager
def connection(sandbox: Sandbox) -> Any:
    """Open a bare connection."""
    address = urlsplit(sandbox.url)
    with socket.create_connection((address.hostname, address.port), timeout=30) as opened:
        yield opened


def read_all(opened: socket.socket) -> bytes:
    """Read until the other side closes."""
    parts = []
    with contextlib.suppress(ConnectionResetError):
        while part := opened.recv(65536):
            parts.append(part)
    return b"".join(parts)


def read_answer(opened: socket.socket) -> http.client.HTTPResponse:
    """Read one answer, and leave the connection as it is."""
    # Without a buffer, what follows the answer stays in the socket.
    answer = http.client.HTTPResponse(_Unbuffered(opened))  # type: ignore[arg-type]
    answer.begin()
    answer.text = answer.read().decode()  # type: ignore[attr-defined]
    return answer


class _Unbuffered:
    def __init__(self, opened: socket.socket) -> None:
        self._opened = opened

    def makefile(self, _mode: str) -> Any:
        return self._opened.makefile("rb", buffering=0)


def refused(answer: bytes) -> tuple[int, str]:
    """Return the status and the code of an error, as it came over the wire."""
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/json" in head, answer
    found = json.loads(body)
    assert set(found) == {"error_code", "error_message"}
    return int(head.split()[1]), found["error_code"]
