"""Columns of the job commands, and the cells that fill them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

from ampctl.plugin import Number, Percent, Short, Size, Timestamp
from ampctl_job.models import Job, JobEvent, TableProgress

Row = tuple[Any, ...]

LIST = ("id", "status", "dataset", "kind", "worker", "created_at", "updated_at")
EVENTS = ("id", "created_at", "event_type", "worker")
PROGRESS = (
    "table",
    "start_block",
    "current_block",
    "end_block",
    "percent",
    "files_count",
    "total_size_bytes",
)

# int() would also take other scripts' digits, and fails at thousands of them.
_BLOCK = re.compile(r"[0-9]{1,19}")
_SHORT_KINDS = {"materialize-raw": "raw", "materialize-derived": "derived"}


def job_row(now: datetime.datetime) -> Callable[[Job], Row]:
    """Return what makes the cells of :data:`LIST`, with ages as of ``now``."""

    def row(job: Job) -> Row:
        descriptor = job.descriptor
        kind = descriptor.kind if descriptor else None
        return (
            job.id,
            job.status,
            descriptor.dataset if descriptor else None,
            Short(kind, _SHORT_KINDS.get(kind or "", kind or "")),
            job.node_id,
            Timestamp(job.created_at, now),
            Timestamp(job.updated_at, now),
        )

    return row


def event_row(now: datetime.datetime) -> Callable[[JobEvent], Row]:
    """Return what makes the cells of :data:`EVENTS`, with ages as of ``now``."""

    def row(event: JobEvent) -> Row:
        return (event.id, Timestamp(event.created_at, now), event.event_type, event.node_id)

    return row


def progress_row(name: str, table: TableProgress, end_block: str | None) -> Row:
    """Return the cells of :data:`PROGRESS`; ``end_block`` is the one of the job's descriptor."""
    end = int(end_block) if end_block and _BLOCK.fullmatch(end_block) else None
    return (
        name,
        Number(table.start_block),
        Number(table.current_block),
        Number(end) if end is not None else end_block,
        Percent(_percent(table, end)),
        Number(table.files_count),
        Size(table.total_size_bytes),
    )


def _percent(table: TableProgress, end: int | None) -> float | None:
    """Return how much of the range up to ``end`` is there; None where no end is known."""
    if end is None:
        return None
    if table.current_block is None or table.start_block is None:
        return 0.0
    wanted = end - table.start_block + 1
    done = table.current_block - table.start_block + 1
    return min(100.0, 100 * done / wanted) if wanted > 0 else 100.0
