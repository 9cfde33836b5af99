"""The tables of the job commands: one for each kind of row, a line for each column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ampctl.plugin import (
    UNCUT,
    Column,
    Duration,
    Json,
    Lines,
    Look,
    Number,
    Percent,
    Short,
    Size,
    Timestamp,
)
from ampctl_job import cells, ordinary
from ampctl_job.appearance import mark_status, shorten_dataset
from ampctl_job.vocabulary import SHORT_KINDS

if TYPE_CHECKING:
    from ampctl_job.details import JobEvent
    from ampctl_job.models import Job
    from ampctl_job.tables import TableRow

LIST: tuple[Column[Job], ...] = (
    Column("id", lambda job, now: job.id, values=lambda jobs: jobs.columns["id"], look=UNCUT),
    Column(
        "status",
        lambda job, now: mark_status(job.status),
        values=lambda jobs: jobs.columns["status"],
        look=Look(gives_way=1, least=10),
    ),
    Column(
        "dataset",
        lambda job, now: shorten_dataset(job.dataset),
        values=ordinary.name_datasets,
        look=Look(gives_way=2, least=8),
    ),
    Column(
        "kind",
        lambda job, now: Short(job.kind, SHORT_KINDS.get(job.kind or "", job.kind)),
        values=ordinary.name_kinds,
        look=Look(gives_way=6, least=7),
    ),
    Column(
        "worker",
        lambda job, now: job.node_id,
        values=lambda jobs: jobs.columns["node_id"],
        look=Look(gives_way=4, least=8, keeps_end=True),
    ),
    Column(
        "created_at",
        lambda job, now: Timestamp(job.created_at, now),
        values=lambda jobs: jobs.columns["created_at"],
        look=Look("created", gives_way=5, least=7),
    ),
    Column(
        "updated_at",
        lambda job, now: Timestamp(job.updated_at, now),
        values=lambda jobs: jobs.columns["updated_at"],
        look=Look("updated", gives_way=3, least=7),
    ),
)


FAULT: tuple[Column[Job], ...] = (
    Column("error_code", lambda job, now: job.fault.error_code),
    Column("error_message", lambda job, now: job.fault.error_message),
    Column("error_context", lambda job, now: cells.describe_context(job)),
    Column("attempts", lambda job, now: job.fault.attempts),
    Column("retry_at", cells.describe_retry),
)

TRACE: Column[Job] = Column(
    "stack_trace", lambda job, now: Lines(cells.find_trace(job.fault.error_context))
)

WORKER: tuple[Column[Job], ...] = (
    Column("worker_alive", cells.describe_worker),
    Column(
        "worker_heartbeat_at",
        lambda job, now: Timestamp(job.worker.heartbeat_at if job.worker else None, now),
    ),
)

LAST_EVENTS: Column[Job] = Column("last_events", cells.describe_log)

INSPECT: tuple[Column[Job], ...] = (
    *LIST,
    Column("end_block", lambda job, now: cells.describe_end(job)),
    Column("descriptor", lambda job, now: Json(job.descriptor and job.descriptor.document)),
    *FAULT,
    TRACE,
    Column("age_s", lambda job, now: Duration((now - job.created_at).total_seconds())),
    *WORKER,
    LAST_EVENTS,
)

_UNCHECKED = ("dataset", "kind", "worker", "end_block", "descriptor")

OF_ANY_SHAPE = tuple(column for column in INSPECT if column.name in _UNCHECKED)
"""The columns of what is shown whatever a server sent, with a warning."""

PROGRESS: tuple[Column[TableRow], ...] = (
    Column("table", lambda row, now: row.name),
    Column(
        "start_block",
        lambda row, now: Number(row.progress.start_block),
        look=Look("start", gives_way=3),
    ),
    Column(
        "current_block",
        lambda row, now: Number(row.progress.current_block),
        look=Look("current", gives_way=1),
    ),
    Column(
        "end_block",
        lambda row, now: row.end_block if row.end is None else Number(row.end),
        look=Look("end", gives_way=2),
    ),
    Column("percent", lambda row, now: Percent(row.percent)),
    Column(
        "files_count",
        lambda row, now: Number(row.progress.files_count),
        look=Look("files", gives_way=5),
    ),
    Column(
        "total_size_bytes",
        lambda row, now: Size(row.progress.total_size_bytes),
        look=Look("size", gives_way=4),
    ),
)

WATCHED: tuple[Column[TableRow], ...] = (
    *PROGRESS,
    Column("job_id", lambda row, now: row.job_id, look=UNCUT),
    Column("job_status", lambda row, now: row.job_status and mark_status(row.job_status)),
    Column("seen_at", lambda row, now: row.seen_at and cells.name_moment(row.seen_at)),
    Column("blocks_per_s", lambda row, now: cells.describe_speed(row.blocks_per_s)),
    Column("eta_s", lambda row, now: Duration(row.eta_s)),
)

EVENTS: tuple[Column[JobEvent], ...] = (
    Column("id", lambda event, now: event.id),
    Column("created_at", lambda event, now: cells.name_moment(event.created_at), look=UNCUT),
    Column("event_type", lambda event, now: mark_status(event.event_type), look=UNCUT),
    Column(
        "worker", lambda event, now: event.node_id, look=Look(gives_way=3, least=8, keeps_end=True)
    ),
)

OF_FAILURE: tuple[Column[JobEvent], ...] = (
    Column(
        "error_code",
        lambda event, now: event.error and event.error.error_code,
        look=Look(gives_way=1, least=10),
    ),
    Column("error_message", lambda event, now: event.error and event.error.error_message),
)

LOG: tuple[Column[JobEvent], ...] = (
    *EVENTS,
    Column(
        "elapsed_s",
        lambda event, now: Duration(event.elapsed_s),
        look=Look("after", gives_way=2),
    ),
    *OF_FAILURE,
)

OF_JOB: Column[JobEvent] = Column("job_id", lambda event, now: event.job_id, look=UNCUT)
DETAIL: Column[JobEvent] = Column("detail", lambda event, now: Json(event.detail))
