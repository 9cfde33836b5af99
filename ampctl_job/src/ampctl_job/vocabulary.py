"""The words of jobs: their statuses, the kinds that are known, and how a dataset is named."""

from __future__ import annotations

import enum


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
"""What people call the kinds that this version knows."""

KINDS = tuple(SHORT_KINDS)


def name_dataset(namespace: str | None, name: str | None, manifest_hash: str | None) -> str | None:
    """Return a dataset as people write it; None if its name is not known."""
    if namespace is None or name is None:
        return None
    return f"{namespace}/{name}@{manifest_hash[:7]}" if manifest_hash else f"{namespace}/{name}"
