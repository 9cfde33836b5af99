"""The statements that read, each one written once and bound to parameters by name."""

from __future__ import annotations

import datetime
import functools
from typing import Any

import sqlalchemy as sa

from ampctl_job.models import Status
from ampctl_sandbox.database.tables import (
    WireTimestamp,
    file_metadata,
    job_events,
    jobs,
    jobs_status,
    physical_table_revisions,
    physical_tables,
    spell,
    workers,
)

_LIMIT: sa.BindParameter[int] = sa.bindparam("limit", type_=sa.Integer)
_HIGHEST_ID = sa.bindparam("highest_id", type_=sa.BigInteger)
_JOB_ID = sa.bindparam("job_id", type_=sa.BigInteger)
_EVENT_ID = sa.bindparam("event_id", type_=sa.BigInteger)


def _as_sent(column: sa.ColumnElement[datetime.datetime]) -> sa.ColumnElement[str]:
    return sa.type_coerce(column, WireTimestamp)


# Not in_(), whose list would be written out again for each execution.
_IS_SCHEDULING = sa.or_(*(job_events.c.event_type == name for name in spell([Status.SCHEDULED])))
# Neither NULL nor the JSON value null, which others may have written.
_IS_DESCRIPTOR = job_events.c.detail != sa.JSON.NULL

DESCRIPTOR = (
    sa.select(job_events.c.detail)
    .where(job_events.c.job_id == jobs_status.c.job_id, _IS_SCHEDULING, _IS_DESCRIPTOR)
    .order_by(job_events.c.id.desc())
    .limit(1)
    .correlate(jobs_status)
    .scalar_subquery()
)
"""Of a job in ``jobs_status``: the detail of its newest ``SCHEDULED`` event that has one."""

_JOB_COLUMNS = (
    jobs.c.id,
    _as_sent(jobs.c.created_at),
    jobs_status.c.node_id,
    jobs_status.c.status,
    _as_sent(jobs_status.c.updated_at),
    # As the text that is stored: neither read nor written again, each number keeps its digits.
    sa.cast(DESCRIPTOR, sa.Text),
)

_CURRENT_JOBS = jobs_status.join(jobs, jobs.c.id == jobs_status.c.job_id)

_EVENT_COLUMNS = (
    job_events.c.id,
    _as_sent(job_events.c.created_at),
    job_events.c.node_id,
    job_events.c.event_type,
)

# A detail that is there may be the JSON value null.
_HAS_DETAIL = job_events.c.detail.is_not(None)

COUNT = sa.select(sa.func.count()).select_from(jobs)

COUNT_BY_STATUS = sa.select(jobs_status.c.status, sa.func.count()).group_by(jobs_status.c.status)

JOB = sa.select(*_JOB_COLUMNS).select_from(_CURRENT_JOBS).where(jobs_status.c.job_id == _JOB_ID)

STATUS = sa.select(jobs_status.c.status).where(jobs_status.c.job_id == _JOB_ID)

EVENTS = sa.select(*_EVENT_COLUMNS).where(job_events.c.job_id == _JOB_ID).order_by(job_events.c.id)

EVENT = sa.select(*_EVENT_COLUMNS, job_events.c.detail, _HAS_DETAIL).where(
    job_events.c.job_id == _JOB_ID, job_events.c.id == _EVENT_ID
)

_IS_OF_STATUSES = job_events.c.event_type.in_(sa.bindparam("statuses", expanding=True))

DETAIL = (
    sa.select(job_events.c.detail, _HAS_DETAIL)
    .where(job_events.c.job_id == _JOB_ID, _IS_OF_STATUSES)
    .order_by(job_events.c.id.desc())
    .limit(1)
)

HAS_DESCRIPTOR = (
    sa.select(_IS_DESCRIPTOR)
    .where(job_events.c.job_id == _JOB_ID, _IS_SCHEDULING)
    .order_by(job_events.c.id.desc())
    .limit(1)
)
"""Of a job: whether its newest ``SCHEDULED`` event has a descriptor."""

FILES = (
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

WORKERS = sa.select(
    workers.c.node_id,
    _as_sent(workers.c.created_at),
    _as_sent(workers.c.registered_at),
    _as_sent(workers.c.heartbeat_at),
    workers.c.info,
).order_by(workers.c.id.desc())

WORKER = WORKERS.where(workers.c.node_id == sa.bindparam("node_id"))


@functools.lru_cache(maxsize=256)
def make_page(statuses: tuple[str, ...] | None) -> sa.Select[Any]:
    """Return the statement for a page of jobs in one of ``statuses``; None means all."""
    # The ids are picked first, so that descriptors are looked up for the page alone.
    ids = _select_newest_ids(None)
    if statuses is not None:
        # A range of the index for each status: however rare one is, nothing else is read.
        ranges = [sa.select(_select_newest_ids(status).subquery()) for status in spell(statuses)]
        found = sa.union_all(*ranges).subquery()
        ids = sa.select(found.c.job_id).order_by(found.c.job_id.desc()).limit(_LIMIT)
    page = ids.subquery("page")
    return (
        sa.select(*_JOB_COLUMNS)
        .select_from(page.join(_CURRENT_JOBS, jobs_status.c.job_id == page.c.job_id))
        .order_by(page.c.job_id.desc())
    )


def _select_newest_ids(status: str | None) -> sa.Select[Any]:
    chosen = sa.select(jobs_status.c.job_id).where(jobs_status.c.job_id <= _HIGHEST_ID)
    if status is not None:
        chosen = chosen.where(jobs_status.c.status == status)
    return chosen.order_by(jobs_status.c.job_id.desc()).limit(_LIMIT)
