"""The lifecycle logs of jobs: what is wanted of them, and each event just once."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from collections.abc import Sequence
from typing import NamedTuple

from ampctl_job.details import JobEvent, JobEvents
from ampctl_job.models import Status

# From these a job goes on only if its dataset is deployed again.
_ENDS = (Status.COMPLETED, Status.STOPPED, Status.FATAL, Status.FAILED)


class EventFilter(NamedTuple):
    """Which events of a log are wanted.

    Attributes:
        types: their types; None for all of them.
        since: only events of this moment and later.
        tail: only so many of the last ones.
    """

    types: frozenset[str] | None = None
    since: datetime.datetime | None = None
    tail: int | None = None

    def apply(self, events: Sequence[JobEvent]) -> list[JobEvent]:
        """Return the events that are wanted, in their order."""
        wanted = [event for event in events if self._wants(event)]
        return wanted if self.tail is None else wanted[max(0, len(wanted) - self.tail) :]

    def _wants(self, event: JobEvent) -> bool:
        is_of_type = self.types is None or event.event_type in self.types
        return is_of_type and (self.since is None or event.created_at >= self.since)


def measure(log: JobEvents) -> list[JobEvent]:
    """Return the events of a log, each with its job and the time since the one before."""
    moments = [event.created_at for event in log.events]
    gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
    elapsed = [None, *(gap.total_seconds() for gap in gaps)]
    return [
        dataclasses.replace(event, job_id=log.job_id, elapsed_s=elapsed_s)
        for event, elapsed_s in zip(log.events, elapsed, strict=False)
    ]


def merge(logs: Sequence[Sequence[JobEvent]]) -> list[JobEvent]:
    """Return the events of several jobs in one order; ids go up with time."""
    return sorted((event for log in logs for event in log), key=lambda event: event.id)


class Logbook:
    """Remembers which events of some jobs were seen.

    Args:
        ids: the jobs.
        wanted: which events are.

    Attributes:
        left: the jobs that have not ended.
        failed: those that ended in a failure, with their last status.
    """

    def __init__(self, ids: Sequence[int], wanted: EventFilter) -> None:
        self.left = list(ids)
        self.failed: dict[int, str] = {}
        self._wanted = wanted
        self._seen = dict.fromkeys(ids, 0)

    def take_new(self, logs: Sequence[JobEvents]) -> list[JobEvent]:
        """Return the wanted events that were not in earlier logs, in their order."""
        new = merge([self._take(log) for log in logs])
        # Later on every event is one of the last.
        self._wanted = self._wanted._replace(tail=None)
        return new

    def _take(self, log: JobEvents) -> list[JobEvent]:
        seen = self._seen[log.job_id]
        new = [event for event in measure(log) if event.id > seen]
        last = max((event.id for event in new), default=seen)
        self._seen[log.job_id] = last
        self._note_end(log)
        return self._wanted.apply(new)

    def _note_end(self, log: JobEvents) -> None:
        status = log.events[-1].event_type if log.events else None
        if status in _ENDS:
            self.left.remove(log.job_id)
            if log.events[-1].is_failure:
                self.failed[log.job_id] = log.events[-1].event_type
