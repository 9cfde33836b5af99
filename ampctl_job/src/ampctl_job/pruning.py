"""What a prune is about to remove."""

from __future__ import annotations

import collections
import datetime
from collections.abc import Mapping
from typing import NamedTuple

from ampctl.plugin import InvalidAnswer
from ampctl_job.api import Jobs
from ampctl_job.arguments import PRUNE_FILTERS
from ampctl_job.filtering import JobFilter
from ampctl_job.listing import FILTER_IGNORED
from ampctl_job.models import Status
from ampctl_job.selecting import describe_counts


class State(NamedTuple):
    """What a job was in when it was found.

    Attributes:
        status: its status.
        since: the moment at which it came to it.
        is_retried: whether the controller will schedule it again.
    """

    status: str
    since: datetime.datetime
    is_retried: bool


Shown = Mapping[int, State]
"""The jobs that were found, by id: of a very long list no more is kept of each."""


def find(jobs: Jobs, name: str, job_filter: JobFilter | None, now: datetime.datetime) -> Shown:
    """Return the jobs that a prune takes.

    Args:
        jobs: the client.
        name: the statuses, as in :data:`~ampctl_job.arguments.PRUNE_FILTERS`.
        job_filter: which ones of them; None for all.
        now: the moment that ages are counted from.

    Raises:
        InvalidAnswer: there are jobs of other statuses too, so the server did not apply the filter.
    """
    wanted = PRUNE_FILTERS[name]
    shown = {}
    for page in jobs.iterate_pages(status=",".join(wanted).lower()):
        for job in page if job_filter is None else job_filter.apply(page, now):
            if job.status in wanted:
                shown[job.id] = State(job.status, job.updated_at, job.is_retried)
            elif job.status != Status.UNKNOWN:  # as which a newer server treats FAILED
                raise InvalidAnswer(
                    f"can't prune {name} jobs: job {job.id} is {job.status},"
                    " which was not asked for",
                    hint=FILTER_IGNORED,
                )
    return shown


def describe(shown: Shown) -> str:
    """Return how many jobs of each status were found, in words."""
    counts = collections.Counter(state.status for state in shown.values())
    return describe_counts(counts, sum(state.is_retried for state in shown.values()))
