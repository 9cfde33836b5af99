"""A live Admin API for tests, and jobs in any state to put into it.

::

    with live_sandbox() as sandbox:
        job_id = make_job(sandbox.store, status="RUNNING", tables={"blocks": blocks(3)})
        requests.get(f"{sandbox.url}/jobs/{job_id}")
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ampctl_job.models import FAILED, Status
from ampctl_sandbox.database import files, transitions
from ampctl_sandbox.database.files import BlockFile, blocks
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import jobs_status
from ampctl_sandbox.sandbox import Sandbox, live_sandbox

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
"""The error detail of a failed job for which no other is given."""

_STOPPED = (
    Status.SCHEDULED,
    Status.RUNNING,
    Status.STOP_REQUESTED,
    Status.STOPPING,
    Status.STOPPED,
)
_HISTORY: Mapping[str, Sequence[str]] = {
    **{status: _STOPPED[: number + 1] for number, status in enumerate(_STOPPED)},
    **{
        status: (Status.SCHEDULED, Status.RUNNING, status)
        for status in (Status.COMPLETED, Status.ERROR, Status.FATAL)
    },
}


def make_worker(store: Store, node_id: str = "worker-1", *, info: Detail | None = None) -> str:
    """Register a worker, unless there is one with that name, and return its name."""
    store.write(transitions.register_worker, node_id, store.now(), dict(info or {}))
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
        kind: ``materialize-raw``, ``materialize-derived``, or an unknown one.
        end_block: None, ``"latest"``, ``"12345"`` or ``"-100"``.
        members: further members, or other values for those above.
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
    chosen = make_descriptor() if isinstance(descriptor, str) else descriptor
    if status in FAILED and detail is None:
        detail = ERROR_DETAIL
    past = _Past(
        status=status,
        descriptor=None if chosen is None else dict(chosen),
        detail=dict(detail) if detail else None,
        history=_HISTORY.get(status, (Status.SCHEDULED,)) if history is None else history,
        created_at=created_at,
        updated_at=updated_at or created_at,
        tables=tables or {},
    )
    return store.write(_add_job, make_worker(store, worker), past, job_id)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Past:
    """What a job has behind it, and so where it is now."""

    status: str
    descriptor: dict[str, Any] | None
    detail: dict[str, Any] | None
    history: Sequence[str]
    created_at: datetime.datetime
    updated_at: datetime.datetime
    tables: Mapping[str, Sequence[BlockFile]]


def _add_job(connection: sa.Connection, worker: str, past: _Past, job_id: int | None) -> int:
    new_id = transitions.create_job(
        connection, worker, past.descriptor, past.created_at, job_id=job_id
    )
    for step in past.history[1:]:
        detail = past.descriptor if step == Status.SCHEDULED else None
        if step == past.status and past.detail:
            detail = past.detail
        transitions.add_event(connection, new_id, worker, step, past.updated_at, detail)
    connection.execute(
        sa.update(jobs_status)
        .where(jobs_status.c.job_id == new_id)
        .values(
            status=past.status,
            updated_at=past.updated_at,
            detail=past.detail or past.descriptor,
        )
    )
    for name, table_files in past.tables.items():
        descriptor = past.descriptor or {}
        location = files.open_table(connection, new_id, descriptor, name, past.updated_at)
        files.add_files(connection, location, table_files)
    return new_id
