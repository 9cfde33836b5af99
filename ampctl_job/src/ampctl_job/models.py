"""Jobs and what belongs to them, as typed and frozen values.

Every model keeps the ``document`` that it was made from, with the members that this version
does not know. What a server hands out unchecked may be any JSON: a value of another type than
documented is kept as JSON text, and named in ``oddities``.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ampctl_job.details import JobEvents, Worker


class Status(enum.StrEnum):
    """The statuses of a job that this version knows. A newer server may send others, as text.

    Older servers have ``FAILED`` in the place of ``ERROR`` and ``FATAL``.
    """

    SCHEDULED = "SCHEDULED"
    RUNNING = "RUNNING"
    STOP_REQUESTED = "STOP_REQUESTED"
    STOPPING = "STOPPING"
    COMPLETED = "COMPLETED"
    STOPPED = "STOPPED"
    ERROR = "ERROR"
    FATAL = "FATAL"
    UNKNOWN = "UNKNOWN"
    FAILED = "FAILED"


ACTIVE = (Status.SCHEDULED, Status.RUNNING, Status.STOP_REQUESTED, Status.STOPPING)
STOPPING = (Status.STOP_REQUESTED, Status.STOPPING)
TERMINAL = (Status.COMPLETED, Status.STOPPED, Status.ERROR, Status.FATAL)
FAILED = (Status.ERROR, Status.FATAL)
STATUSES = (*ACTIVE, *TERMINAL, Status.UNKNOWN)

# The same, for servers of any age.
ANY_TERMINAL = (*TERMINAL, Status.FAILED)
ANY_FAILED = (*FAILED, Status.FAILED)

SHORT_KINDS = {"materialize-raw": "raw", "materialize-derived": "derived"}

Document = Mapping[str, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Descriptor:
    """What a job has to do.

    Only the document is sure to be there; the other attributes are None where it does not have
    them.

    Attributes:
        kind: ``materialize-raw``, ``materialize-derived``, or a newer one.
        manifest_hash: 64 hexadecimal digits.
        end_block: None (continuous), ``"latest"``, an absolute block such as ``"12345"``, or
            ``"-100"`` (that many before the latest).
        document: an object, though a server may hold any JSON.
        oddities: what is not as documented, each with its path: ``descriptor.end_block (...)``.
    """

    kind: str | None = None
    dataset_namespace: str | None = None
    dataset_name: str | None = None
    manifest_hash: str | None = None
    end_block: str | None = None
    document: Any = dataclasses.field(repr=False)
    oddities: Sequence[str] = ()

    @property
    def dataset(self) -> str | None:
        """The dataset as people write it, ``namespace/name@hash`` with seven digits of the hash."""
        return name_dataset(self.dataset_namespace, self.dataset_name, self.manifest_hash)


def name_dataset(namespace: str | None, name: str | None, manifest_hash: str | None) -> str | None:
    """Return a dataset as people write it; None if its name is not known."""
    if namespace is None or name is None:
        return None
    return f"{namespace}/{name}@{manifest_hash[:7]}" if manifest_hash else f"{namespace}/{name}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fault:
    """What is known of a failed job beyond its status; any part may be missing.

    Attributes:
        error_code, error_message, error_context: from the job's error detail.
        attempts: how often the job was scheduled, by a deploy or by the controller.
        retry_at: the earliest moment at which the controller schedules it again.
        log: the events that the attempts were counted in.
        doubt: why not all is known, if something kept it from being read.
        oddities: what is not as documented; see :class:`~ampctl_job.details.ErrorDetail`.
    """

    error_code: str | None = None
    error_message: str | None = None
    error_context: Any = None
    attempts: int | None = None
    retry_at: datetime.datetime | None = None
    log: JobEvents | None = None
    doubt: str | None = None
    oddities: Sequence[str] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Job:
    """An extraction job (``JobInfo`` of the API).

    Attributes:
        id: 1 to 2^63-1.
        node_id: the worker node that the job is assigned to.
        status: one of :class:`Status`, or whatever a newer server sent.
        fault: why it failed, once ``Jobs.fault`` was asked for it.
        log: its events, once ``Jobs.events`` was asked for them.
        worker: its worker node, once ``Workers.get`` was asked for it.
    """

    id: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    node_id: str
    status: str
    descriptor: Descriptor | None = None
    fault: Fault = Fault()
    log: JobEvents | None = None
    worker: Worker | None = None
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
    def oddities(self) -> Sequence[str]:
        """What the server sent otherwise than documented; see :class:`Descriptor`."""
        return self.descriptor.oddities if self.descriptor else ()

    @property
    def is_active(self) -> bool:
        """Whether the job is scheduled, running or on its way to a stop."""
        return self.status in ACTIVE

    @property
    def is_terminal(self) -> bool:
        """Whether the job has ended, for now (see :attr:`is_retried`) or permanently."""
        return self.status in ANY_TERMINAL

    @property
    def is_failed(self) -> bool:
        """Whether the job has failed, for now or permanently."""
        return self.status in ANY_FAILED

    @property
    def is_retried(self) -> bool:
        """Whether the controller schedules it again, as it is in ``ERROR`` with a descriptor."""
        return self.status == Status.ERROR and self.descriptor is not None

    def earliest_retry(self, attempts: int) -> datetime.datetime | None:
        """Return when the controller schedules the job again at the earliest, if it does.

        That is 2^n seconds after the n-th attempt failed; it looks once a minute.

        Args:
            attempts: how often the job was scheduled so far.
        """
        # A log without any attempt says nothing of when the next one is due.
        if not self.is_retried or not attempts:
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
