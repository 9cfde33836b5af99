"""The rows of the screen, and the columns that show them."""

from __future__ import annotations

import collections
import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ampctl.plugin import UNCUT, Column, Look, Mark, Marked, Number, Short, Timestamp
from ampctl_job import columns
from ampctl_job.appearance import mark_status
from ampctl_job.cells import describe_speed
from ampctl_job.details import Worker
from ampctl_job.models import Job
from ampctl_job.pace import draw_sparkline
from ampctl_job.progress_watch import describe_fault
from ampctl_job.top.deployment import Deployment, find_block

_SPARKLINE = 10
_NARROW, _WIDE = 72, 120
# It stands where numbers do, so that the column keeps its side.
_NO_SPEED = Short(0.0, "-")

ALL = "all"
SHOWN: Mapping[str, Callable[[Job], bool]] = {
    ALL: lambda job: True,
    "failed": lambda job: job.is_failed,
    "active": lambda job: job.is_active,
}
ORDERS: Mapping[str, Callable[[Job], Any]] = {
    "newest": lambda job: -job.id,
    "changed": lambda job: -job.updated_at.timestamp(),
    "status": lambda job: (not job.is_failed, job.status, -job.id),
    "dataset": lambda job: (job.dataset or "", -job.id),
}


class JobRow(NamedTuple):
    """A job, and what else is known of it."""

    job: Job
    is_selected: bool
    blocks_per_s: float | None
    recent: Sequence[float]
    block: int | None
    worker: Worker | None
    fault: str | None


class DatasetRow(NamedTuple):
    """How many jobs a dataset has, and how fast all of them are that are watched."""

    name: str | None
    jobs: int
    active: int
    failed: int


class WorkerRow(NamedTuple):
    """A worker node, and how many of the jobs are its own."""

    worker: Worker
    jobs: int
    failed: int


def choose_jobs(deployment: Deployment, shown: str, order: str) -> list[Job]:
    """Return the jobs that are to be shown, in order."""
    return sorted(filter(SHOWN[shown], deployment.jobs.values()), key=ORDERS[order])


def make_job_row(deployment: Deployment, job: Job, selected: int | None) -> JobRow:
    """Return the row of a job."""
    pace, progress = deployment.find_pace(job), deployment.find_progress(job)
    return JobRow(
        job,
        job.id == selected,
        pace.blocks_per_s if pace else None,
        pace.recent[-_SPARKLINE:] if pace else (),
        find_block(progress) if progress else None,
        deployment.find_worker(job),
        describe_fault(progress.detail)
        if progress and job.is_failed and deployment.explains_failure(job)
        else None,
    )


def count_datasets(jobs: Iterable[Job]) -> list[DatasetRow]:
    """Return a row for each dataset, whatever its hash; those with the most failures first."""
    of_each: dict[str | None, list[Job]] = collections.defaultdict(list)
    for job in jobs:
        of_each[name_dataset(job, is_short=False)].append(job)
    rows = [
        DatasetRow(
            name,
            len(those),
            sum(job.is_active for job in those),
            sum(job.is_failed for job in those),
        )
        for name, those in of_each.items()
    ]
    return sorted(rows, key=lambda row: (-row.failed, -row.jobs, row.name or ""))


def count_workers(deployment: Deployment) -> list[WorkerRow]:
    """Return a row for each worker node, as the server lists them."""
    active = collections.Counter(job.node_id for job in deployment.jobs.values() if job.is_active)
    failed = collections.Counter(job.node_id for job in deployment.jobs.values() if job.is_failed)
    return [
        WorkerRow(worker, active[worker.node_id], failed[worker.node_id])
        for worker in deployment.workers or ()
    ]


class Age(Timestamp):
    """How long ago a moment is, without a word."""

    def show(self, value: Any) -> str:
        return super().show(value).removesuffix(" ago")


def _describe_trouble(row: JobRow, now: datetime.datetime) -> Any:
    if row.job.is_active and row.worker is not None and not row.worker.is_alive(now):
        return "its worker is dead"
    return Short(row.fault, row.fault or "")


