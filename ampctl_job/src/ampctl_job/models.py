"""Jobs and what belongs to them, as typed and frozen values.

Every model keeps the ``document`` that it was made from, with the members that this version
does not know.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Mapping, Sequence
from typing import Any


class Status(enum.StrEnum):
    """The statuses of a job that this version knows. A newer server may send others, as text."""

    SCHEDULED = "SCHEDULED"
    RUNNING = "RUNNING"
    STOP_REQUESTED = "STOP_REQUESTED"
    STOPPING = "STOPPING"
    COMPLETED = "COMPLETED"
    STOPPED = "STOPPED"
    ERROR = "ERROR"
    FATAL = "FATAL"
    UNKNOWN = "UNKNOWN"


ACTIVE = (Status.SCHEDULED, Status.RUNNING, Status.STOP_REQUESTED, Status.STOPPING)
STOPPING = (Status.STOP_REQUESTED, Status.STOPPING)
TERMINAL = (Status.COMPLETED, Status.STOPPED, Status.ERROR, Status.FATAL)
FAILED = (Status.ERROR, Status.FATAL)
STATUSES = tuple(Status)

Document = Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Descriptor:
    """What a job has to do.

    Of a ``kind`` that this version does not know only the document is sure to be there; the
    other attributes are None where the document does not have them.

    Attributes:
        kind: ``materialize-raw``, ``materialize-derived``, or a newer one.
        manifest_hash: 64 hexadecimal digits.
        end_block: None (continuous), ``"latest"``, an absolute block such as ``"12345"``, or
            ``"-100"`` (that many before the latest).
    """

    kind: str | None = None
    dataset_namespace: str | None = None
    dataset_name: str | None = None
    manifest_hash: str | None = None
    end_block: str | None = None
    document: Document = dataclasses.field(repr=False)

    @property
    def dataset(self) -> str | None:
        """The dataset as people write it, ``namespace/name@hash`` with seven digits of the hash."""
        if self.dataset_namespace is None or self.dataset_name is None:
            return None
        name = f"{self.dataset_namespace}/{self.dataset_name}"
        return f"{name}@{self.manifest_hash[:7]}" if self.manifest_hash else name


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fault:
    """What is known of a failed job beyond its status; any part may be missing.

    Attributes:
        error_code, error_message, error_context: from the job's error detail.
        attempts: how often the job was scheduled.
        retry_at: the earliest moment at which the controller schedules it again.
        doubt: why not all is known, if something kept it from being read.
    """

    error_code: str | None = None
    error_message: str | None = None
    error_context: Document | None = None
    attempts: int | None = None
    retry_at: datetime.datetime | None = None
    doubt: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Job:
    """An extraction job (``JobInfo`` of the API).

    Attributes:
        id: 1 to 2^63-1.
        node_id: the worker node that the job is assigned to.
        status: one of :class:`Status`, or whatever a newer server sent.
        fault: why it failed, once ``Jobs.fault`` was asked for it.
    """

    id: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    node_id: str
    status: str
    descriptor: Descriptor | None = None
    fault: Fault = Fault()
    document: Document = dataclasses.field(repr=False)

    @property
    def dataset(self) -> str | None:
        """The dataset as people write it, if the descriptor names one."""
        return self.descriptor.dataset if self.descriptor else None

    @property
    def kind(self) -> str | None:
        """What kind of job it is, such as ``materialize-raw``, if the descriptor tells."""
        return self.descriptor.kind if self.descriptor else None

    @property
    def end_block(self) -> str | None:
        """Where it ends; see :class:`Descriptor`."""
        return self.descriptor.end_block if self.descriptor else None

    @property
    def is_active(self) -> bool:
        """Whether the job is scheduled, running or on its way to a stop."""
        return self.status in ACTIVE

    @property
    def is_terminal(self) -> bool:
        """Whether the job has ended, for now (``ERROR`` is retried) or for good."""
        return self.status in TERMINAL

    @property
    def is_failed(self) -> bool:
        """Whether the job has failed, for now or permanently."""
        return self.status in FAILED

    def earliest_retry(self, attempts: int) -> datetime.datetime | None:
        """Return when the controller schedules the job again at the earliest, if it does.

        It retries a job in ``ERROR`` 2^n seconds after the n-th attempt failed.

        Args:
            attempts: how often the job was scheduled so far.
        """
        if self.status != Status.ERROR:
            return None
        try:
            return self.updated_at + datetime.timedelta(seconds=2**attempts)
        except OverflowError:  # past the year 9999
            return None


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobPage:
    """One page of jobs, newest first; ``next_cursor`` is the id to go on after, if any."""

    jobs: Sequence[Job]
    next_cursor: int | None = None
    document: Document = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class ErrorDetail:
    """Why a job is in ``ERROR`` or ``FATAL``; any part may be missing."""

    error_code: str | None = None
    error_message: str | None = None
    error_context: Document | None = None
    document: Document = dataclasses.field(repr=False)


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

    ``detail`` comes only with a single event: the descriptor of a ``SCHEDULED`` one, the error
    detail of an ``ERROR`` or ``FATAL`` one.
    """

    id: int
    created_at: datetime.datetime
    node_id: str
    event_type: str
    detail: Document | None = None
    document: Document = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, kw_only=True)
class JobEvents:
    """A job's lifecycle log, oldest first."""

    job_id: int
    events: Sequence[JobEvent]
    document: Document = dataclasses.field(repr=False)
