"""What is asked of the database: one method, one consistent answer.

Timestamps are read as the text that the API sends.

Every read is a single statement, or a transaction that sees one state of the database
throughout. Changes are in :mod:`ampctl_sandbox.database.transitions`.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar

import sqlalchemy as sa

from ampctl_sandbox.database import engine as engines
from ampctl_sandbox.database.tables import (
    SIMULATED,
    WireTimestamp,
    file_metadata,
    job_events,
    jobs,
    jobs_status,
    physical_table_revisions,
    physical_tables,
    workers,
)

INT64_MAX = 2**63 - 1

T = TypeVar("T")

_DEADLOCK_STATES = ("40001", "40P01")
_ATTEMPTS = 4


class JobRow(NamedTuple):
    """A job as it is now, with the descriptor of its newest ``SCHEDULED`` event."""

    id: int
    created_at: str
    node_id: str
    status: str
    updated_at: str
    descriptor: dict[str, Any] | None


class EventRow(NamedTuple):
    """One entry of a job's lifecycle log."""

    id: int
    created_at: str
    node_id: str
    event_type: str
    detail: dict[str, Any] | None


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
    info: dict[str, Any] | None

    @property
    def is_simulated(self) -> bool:
        """Whether it is one of the sandbox's own."""
        return bool((self.info or {}).get(SIMULATED))


class ProgressRows(NamedTuple):
    """All that a job's progress is made from, as of one moment."""

    status: str
    detail: dict[str, Any] | None
    files: Sequence[FileRow]


class Store:
    """A metadata database.

    Args:
        engine: made by :func:`ampctl_sandbox.database.engine.make_engine`.
        now: the clock that new rows are stamped with.
    """

    def __init__(
        self, engine: sa.Engine, now: Callable[[], datetime.datetime] | None = None
    ) -> None:
        self.engine = engine
        self.now = now or _utc_now
        self._readers = engine
        if engine.dialect.name == "postgresql":
            self._readers = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._writers = engine.execution_options(is_writer=True)

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the database at ``url``, creating the tables if it has none.

        Raises:
            UnfitDatabase: it can't be used.
            sqlalchemy.exc.SQLAlchemyError: it can't be reached.
        """
        engine = engines.make_engine(url)
        try:
            engines.prepare(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def write(self, change: Callable[[sa.Connection], T]) -> T:
        """Run ``change`` in one transaction; it is all done when this returns.

        Two transactions that block each other make the database end one of them; that one is
        run again.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._writers.begin() as connection:
                    return change(connection)
            except sa.exc.DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if state not in _DEADLOCK_STATES or attempt == _ATTEMPTS:
                    raise
        raise AssertionError

    def read(self, query: Callable[[sa.Connection], T]) -> T:
        """Run ``query`` in one transaction that sees one state of the database."""
        with self._readers.begin() as connection:
            return query(connection)

    def page(
        self, *, limit: int, after: int | None = None, statuses: Sequence[str] | None = None
    ) -> Sequence[JobRow]:
        """Return up to ``limit`` jobs with ids below ``after``, newest first.

        Args:
            statuses: only jobs in one of these; None for all.
        """
        statement = _page_statement(None if statuses is None else tuple(statuses))
        values = {"limit": limit, "upto": INT64_MAX if after is None else after - 1}
        return self.read(lambda c: [JobRow(*row) for row in c.execute(statement, values)])

    def job(self, job_id: int) -> JobRow | None:
        """Return one job."""
        return self.read(lambda c: find_job(c, job_id))

    def has_jobs(self) -> bool:
        """Tell whether there is any job."""
        return bool(self.page(limit=1))

    def status(self, job_id: int) -> str | None:
        """Return a job's status."""
        return self.read(lambda c: find_status(c, job_id))

    def events(self, job_id: int) -> Sequence[EventRow] | None:
        """Return a job's events, oldest first; None if there is no such job."""

        def query(connection: sa.Connection) -> Sequence[EventRow] | None:
            if find_status(connection, job_id) is None:
                return None
            return [EventRow(*row) for row in connection.execute(_EVENTS, {"job_id": job_id})]

        return self.read(query)

    def event(self, job_id: int, event_id: int) -> tuple[bool, EventRow | None]:
        """Return whether the job exists, and the event if it is one of the job's."""

        def query(connection: sa.Connection) -> tuple[bool, EventRow | None]:
            if find_status(connection, job_id) is None:
                return False, None
            return True, _first(connection, _EVENT, EventRow, job_id=job_id, event_id=event_id)

        return self.read(query)

    def progress(self, job_id: int) -> ProgressRows | None:
        """Return what a job's progress is made from; None if there is no such job."""

        def query(connection: sa.Connection) -> ProgressRows | None:
            status = find_status(connection, job_id)
            if status is None:
                return None
            values = {"job_id": job_id}
            detail = connection.execute(_DETAIL, values | {"status": status}).scalar()
            files = [FileRow(*row) for row in connection.execute(_FILES, values)]
            return ProgressRows(status, detail, files)

        return self.read(query)

    def workers(self) -> Sequence[WorkerRow]:
        """Return all workers, by name."""
        return self.read(find_workers)

    def simulated_workers(self) -> Sequence[str]:
        """Return the names of the sandbox's own workers."""
        return [worker.node_id for worker in self.workers() if worker.is_simulated]

    def worker(self, node_id: str) -> WorkerRow | None:
        """Return one worker."""
        return self.read(lambda c: _first(c, _WORKER, WorkerRow, node_id=node_id))


