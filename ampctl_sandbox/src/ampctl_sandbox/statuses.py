"""The statuses of a job, by name: a mistyped one fails at once, a mistyped text matches nothing."""

from __future__ import annotations

import enum


class Status(str, enum.Enum):
    """A status that the Admin API has; as a text it is its own name."""

    SCHEDULED = "SCHEDULED"
    RUNNING = "RUNNING"
    STOP_REQUESTED = "STOP_REQUESTED"
    STOPPING = "STOPPING"
    COMPLETED = "COMPLETED"
    STOPPED = "STOPPED"
    ERROR = "ERROR"
    FATAL = "FATAL"
    UNKNOWN = "UNKNOWN"

    __str__ = str.__str__
