"""How many jobs have failed, for who looks at others."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ampctl.plugin import ApiError, start_call
from ampctl_job.arguments import parse_status_filter
from ampctl_job.models import ANY_FAILED, JobPage

if TYPE_CHECKING:
    from concurrent.futures import Future

    from ampctl_job.api import Jobs
    from ampctl_job.filtering import JobFilter

_MOST = 100
# The rows are there by then, and no one waits longer for a remark.
_PATIENCE_S = 0.5


def hides_failed(status: str) -> bool:
    """Tell whether a filter of statuses, as the API takes it, leaves all failed jobs out."""
    words = status.split(",")
    return "all" not in words and not any(failed.lower() in words for failed in ANY_FAILED)


def remark_on_failed(
    jobs: Jobs, job_filter: JobFilter | None, now: datetime.datetime
) -> Iterator[str]:
    """Ask for failed jobs on another thread now, and say how many there are when that is read.

    Nothing is said if there are none, or if that is not known in time.

    Args:
        jobs: the client.
        job_filter: which ones count; None for all of them.
        now: the moment that ages are counted from.
    """
    fetch = functools.partial(jobs.fetch, parse_status_filter("failed"), _MOST)
    return _describe(start_call(fetch), job_filter, now)


def _describe(
    fetched: Future[Callable[[], JobPage]], job_filter: JobFilter | None, now: datetime.datetime
) -> Iterator[str]:
    try:
        page = fetched.result(_PATIENCE_S)()
    except (ApiError, TimeoutError):
        return
    failed = page.jobs if job_filter is None else job_filter.apply(page.jobs, now)
    if failed:
        more = " or more" if len(page.jobs) == _MOST else ""
        are = "job is" if (len(failed), more) == (1, "") else "jobs are"
        it = "it" if are == "job is" else "them"
        yield f"{len(failed)}{more} {are} in ERROR or FATAL: --status failed shows {it}."