def find_status(connection: sa.Connection, job_id: int, *, for_update: bool = False) -> str | None:
    """Return a job's status, within a transaction that may keep others from changing it."""
    statement = _STATUS.with_for_update() if for_update else _STATUS
    status: str | None = connection.execute(statement, {"job_id": job_id}).scalar()
    return status


def find_job(connection: sa.Connection, job_id: int) -> JobRow | None:
    """Return a job, within a transaction."""
    return _first(connection, _JOB, JobRow, job_id=job_id)


def find_workers(connection: sa.Connection) -> Sequence[WorkerRow]:
    """Return all workers by name, within a transaction."""
    return [WorkerRow(*row) for row in connection.execute(_WORKERS)]


def count_jobs(connection: sa.Connection) -> int:
    """Return how many jobs there are, within a transaction."""
    count: int = connection.execute(sa.select(sa.func.count()).select_from(jobs)).scalar_one()
    return count


def _utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def _first(
    connection: sa.Connection, statement: sa.Select[Any], kind: Callable[..., T], **values: Any
) -> T | None:
    row = connection.execute(statement, values).first()
    return None if row is None else kind(*row)


def _wire(column: sa.ColumnElement[datetime.datetime]) -> sa.ColumnElement[str]:
    return sa.type_coerce(column, WireTimestamp)


def _job_columns() -> list[sa.ColumnElement[Any]]:
    descriptor = (
        sa.select(job_events.c.detail)
        .where(
            job_events.c.job_id == jobs_status.c.job_id,
            job_events.c.event_type == "SCHEDULED",
            # Neither NULL nor the JSON value null, which others may have written.
            job_events.c.detail != sa.JSON.NULL,
        )
        .order_by(job_events.c.id.desc())
        .limit(1)
        .correlate(jobs_status)
        .scalar_subquery()
    )
    current = jobs_status.c
    return [
        jobs.c.id,
        _wire(jobs.c.created_at),
        current.node_id,
        current.status,
        _wire(current.updated_at),
        descriptor,
    ]


_CURRENT_JOBS = jobs_status.join(jobs, jobs.c.id == jobs_status.c.job_id)


@functools.lru_cache(maxsize=256)
def _page_statement(statuses: tuple[str, ...] | None) -> sa.Select[Any]:
    # The ids are picked first, so that descriptors are looked up for the page alone.
    ids = _newest_ids(None)
    if statuses is not None:
        # A range of the index for each status: however rare one is, nothing else is read.
        ranges = [sa.select(_newest_ids(status).subquery()) for status in statuses]
        found = sa.union_all(*ranges).subquery()
        ids = sa.select(found.c.job_id).order_by(found.c.job_id.desc()).limit(_LIMIT)
    page = ids.subquery("page")
    return (
        sa.select(*_job_columns())
        .select_from(page.join(_CURRENT_JOBS, jobs_status.c.job_id == page.c.job_id))
        .order_by(page.c.job_id.desc())
    )


_LIMIT: sa.BindParameter[int] = sa.bindparam("limit", type_=sa.Integer)


def _newest_ids(status: str | None) -> sa.Select[Any]:
    upto = sa.bindparam("upto", type_=sa.BigInteger)
    chosen = sa.select(jobs_status.c.job_id).where(jobs_status.c.job_id <= upto)
    if status is not None:
        chosen = chosen.where(jobs_status.c.status == status)
    return chosen.order_by(jobs_status.c.job_id.desc()).limit(_LIMIT)


_JOB_ID = sa.bindparam("job_id", type_=sa.BigInteger)

_JOB = sa.select(*_job_columns()).select_from(_CURRENT_JOBS).where(jobs_status.c.job_id == _JOB_ID)

_STATUS = sa.select(jobs_status.c.status).where(jobs_status.c.job_id == _JOB_ID)

_EVENT_COLUMNS = (
    job_events.c.id,
    _wire(job_events.c.created_at),
    job_events.c.node_id,
    job_events.c.event_type,
)

_EVENTS = (
    sa.select(*_EVENT_COLUMNS, sa.null())
    .where(job_events.c.job_id == _JOB_ID)
    .order_by(job_events.c.id)
)

_EVENT = sa.select(*_EVENT_COLUMNS, job_events.c.detail).where(
    job_events.c.job_id == _JOB_ID, job_events.c.id == sa.bindparam("event_id", type_=sa.BigInteger)
)

_DETAIL = (
    sa.select(job_events.c.detail)
    .where(job_events.c.job_id == _JOB_ID, job_events.c.event_type == sa.bindparam("status"))
    .order_by(job_events.c.id.desc())
    .limit(1)
)

_FILES = (
    sa.select(physical_tables.c.table_name, file_metadata.c.object_size, file_metadata.c.metadata)
    .select_from(
        physical_tables.join(
            physical_table_revisions,
            physical_table_revisions.c.id == physical_tables.c.active_revision_id,
        ).outerjoin(file_metadata, file_metadata.c.location_id == physical_table_revisions.c.id)
    )
    .where(physical_table_revisions.c.writer == _JOB_ID)
    .order_by(physical_tables.c.table_name, file_metadata.c.id)
)

_WORKERS = sa.select(
    workers.c.node_id,
    _wire(workers.c.created_at),
    _wire(workers.c.registered_at),
    _wire(workers.c.heartbeat_at),
    workers.c.info,
).order_by(workers.c.node_id)

_WORKER = _WORKERS.where(workers.c.node_id == sa.bindparam("node_id"))