def list_job_columns(width: int, *, is_ascii: bool) -> Sequence[Column[JobRow]]:
    """Return the columns of the jobs; on a narrow screen the fault is among the last to go.

    Args:
        width: of the screen.
        is_ascii: whether it shows nothing but ASCII.
    """
    columns: list[Column[JobRow]] = [
        Column("", lambda row, now: ">" if row.is_selected else " ", look=UNCUT),
        Column("id", lambda row, now: row.job.id, look=UNCUT),
        Column(
            "status", lambda row, now: mark_status(row.job.status), look=Look(gives_way=1, least=9)
        ),
        Column(
            "dataset",
            lambda row, now: name_dataset(row.job, is_short=width < _NARROW),
            look=Look(gives_way=3, least=8 if width < _NARROW else max(18, width // 5)),
        ),
        Column(
            "blocks/s",
            lambda row, now: describe_speed(row.blocks_per_s) or _NO_SPEED,
            look=UNCUT._replace(header="blk/s", gives_way=4),
        ),
    ]
    if width >= _WIDE:
        columns += [
            Column("lately", lambda row, now: draw_sparkline(row.recent, is_ascii=is_ascii)),
            Column("block", lambda row, now: Number(row.block), look=UNCUT),
            Column("changed", lambda row, now: Age(row.job.updated_at, now), look=UNCUT),
        ]
    return [
        *columns,
        Column(
            "age",
            lambda row, now: Age(row.job.created_at, now),
            look=UNCUT._replace(gives_way=5),
        ),
        Column(
            "worker",
            lambda row, now: row.job.node_id,
            look=Look(gives_way=6, least=11, keeps_end=True),
        ),
        Column("fault", _describe_trouble, look=Look(gives_way=2, least=16)),
    ]


def name_dataset(job: Job, *, is_short: bool) -> str | None:
    """Return the dataset of a job without its hash, and without its namespace if it is short."""
    name = (job.dataset or "").partition("@")[0] or None
    return name.rpartition("/")[2] if name and is_short else name


DATASETS: Sequence[Column[DatasetRow]] = (
    Column("dataset", lambda row, now: row.name, look=Look(least=8)),
    Column("jobs", lambda row, now: row.jobs, look=UNCUT),
    Column("active", lambda row, now: row.active, look=UNCUT),
    Column("failed", lambda row, now: row.failed, look=UNCUT),
)

_ALIVE, _DEAD = Marked("alive", Mark.ACTIVE), Marked("dead", Mark.FAILED)

WORKERS: Sequence[Column[WorkerRow]] = (
    Column("worker", lambda row, now: row.worker.node_id, look=Look(least=11)),
    Column("state", lambda row, now: _ALIVE if row.worker.is_alive(now) else _DEAD, look=UNCUT),
    Column("beat", lambda row, now: show_beat(row.worker, now), look=UNCUT),
    Column("active", lambda row, now: row.jobs, look=UNCUT),
    Column("failed", lambda row, now: row.failed, look=UNCUT),
)


def show_beat(worker: Worker, now: datetime.datetime) -> Timestamp:
    """Return how long ago a worker gave a sign of life, when it was seen."""
    return Timestamp(worker.heartbeat_at, worker.seen_at or now)


_OF_ONE = (
    *("status", "dataset", "kind", "worker", "worker_alive", "created_at", "updated_at"),
    *("end_block", "error_code", "error_message", "attempts", "retry_at", "error_context"),
    *("stack_trace", "last_events"),
)
_BY_NAME = {column.name: column for column in columns.INSPECT}
OF_HEALTHY = tuple(
    _BY_NAME[name] for name in _OF_ONE if _BY_NAME[name] not in (*columns.FAULT, columns.TRACE)
)
"""What is shown of one job that has not failed."""
OF_FAILED = tuple(_BY_NAME[name] for name in _OF_ONE)
"""What is shown of one that has."""
