"""What there is to know of a job beside itself: why it failed, how far it is, its events."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ampctl_job.models import ANY_FAILED, Document

# A worker beats every second.
_ALIVE = datetime.timedelta(seconds=5)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErrorDetail:
    """Why a job has failed; any part may be missing.

    Attributes:
        error_message: the whole detail, if it is not an object.
        error_context: an object, though a server may hold any JSON.
        oddities: what is not as documented, each with its path: ``detail.error_code (...)``.
    """

    error_code: str | None = None
    error_message: str | None = None
    error_context: Any = None
    document: Any = dataclasses.field(repr=False)
    oddities: Sequence[str] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableProgress:
    """How far one table of a job is.

    Attributes:
        current_block, start_block: highest and lowest block synced; None before the first data.
        files_count: Parquet files.
        total_size_bytes: their size together.
    """

    current_block: int | None
    start_block: int | None
    files_count: int
    total_size_bytes: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobProgress:
    """How far a job is, by table name."""

    job_id: int
    job_status: str
    tables: Mapping[str, TableProgress]
    detail: ErrorDetail | None = None
    document: Document = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobEvent:
    """One entry of a job's lifecycle log; ``event_type`` is a status.

    Attributes:
        job_id, detail: come only with a single event. The detail may be any JSON: the descriptor
            of a ``SCHEDULED`` event, the error detail of an ``ERROR`` or ``FATAL`` one.
        elapsed_s: seconds since the event before it, once its log was looked at; None of the
            first one.
        error: the error detail, once it was read.
    """

    id: int
    created_at: datetime.datetime
    node_id: str | None
    event_type: str
    job_id: int | None = None
    detail: Any = None
    elapsed_s: float | None = None
    error: ErrorDetail | None = None
    document: Document = dataclasses.field(repr=False)

    @property
    def is_failure(self) -> bool:
        """Whether the job failed, for now or permanently."""
        return self.event_type in ANY_FAILED


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobEvents:
    """A job's lifecycle log, oldest first."""

    job_id: int
    events: Sequence[JobEvent]
    document: Document = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Worker:
    """A worker node.

    Attributes:
        node_id: its name.
        heartbeat_at: when it gave its last sign of life; None if the server knows no such node.
        seen_at: when this was so, by the server's clock; None if that is not known.
    """

    node_id: str
    heartbeat_at: datetime.datetime | None
    seen_at: datetime.datetime | None = None
    document: Document = dataclasses.field(repr=False)

    def is_alive(self, now: datetime.datetime) -> bool:
        """Tell whether its last sign of life was recent when it was seen, or else is ``now``."""
        return self.heartbeat_at is not None and (self.seen_at or now) - self.heartbeat_at < _ALIVE


class Wanted(NamedTuple):
    """What is to be found out; each part costs one request, the fault two."""

    fault: bool
    log: bool
    worker: bool
