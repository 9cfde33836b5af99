"""The changes of a job, each a function to be run in one transaction.

A change of status is a conditional update together with its event. If another change won the
race, the condition does not hold and nothing is written. All functions touch the job's row of
``jobs_status`` first, so that no two of them can block each other.
"""

from __future__ import annotations

import datetime
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ampctl_job.models import TERMINAL, Status
from ampctl_sandbox.database.tables import SIMULATED, job_events, jobs, jobs_status, workers

STOPPABLE = (Status.SCHEDULED, Status.RUNNING)
SOURCES: Mapping[str, Sequence[str]] = {
    Status.SCHEDULED: (Status.ERROR,),
    Status.RUNNING: (Status.SCHEDULED,),
    Status.STOP_REQUESTED: STOPPABLE,
    Status.STOPPING: (Status.STOP_REQUESTED,),
    Status.STOPPED: (Status.STOPPING,),
    Status.COMPLETED: (Status.RUNNING,),
    Status.ERROR: (Status.RUNNING, Status.SCHEDULED),
    Status.FATAL: (Status.RUNNING, Status.SCHEDULED),
}
"""For each status the statuses that a job may come from."""

Detail = dict[str, Any]


def register_worker(
    connection: sa.Connection, node_id: str, now: datetime.datetime, info: Detail | None = None
) -> None:
    """Add a simulated worker, unless there is one with that name."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"node_id": node_id, "created_at": now, "registered_at": now, "heartbeat_at": now}
    info = {"version": "0.1.0", **(info or {}), SIMULATED: True}
    statement = insert(workers).values(**row, info=info)
    connection.execute(statement.on_conflict_do_nothing(index_elements=["node_id"]))


def create_job(
    connection: sa.Connection,
    node_id: str,
    descriptor: Detail | None,
    now: datetime.datetime,
    *,
    job_id: int | None = None,
) -> int:
    """Add a ``SCHEDULED`` job for a worker that exists, and return its id."""
    row: dict[str, Any] = {
        "node_id": node_id,
        "created_at": now,
        "idempotency_key": secrets.token_hex(16),
    }
    if job_id is not None:
        row["id"] = job_id
    new_id: int = connection.execute(
        sa.insert(jobs).values(**row).returning(jobs.c.id)
    ).scalar_one()
    if job_id is not None:
        _skip_ids(connection, job_id)
    connection.execute(
        sa.insert(jobs_status).values(
            job_id=new_id, node_id=node_id, status=Status.SCHEDULED, updated_at=now
        )
    )
    add_event(connection, new_id, node_id, Status.SCHEDULED, now, descriptor)
    return new_id


def move(
    connection: sa.Connection,
    job_id: int,
    target: str,
    now: datetime.datetime,
    detail: Detail | None = None,
) -> bool:
    """Change a job's status to ``target`` if it may go there now; tell whether it did."""
    node_id = connection.execute(
        sa.update(jobs_status)
        .where(jobs_status.c.job_id == job_id, jobs_status.c.status.in_(SOURCES[target]))
        .values(status=target, updated_at=now, detail=detail)
        .returning(jobs_status.c.node_id)
    ).scalar()
    if node_id is None:
        return False
    add_event(connection, job_id, node_id, target, now, detail)
    if target == Status.STOP_REQUESTED and connection.dialect.name == "postgresql":
        action = {"node_id": node_id, "payload": {"job_id": job_id, "action": "STOP"}}
        connection.execute(sa.select(sa.func.pg_notify("job_actions", json.dumps(action))))
    return True


def add_event(
    connection: sa.Connection,
    job_id: int,
    node_id: str,
    event_type: str,
    now: datetime.datetime,
    detail: Detail | None,
) -> None:
    """Add an event to a job's lifecycle log."""
    connection.execute(
        sa.insert(job_events).values(
            job_id=job_id, node_id=node_id, event_type=event_type, created_at=now, detail=detail
        )
    )


def delete_job(connection: sa.Connection, job_id: int) -> bool:
    """Delete a job if it is terminal; tell whether there was such a job."""
    ended = _select_ended(TERMINAL).where(jobs_status.c.job_id == job_id)
    return connection.execute(sa.delete(jobs).where(jobs.c.id.in_(ended))).rowcount > 0


def delete_jobs(connection: sa.Connection, statuses: Sequence[str]) -> int:
    """Delete all jobs in the given terminal statuses, and return how many there were."""
    ended = _select_ended(statuses).order_by(jobs_status.c.job_id)
    return connection.execute(sa.delete(jobs).where(jobs.c.id.in_(ended))).rowcount


def _select_ended(statuses: Sequence[str]) -> sa.Select[tuple[int]]:
    # On PostgreSQL the lock leaves out a job that is being retried at this moment.
    chosen = sa.select(jobs_status.c.job_id).where(jobs_status.c.status.in_(statuses))
    return chosen.with_for_update()


def _skip_ids(connection: sa.Connection, job_id: int) -> None:
    # SQLite does this by itself; a sequence ignores ids that it did not give out.
    if connection.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence("jobs", "id")
        highest = sa.select(sa.func.max(jobs.c.id)).scalar_subquery()
        connection.execute(sa.select(sa.func.setval(sequence, highest)))
