"""The look at a job before it is changed, which the change itself does not depend on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ampctl.plugin import (
    AccessError,
    ApiError,
    Cause,
    ConnectError,
    EndpointMissing,
    NotFoundError,
)
from ampctl_job.api import Jobs
from ampctl_job.models import Job

_MOST = 6

# A change would only meet the same again.
_FINAL = (NotFoundError, EndpointMissing, AccessError, ConnectError)


class Look(NamedTuple):
    """A job as it was before a change.

    Attributes:
        job: the job; None if it could not be read.
        doubt: why it could not be read.
    """

    job: Job | None
    doubt: str | None = None


def look_at(jobs: Jobs, job_id: int, *, action: str) -> Look:
    """Read a job that is to be changed.

    Args:
        jobs: the client.
        job_id: the job.
        action: what it is read for, to be read after "can't": ``stop job 7``.

    Raises:
        ApiError: there is no such job, or the change could not succeed either.
    """
    try:
        return Look(jobs.get(job_id, action=action))
    except _FINAL:
        raise
    except ApiError as error:
        # A server that mixes its answers up would be trusted with a change.
        if error.cause is Cause.ANOTHER_THING:
            raise
        return Look(None, error.message.removeprefix(f"can't {action}: "))


def name_jobs(job_ids: Sequence[int]) -> str:
    """Return the ids as text, the first few of them if they are many."""
    named = ", ".join(map(str, job_ids[:_MOST]))
    more = len(job_ids) - _MOST
    return f"{named} and {more:,} more" if more > 0 else named
