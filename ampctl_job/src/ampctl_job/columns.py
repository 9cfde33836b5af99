"""The tables of the job commands: one for each kind of row, a line for each column."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from ampctl.plugin import (
    INT64_MAX,
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
    format_age,
    format_timestamp,
    machine_text,
    plain,
)
from ampctl_job import ordinary
from ampctl_job.appearance import mark_status, shorten_dataset
from ampctl_job.models import SHORT_KINDS

if TYPE_CHECKING:
    from ampctl_job.details import JobEvent, TableProgress
    from ampctl_job.models import Job

# A text with more digits is not a block: it is shown, and not computed with.
_BLOCK = re.compile(r"0|[1-9][0-9]{0,18}")
_SHOWN_EVENTS = 5


class TableRow(NamedTuple):
    """How far one table of a job is, and where it ends.

    Attributes:
        name: of the table.
        progress: what is synced.
        end_block: where the job ends; see :class:`~ampctl_job.models.Descriptor`.
    """

    name: str
    progress: TableProgress
    end_block: str | None

    @property
    def end(self) -> int | None:
        """The last block to come, if it is known as a number."""
        if _BLOCK.fullmatch(self.end_block or "") is None:
            return None
        end = int(self.end_block or "")
        return end if end <= INT64_MAX else None

    @property
    def percent(self) -> float | None:
        """How much of the range up to the end is there; None where no end is known."""
        end, start, current = self.end, self.progress.start_block, self.progress.current_block
        if end is None:
            return None
        if start is None or current is None:
            return 0.0
        wanted, done = end - start + 1, current - start + 1
        return min(100.0, max(0.0, 100 * done / wanted)) if wanted > 0 else 100.0


def _describe_retry(job: Job, now: datetime.datetime) -> Any:
    """Return a cell: for people, what is sure of a moment that is only the earliest possible."""
    moment = job.fault.retry_at
    if moment is None:
        return Timestamp(None, now)
    human = f"{format_age(moment, now)} at the earliest" if moment > now else "due"
    return Short(format_timestamp(moment), human)


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
        look=Look(gives_way=4, least=8),
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


def _describe_end(job: Job) -> Any:
    # A null is the documented way to say so, where all else is as documented.
    is_continuous = job.descriptor is not None and job.kind in SHORT_KINDS and not job.oddities
    return Short(job.end_block, "continuous" if is_continuous and not job.end_block else None)


def _describe_context(job: Job) -> Any:
    """Return a cell: for people without the stack trace, which has a place of its own."""
    context = job.fault.error_context
    if _find_trace(context) is None:
        return Json(context)
    rest = {name: value for name, value in context.items() if name != "stack_trace"}
    return Short(context, machine_text(rest))


def _find_trace(context: Any) -> list[str] | None:
    trace = context.get("stack_trace") if isinstance(context, dict) else None
    is_trace = isinstance(trace, list) and all(isinstance(line, str) for line in trace)
    return trace if is_trace else None


def _describe_worker(job: Job, now: datetime.datetime) -> Any:
    worker = job.worker
    if worker is None:
        return None
    is_alive = worker.is_alive(now)
    beat = format_age(worker.heartbeat_at, now) if worker.heartbeat_at else "not known"
    return Short(is_alive, f"{'yes' if is_alive else 'no'}, {beat}")


def _describe_log(job: Job, now: datetime.datetime) -> Any:
    if job.log is None:
        return Lines(None)
    events = job.log.events[-_SHOWN_EVENTS:]
    moments = [format_timestamp(event.created_at) for event in events]
    lines = [
        f"{moment}  {event.event_type}  {event.node_id}"
        for moment, event in zip(moments, events, strict=True)
    ]
    values = [
        {column.name: plain(column.cell(event, now)) for column in EVENTS} for event in events
    ]
    return Lines(lines, values)


FAULT: tuple[Column[Job], ...] = (
    Column("error_code", lambda job, now: job.fault.error_code),
    Column("error_message", lambda job, now: job.fault.error_message),
    Column("error_context", lambda job, now: _describe_context(job)),
    Column("attempts", lambda job, now: job.fault.attempts),
    Column("retry_at", _describe_retry),
)

TRACE: Column[Job] = Column(
    "stack_trace", lambda job, now: Lines(_find_trace(job.fault.error_context))
)

WORKER: tuple[Column[Job], ...] = (
    Column("worker_alive", _describe_worker),
    Column(
        "worker_heartbeat_at",
        lambda job, now: Timestamp(job.worker.heartbeat_at if job.worker else None, now),
    ),
)

LOG: Column[Job] = Column("last_events", _describe_log)

INSPECT: tuple[Column[Job], ...] = (
    *LIST,
    Column("end_block", lambda job, now: _describe_end(job)),
    Column("descriptor", lambda job, now: Json(job.descriptor and job.descriptor.document)),
    *FAULT,
    TRACE,
    Column("age_s", lambda job, now: Duration((now - job.created_at).total_seconds())),
    *WORKER,
    LOG,
)

OF_DESCRIPTOR = tuple(
    column for column in INSPECT if column.name in ("dataset", "kind", "end_block", "descriptor")
)

PROGRESS: tuple[Column[TableRow], ...] = (
    Column("table", lambda row, now: row.name),
    Column("start_block", lambda row, now: Number(row.progress.start_block)),
    Column("current_block", lambda row, now: Number(row.progress.current_block)),
    Column("end_block", lambda row, now: row.end_block if row.end is None else Number(row.end)),
    Column("percent", lambda row, now: Percent(row.percent)),
    Column("files_count", lambda row, now: Number(row.progress.files_count)),
    Column("total_size_bytes", lambda row, now: Size(row.progress.total_size_bytes)),
)

EVENTS: tuple[Column[JobEvent], ...] = (
    Column("id", lambda event, now: event.id),
    Column("created_at", lambda event, now: Timestamp(event.created_at, now)),
    Column("event_type", lambda event, now: mark_status(event.event_type)),
    Column("worker", lambda event, now: event.node_id),
)

EVENT: tuple[Column[JobEvent], ...] = (
    *EVENTS,
    Column("detail", lambda event, now: Json(event.detail)),
)


class Outcome(NamedTuple):
    """What became of one job that a command changed.

    Attributes:
        job_id: the job.
        result: what was done.
        status: where the job is now, if that is known.
    """

    job_id: int
    result: str
    status: str | None = None


_JOB_ID: Column[Outcome] = Column("id", lambda outcome, now: outcome.job_id, member="job_id")
_RESULT: Column[Outcome] = Column("result", lambda outcome, now: outcome.result)

STOP: tuple[Column[Outcome], ...] = (
    _JOB_ID,
    Column("status", lambda outcome, now: mark_status(outcome.status)),
    _RESULT,
)
RM: tuple[Column[Outcome], ...] = (_JOB_ID, _RESULT)


class Pruned(NamedTuple):
    """What became of the jobs of one status.

    Attributes:
        status: theirs.
        removed: how many were removed.
        skipped: how many were left alone: they had changed, or nothing more was to begin.
        failed: how many could not be removed.
    """

    status: str
    removed: int
    skipped: int
    failed: int


PRUNE: tuple[Column[Pruned], ...] = (
    Column("status", lambda count, now: mark_status(count.status)),
    Column("removed", lambda count, now: count.removed),
    Column("skipped", lambda count, now: count.skipped),
    Column("failed", lambda count, now: count.failed),
)
