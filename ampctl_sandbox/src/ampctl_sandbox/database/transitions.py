"""The changes of a job, each a function to be run in one transaction.

A change of status is a conditional update together with its event and, if a worker has to hear of
it, a notification. If another change won the race, the condition does not hold and nothing is
written. All functions touch the job's row of
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
from ampctl_sandbox.database.schema import fit_rows
from ampctl_sandbox.database.statements import DESCRIPTOR
from ampctl_sandbox.database.tables import SIMULATED, job_events, jobs, jobs_status, spell, workers

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
"""For each status the statuses that a job may come from by itself; a deploy asks for no leave."""

_ACTIONS = {Status.SCHEDULED: "START", Status.STOP_REQUESTED: "STOP"}

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
    idempotency_key: str | None = None,
) -> int:
    """Add a ``SCHEDULED`` job for a worker that exists, and return its id."""
    row: dict[str, Any] = {
        "node_id": node_id,
        "created_at": now,
        "idempotency_key": idempotency_key or secrets.token_hex(16),
    }
    if job_id is not None:
        row["id"] = job_id
    (fitting,) = fit_rows(connection, jobs, [row])
    new_id: int = connection.execute(
        sa.insert(jobs).values(**fitting).returning(jobs.c.id)
    ).scalar_one()
    if job_id is not None:
        _skip_ids(connection, job_id)
    state = {"node_id": node_id, "status": Status.SCHEDULED, "detail": descriptor}
    connection.execute(sa.insert(jobs_status).values(job_id=new_id, updated_at=now, **state))
    _record(connection, new_id, node_id, Status.SCHEDULED, now, descriptor)
    return new_id


def move(
    connection: sa.Connection,
    job_id: int,
    target: str,
    now: datetime.datetime,
    detail: Detail | None = None,
) -> bool:
    """Change a job's status to ``target`` if it may go there now; tell whether it did.

    To ``SCHEDULED`` it goes with the descriptor that it has, and not at all without one.

    Args:
        detail: why it failed.
    """
    may_go: sa.ColumnElement[bool] = jobs_status.c.status.in_(spell(SOURCES[target]))
    if target == Status.SCHEDULED:
        may_go &= DESCRIPTOR.is_not(None)
        return _change(connection, job_id, target, now, may_go, detail=DESCRIPTOR)
    # Where there is nothing to say, what was said before stays, such as the descriptor.
    said = {} if detail is None else {"detail": detail}
    return _change(connection, job_id, target, now, may_go, **said)


def schedule_again(
    connection: sa.Connection,
    job_id: int,
    node_id: str,
    descriptor: Detail,
    now: datetime.datetime,
) -> bool:
    """Schedule a job that is not scheduled or running, as a deploy does; tell whether it was."""
    is_idle = jobs_status.c.status.not_in(spell(STOPPABLE))
    target = Status.SCHEDULED
    return _change(connection, job_id, target, now, is_idle, node_id=node_id, detail=descriptor)


def add_event(
    connection: sa.Connection,
    job_id: int,
    node_id: str,
    event_type: str,
    now: datetime.datetime,
    detail: Any,
) -> None:
    """Add an event to a job's lifecycle log; its detail is a document, an expression or None."""
    connection.execute(
        sa.insert(job_events).values(
            job_id=job_id, node_id=node_id, event_type=event_type, created_at=now, detail=detail
        )
    )


def _change(
    connection: sa.Connection,
    job_id: int,
    target: str,
    now: datetime.datetime,
    condition: sa.ColumnElement[bool],
    **values: Any,
) -> bool:
    changed = (
        sa.update(jobs_status)
        .where(jobs_status.c.job_id == job_id, condition)
        .values(status=target, updated_at=now, **values)
        .returning(jobs_status.c.node_id)
    )
    node_id = connection.execute(changed).scalar()
    if node_id is None:
        return False
    # Copied by the database, so that no number of a descriptor is read and written differently.
    current = sa.select(jobs_status.c.detail).where(jobs_status.c.job_id == job_id)
    detail = current.scalar_subquery() if "detail" in values else None
    _record(connection, job_id, node_id, target, now, detail)
    return True


def _record(
    connection: sa.Connection,
    job_id: int,
    node_id: str,
    status: str,
    now: datetime.datetime,
    detail: Any,
) -> None:
    """Add the event of a change, and notify the worker if it has to do something."""
    add_event(connection, job_id, node_id, status, now, detail)
    if status in _ACTIONS and connection.dialect.name == "postgresql":
        payload = {"job_id": job_id, "action": _ACTIONS[Status(status)]}
        action = json.dumps({"node_id": node_id, "payload": payload})
        connection.execute(sa.select(sa.func.pg_notify("job_actions", action)))


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
    chosen = sa.select(jobs_status.c.job_id).where(jobs_status.c.status.in_(spell(statuses)))
    return chosen.with_for_update()


def _skip_ids(connection: sa.Connection, job_id: int) -> None:
    # SQLite does this by itself; a sequence ignores ids that it did not give out.
    if connection.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence("jobs", "id")
        highest = sa.select(sa.func.max(jobs.c.id)).scalar_subquery()
        connection.execute(sa.select(sa.func.setval(sequence, highest)))
