"""What is asked of the database, each question a function of one transaction's connection.

``store.read(find_job, 12)`` asks one of them. Timestamps are read as the text that the API
sends. Changes are in :mod:`ampctl_sandbox.database.transitions`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from ampctl.plugin import INT64_MAX
from ampctl_sandbox.database import statements
from ampctl_sandbox.database.tables import SIMULATED, spell

T = TypeVar("T")


class JobRow(NamedTuple):
    """A job as it is now, with the descriptor of its newest ``SCHEDULED`` event, as JSON."""

    id: int
    created_at: str
    node_id: str
    status: str
    updated_at: str
    descriptor_json: str | None

    @property
    def descriptor(self) -> Any:
        """The descriptor as a value; None if it has none."""
        return None if self.descriptor_json is None else json.loads(self.descriptor_json)


class EventRow(NamedTuple):
    """One entry of a job's lifecycle log."""

    id: int
    created_at: str
    node_id: str
    event_type: str
    detail: Any = None
    has_detail: bool = False


class FileRow(NamedTuple):
    """A file of a job's table; a table without files has one row without ``metadata``."""

    table_name: str
    size_bytes: int | None
    metadata: Any


class WorkerRow(NamedTuple):
    """A worker node."""

    node_id: str
    created_at: str
    registered_at: str
    heartbeat_at: str
    info: Any

    @property
    def is_simulated(self) -> bool:
        """Whether it is one of the sandbox's own."""
        return isinstance(self.info, dict) and bool(self.info.get(SIMULATED))


def find_page(
    connection: sa.Connection,
    *,
    limit: int,
    after: int | None = None,
    statuses: Sequence[str] | None = None,
) -> Sequence[JobRow]:
    """Return up to ``limit`` jobs with ids below ``after``, newest first.

    Args:
        statuses: only jobs in one of these; None for all.
    """
    statement = statements.make_page(None if statuses is None else tuple(statuses))
    values = {"limit": limit, "highest_id": INT64_MAX if after is None else after - 1}
    # All at once, since the driver is asked for each row otherwise.
    return list(map(JobRow._make, connection.execute(statement, values).all()))


def find_job(connection: sa.Connection, job_id: int) -> JobRow | None:
    """Return a job."""
    return _find_first(connection, statements.JOB, JobRow, job_id=job_id)


def has_descriptor(connection: sa.Connection, job_id: int) -> bool:
    """Tell whether a job's newest ``SCHEDULED`` event has a descriptor."""
    return bool(connection.execute(statements.HAS_DESCRIPTOR, {"job_id": job_id}).scalar())


def find_status(connection: sa.Connection, job_id: int, *, for_update: bool = False) -> str | None:
    """Return a job's status; None if there is no such job.

    Args:
        for_update: keep others from changing it until the transaction ends.
    """
    statement = statements.STATUS.with_for_update() if for_update else statements.STATUS
    status: str | None = connection.execute(statement, {"job_id": job_id}).scalar()
    return status


def has_jobs(connection: sa.Connection) -> bool:
    """Tell whether there is any job."""
    return bool(find_page(connection, limit=1))


def count_jobs(connection: sa.Connection) -> int:
    """Return how many jobs there are."""
    return connection.execute(statements.COUNT).scalar_one()


def count_by_status(connection: sa.Connection) -> Mapping[str, int]:
    """Return how many jobs there are in each status that some job is in."""
    counts: Counter[str] = Counter()
    for status, count in connection.execute(statements.COUNT_BY_STATUS):
        counts[status.upper()] += count
    return counts


def find_events(connection: sa.Connection, job_id: int) -> Sequence[EventRow]:
    """Return a job's events without details, oldest first."""
    return [EventRow(*row) for row in connection.execute(statements.EVENTS, {"job_id": job_id})]


def find_event(connection: sa.Connection, job_id: int, event_id: int) -> EventRow | None:
    """Return an event if it is one of the job's."""
    values = {"job_id": job_id, "event_id": event_id}
    return _find_first(connection, statements.EVENT, EventRow, **values)


def find_detail(connection: sa.Connection, job_id: int, status: str) -> tuple[Any, bool]:
    """Return the detail of a job's newest event of ``status``, and whether there is one."""
    values = {"job_id": job_id, "statuses": spell([status])}
    row = connection.execute(statements.DETAIL, values).first()
    return (None, False) if row is None else (row[0], row[1])


def find_files(connection: sa.Connection, job_id: int) -> Sequence[FileRow]:
    """Return the files of the tables that a job writes."""
    return [FileRow(*row) for row in connection.execute(statements.FILES, {"job_id": job_id})]


def find_workers(connection: sa.Connection) -> Sequence[WorkerRow]:
    """Return all workers, newest first."""
    return [WorkerRow(*row) for row in connection.execute(statements.WORKERS)]


def find_simulated_workers(connection: sa.Connection) -> Sequence[str]:
    """Return the names of the sandbox's own workers."""
    return [worker.node_id for worker in find_workers(connection) if worker.is_simulated]


def find_worker(connection: sa.Connection, node_id: str) -> WorkerRow | None:
    """Return a worker."""
    return _find_first(connection, statements.WORKER, WorkerRow, node_id=node_id)


def _find_first(
    connection: sa.Connection, statement: sa.Select[Any], kind: Callable[..., T], **values: Any
) -> T | None:
    row = connection.execute(statement, values).first()
    return None if row is None else kind(*row)
