"""Pages of jobs: how one is read, and what it must be to be believed."""

from __future__ import annotations

import contextlib
from typing import Any

from ampctl.plugin import InvalidAnswer, Response, check_page
from ampctl_job import ordinary
from ampctl_job.models import ACTIVE, Job, JobPage, Status

FILTER_IGNORED = "`ampctl job list --status all`, since the server seems to ignore the status"


def read_page(response: Response) -> JobPage:
    """Read a page by column, or with its schema if it, or one of its jobs, can't be accepted."""
    with contextlib.suppress(InvalidAnswer):
        page = ordinary.read_page(response.document, _load_job)
        if page is not None:
            return page
    # Imported here, as in the other function: an ordinary page needs no schema.
    from ampctl.plugin import load
    from ampctl_job.schemas import JOB_PAGE

    refused_or_read: JobPage = load(JOB_PAGE, response.document, request=response.request)
    return refused_or_read


def _load_job(document: Any) -> Job:
    from ampctl.plugin import load
    from ampctl_job.schemas import JOB

    job: Job = load(JOB, document)
    return job


def check_order(page: JobPage, asked: int, after: int | None) -> None:
    """Refuse a page that can't be a part of the list; see :func:`~ampctl.plugin.check_page`."""
    check_page(
        ordinary.read_column(page.jobs, "id"),
        page.next_cursor,
        asked=asked,
        after=after,
        id_of=int,
        action="list jobs",
    )


def check_statuses(page: JobPage, filter_text: str) -> None:
    """Refuse jobs that were not asked for, as from a server that ignores the filter.

    Statuses that this version does not know pass: a newer server may take them for active.
    """
    wanted = {name.strip().upper() for name in filter_text.split(",")}
    if "ACTIVE" in wanted:
        wanted |= set(ACTIVE)
    known = set(Status) - {Status.UNKNOWN}
    if "ALL" in wanted or wanted.issuperset(ordinary.read_column(page.jobs, "status")):
        return
    for job in page.jobs:
        if job.status in known - wanted:
            raise InvalidAnswer(
                f"can't list jobs: job {job.id} is {job.status}, and {filter_text} was asked for",
                hint=FILTER_IGNORED,
            )
