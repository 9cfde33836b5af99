"""A live Admin API for tests, and jobs in any state to put into it.

::

    with live_sandbox() as sandbox:
        job_id = make_job(sandbox.store, status="RUNNING", tables={"blocks": blocks(3)})
        requests.get(f"{sandbox.url}/jobs/{job_id}")
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import hashlib
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ampctl_job.models import FAILED
from ampctl_sandbox.database import files, transitions
from ampctl_sandbox.database.files import BlockFile, blocks
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import job_events, jobs_status
from ampctl_sandbox.sandbox import claimed, played, serving
from ampctl_sandbox.simulation.population import populate

__all__ = [
    "ERROR_DETAIL",
    "BlockFile",
    "Sandbox",
    "blocks",
    "live_sandbox",
    "make_descriptor",
    "make_job",
    "make_worker",
]

Detail = Mapping[str, Any]

ERROR_DETAIL: Detail = {
    "error_code": "BLOCK_STREAM_ERROR",
    "error_message": "the provider closed the stream",
    "error_context": {"block": 1200, "stack_trace": ["at stream", "at job"]},
}
"""What a failed job gets if nothing else is asked for."""

_HISTORY: Mapping[str, Sequence[str]] = {
    "SCHEDULED": ("SCHEDULED",),
    "RUNNING": ("SCHEDULED", "RUNNING"),
    "STOP_REQUESTED": ("SCHEDULED", "RUNNING", "STOP_REQUESTED"),
    "STOPPING": ("SCHEDULED", "RUNNING", "STOP_REQUESTED", "STOPPING"),
    "STOPPED": ("SCHEDULED", "RUNNING", "STOP_REQUESTED", "STOPPING", "STOPPED"),
    "COMPLETED": ("SCHEDULED", "RUNNING", "COMPLETED"),
    "ERROR": ("SCHEDULED", "RUNNING", "ERROR"),
    "FATAL": ("SCHEDULED", "RUNNING", "FATAL"),
}


@dataclasses.dataclass(frozen=True)
class Sandbox:
    """A running sandbox.

    Attributes:
        url: where it listens, such as ``http://127.0.0.1:40123``.
        store: its database, for builders and for looking behind the API.
        token: the bearer token that it wants, if any.
    """

    url: str
    store: Store
    token: str | None = None


@contextlib.contextmanager
def live_sandbox(
    *,
    database_url: str | None = None,
    token: str | None = None,
    jobs: int = 0,
    workers: bool = False,
    speed: float = 1.0,
) -> Iterator[Sandbox]:
    """Serve a sandbox on a free port of this machine until the block ends.

    Args:
        database_url: a SQLite file or a PostgreSQL database; a temporary SQLite file if None.
        token: a bearer token that every request must carry.
        jobs: how many jobs to make up beforehand.
        workers: whether simulated workers move the jobs along, and failed jobs are tried again.
            Without them a job stays as it was made until a request changes it.
        speed: how many times faster than in real life the workers work.

    Yields:
        Where it is, and its database.
    """
    with contextlib.ExitStack() as stack:
        if database_url is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="ampctl-sandbox-"))
            database_url = f"sqlite:///{Path(folder) / 'sandbox.sqlite3'}"
        stack.enter_context(claimed(database_url))
        store = Store.open(database_url)
        stack.callback(store.close)
        if jobs:
            populate(store, jobs)
        server = stack.enter_context(serving(store, host="127.0.0.1", port=0, token=token))
        thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.stop)
        if workers:
            stack.enter_context(played(store, speed=speed))
        yield Sandbox(f"http://127.0.0.1:{server.port}", store, token)


def make_worker(store: Store, node_id: str = "worker-1", *, info: Detail | None = None) -> str:
    """Register a worker, unless there is one of that name, and return its name."""
    now = store.now()
    store.write(lambda c: transitions.register_worker(c, node_id, now, dict(info or {})))
    return node_id


def make_descriptor(
    dataset: str = "eth_mainnet/blocks",
    *,
    kind: str = "materialize-raw",
    end_block: str | None = None,
    **members: Any,
) -> dict[str, Any]:
    """Return the descriptor of a job.

    Args:
        dataset: ``namespace/name``.
        kind: ``materialize-raw``, ``materialize-derived``, or one that nobody knows.
        end_block: None, ``"latest"``, ``"12345"`` or ``"-100"``.
        members: further members, or others instead of those made up.
    """
    namespace, _, name = dataset.partition("/")
    descriptor: dict[str, Any] = {
        "kind": kind,
        "dataset_namespace": namespace,
        "dataset_name": name,
        "manifest_hash": hashlib.sha256(dataset.encode()).hexdigest(),
        "end_block": end_block,
    }
    if kind == "materialize-raw":
        descriptor |= {"max_writers": 1, "verify": False}
    return {**descriptor, **members}


def make_job(
    store: Store,
    status: str = "SCHEDULED",
    *,
    job_id: int | None = None,
    worker: str = "worker-1",
    descriptor: Detail | str | None = "made up",
    detail: Detail | None = None,
    history: Sequence[str] | None = None,
    created_at: datetime.datetime | None = None,
    updated_at: datetime.datetime | None = None,
    tables: Mapping[str, Sequence[BlockFile]] | None = None,
) -> int:
    """Add a job in any state, with the events that lead to it, and return its id.

    Args:
        store: the database, such as :attr:`Sandbox.store`.
        status: where the job is now. A status outside the API's is written as it is.
        job_id: the id it gets; the next free one if None.
        worker: its worker node, registered if need be.
        descriptor: its descriptor, or None for a job without one.
        detail: the error detail of a failed job; :data:`ERROR_DETAIL` if None.
        history: the events so far, oldest first; the shortest way to ``status`` if None.
        created_at, updated_at: when; now if None.
        tables: its tables with their files, oldest first. An empty sequence makes a table
            without data.
    """
    created_at = created_at or updated_at or store.now()
    updated_at = updated_at or created_at
    chosen = make_descriptor() if isinstance(descriptor, str) else descriptor
    if status in FAILED and detail is None:
        detail = ERROR_DETAIL
    make_worker(store, worker)

    def change(connection: sa.Connection) -> int:
        new_id = transitions.create_job(
            connection, worker, None if chosen is None else dict(chosen), created_at, job_id=job_id
        )
        steps = _HISTORY.get(status, ("SCHEDULED",)) if history is None else history
        for step in steps[1:]:
            row = {"job_id": new_id, "node_id": worker, "event_type": step}
            shown = dict(detail) if detail and step == status else None
            connection.execute(
                sa.insert(job_events).values(**row, created_at=updated_at, detail=shown)
            )
        connection.execute(
            sa.update(jobs_status)
            .where(jobs_status.c.job_id == new_id)
            .values(status=status, updated_at=updated_at, detail=dict(detail) if detail else None)
        )
        for name, table_files in (tables or {}).items():
            location = files.open_table(connection, new_id, chosen or {}, name, updated_at)
            files.add_files(connection, location, table_files)
        return new_id

    return store.write(change)
