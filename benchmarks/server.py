"""An Admin API that costs next to nothing: its answers are rendered before they are asked for.

It runs in a process of its own, so that what it does is not counted with its client. It prints its
port, and ends when its standard input does.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import socketserver
import sys
import threading
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = 1000
STATUSES = ("COMPLETED", "RUNNING", "SCHEDULED", "STOPPED", "FATAL")
# In the place of an id, which differs from page to page.
ID = 777_000_777


def make_job(number: int, status: str | None = None) -> dict[str, Any]:
    """Return a job as the reference service writes it."""
    return {
        "id": ID,
        "created_at": f"2026-03-{number % 28 + 1:02}T09:14:{number % 60:02}.{number % 10**6:06}Z",
        "updated_at": f"2026-03-{number % 28 + 1:02}T11:58:{number % 60:02}.000042Z",
        "node_id": f"worker-eu-{number % 7}",
        "status": status or STATUSES[number % len(STATUSES)],
        "descriptor": {
            "kind": ("materialize-raw", "materialize-derived")[number % 2],
            "dataset_namespace": ("eth_mainnet", "base", "arbitrum")[number % 3],
            "dataset_name": ("blocks", "logs", "transactions")[number % 3],
            "manifest_hash": f"{number:07x}" + "0" * 57,
            "end_block": str(19_000_000 + number) if number % 4 else None,
            "max_writers": 1,
            "verify": False,
        },
    }


def make_unusual(number: int) -> dict[str, Any]:
    """Return a job that is right, and not as the reference service writes it."""
    job = make_job(number)
    kind = number % 4
    if kind == 0:
        job["descriptor"] = None
    elif kind == 1:
        job["descriptor"]["kind"] = "garbage-collect"
    elif kind == 2:
        job["created_at"] = "2026-03-01T10:14:22.123456789+01:00"
    else:
        job["node_id"] = 'wörker, the "second"'
    return job


def make_progress(status: str) -> dict[str, Any]:
    """Return the progress of a job with three tables."""
    table = {
        "current_block": 18_500_000,
        "start_block": 0,
        "files_count": 1_200,
        "total_size_bytes": 64_000_000_000,
    }
    tables = dict.fromkeys(("blocks", "logs", "transactions"), table)
    return {"job_id": ID, "job_status": status, "tables": tables}


def make_events(status: str) -> dict[str, Any]:
    """Return the events of a job that ran."""
    kinds = dict.fromkeys(("SCHEDULED", "RUNNING", status))
    return {
        "job_id": ID,
        "events": [
            {
                "id": number,
                "created_at": f"2026-03-01T09:14:{number:02}Z",
                "node_id": "worker-eu-1",
                "event_type": kind,
            }
            for number, kind in enumerate(kinds, 1)
        ],
    }


class Answers:
    """The bodies of all answers.

    Args:
        jobs: how many jobs the list holds; their ids go down to 1.
        unusual: whether every third of them is unusual.
        status: of a job that is asked for by itself.
    """

    def __init__(self, jobs: int, *, unusual: bool, status: str) -> None:
        self._jobs = jobs
        size = min(jobs, PAGE)
        made = [
            make_unusual(number) if unusual and number % 3 == 0 else make_job(number)
            for number in range(size)
        ]
        # A page differs from another in its ids alone.
        self._pieces = [
            json.dumps(job, ensure_ascii=False).replace("%", "%%").replace(str(ID), "%d")
            for job in made
        ]
        self._whole = ", ".join(self._pieces)
        documents = {
            (): make_job(1, status),
            ("progress",): make_progress(status),
            ("events",): make_events(status),
        }
        self._documents = {
            rest: json.dumps(document).replace(str(ID), "%(id)s")
            for rest, document in documents.items()
        }

    def answer(self, target: str) -> bytes:
        """Return the body of the answer to a request for ``target``."""
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        if path == "/jobs":
            first = int(query.get("last_job_id", [str(self._jobs + 1)])[0]) - 1
            return self._render_page(first, int(query["limit"][0]))
        _, kind, job_id, *rest = path.split("/")
        if kind == "workers":
            return json.dumps({"node_id": job_id, "heartbeat_at": "2026-03-01T11:58:00Z"}).encode()
        template = self._documents.get(tuple(rest), "")
        return (template % {"id": job_id}).encode()

    def _render_page(self, first: int, limit: int) -> bytes:
        count = min(limit, PAGE, first)
        ids = range(first, first - count, -1)
        whole = self._whole if count == len(self._pieces) else ", ".join(self._pieces[:count])
        cursor = "null" if first == count else str(first - count + 1)
        return f'{{"jobs": [{whole % tuple(ids)}], "next_cursor": {cursor}}}'.encode()


class Handler(socketserver.StreamRequestHandler):
    """Answers the requests of one connection."""

    server: Server
    disable_nagle_algorithm = True
    wbufsize = -1

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while line := self.rfile.readline():
                while self.rfile.readline() not in (b"\r\n", b""):
                    pass
                time.sleep(self.server.latency_s)
                body = self.server.answers.answer(line.split()[1].decode())
                self.wfile.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    b"Content-Length: %d\r\n\r\n" % len(body)
                )
                self.wfile.write(body)
                self.wfile.flush()


class Server(socketserver.ThreadingTCPServer):
    """Serves until its process ends."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, answers: Answers, latency_s: float) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.latency_s = latency_s


def main() -> None:
    """Serve what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, required=True)
    parser.add_argument("--latency", type=float, default=0, help="seconds before each answer")
    parser.add_argument("--unusual", action="store_true")
    parser.add_argument("--status", default="RUNNING", help="that of a single job")
    options = parser.parse_args()
    answers = Answers(options.jobs, unusual=options.unusual, status=options.status)
    server = Server(answers, options.latency)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
