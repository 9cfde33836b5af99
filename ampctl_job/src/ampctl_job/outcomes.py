"""What commands did to jobs, and the tables that tell it."""

from __future__ import annotations

from typing import NamedTuple

from ampctl.plugin import Column
from ampctl_job.appearance import mark_status


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
)

DRY_RUN: tuple[Column[tuple[str, int]], ...] = (
    Column("status", lambda count, now: mark_status(count[0])),
    Column("would_remove", lambda count, now: count[1]),
)
