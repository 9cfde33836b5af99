"""Servers that do what a healthy one never does, and note what they are asked."""

from __future__ import annotations

import contextlib
import http.server
import itertools
import json
import queue
import socket
import threading
import urllib.parse
from collections.abc import Iterator, Sequence
from typing import Any

from ampctl_sandbox.testing import make_descriptor

HOSTILE_JOB = 999
HOSTILE = "x\x1b[2Jy\nz$(touch touched)"
"""The name of its dataset, which wants to move the cursor, and to be run."""


def job(number: int) -> dict[str, Any]:
    at = "2026-03-01T10:00:00Z"
    known = {"id": number, "created_at": at, "updated_at": at, "node_id": "worker-1"}
    hostile = {**make_descriptor(), "dataset_name": HOSTILE}
    return {**known, "status": "RUNNING", "descriptor": hostile if number == HOSTILE_JOB else None}


class Handler(http.server.BaseHTTPRequestHandler):
    """Every job is running; job 666 is never answered."""

    protocol_version = "HTTP/1.1"
    server: Server

    def answer(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        path, _, query = self.path.partition("?")
        number = path.split("/")[2:3]
        if number == ["666"]:
            self.server.hangs.set()
            self.server.may_end.wait()
            self.close_connection = True
            return
        found = (
            job(int(number[0])) if number else self.list_jobs(dict(urllib.parse.parse_qsl(query)))
        )
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def list_jobs(self, query: dict[str, str]) -> dict[str, Any]:
        """Return a page, as the Admin API does."""
        before = int(query.get("last_job_id", 10**9))
        left = (number for number in self.server.jobs if number < before)
        page = list(itertools.islice(left, int(query["limit"])))
        cursor = page[-1] if page and page[-1] != self.server.jobs[-1] else None
        return {"jobs": [job(number) for number in page], "next_cursor": cursor}

    do_GET = do_PUT = answer

    def log_message(self, *args: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    """Has some jobs.

    Args:
        port: where it listens; 0 for any.
        jobs: their ids, the newest first.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int = 0, jobs: Sequence[int] = (7,)) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.port = self.server_address[1]
        self.jobs = jobs
        self.asked: list[str] = []
        self.open: list[object] = []
        self.connections = 0
        self.hangs, self.may_end = threading.Event(), threading.Event()

    def process_request(self, request: object, client_address: object) -> None:
        self.connections += 1
        self.open.append(request)
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def drop_connections(self) -> None:
        for request in self.open:
            self.shutdown_request(request)  # type: ignore[arg-type]


@contextlib.contextmanager
def serving(port: int = 0, jobs: Sequence[int] = (7,)) -> Iterator[Server]:
    with Server(port, jobs) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.may_end.set()
            server.shutdown()
            thread.join()
            server.drop_connections()


@contextlib.contextmanager
def silent_server() -> Iterator[tuple[str, queue.SimpleQueue[bytes]]]:
    """Accept requests and never answer; yield the URL and what is asked."""
    asked: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    kept: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    kept.append(connection)
                    asked.put(connection.recv(65536))

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", asked
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for connection in kept:
            connection.close()
