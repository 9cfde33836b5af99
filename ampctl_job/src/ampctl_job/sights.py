"""What a job is seen as, and what it went through since it was seen before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ampctl.plugin import INT64_MAX, EndpointMissing, ServerError
from ampctl_job.api import PAGE_LIMIT, Jobs
from ampctl_job.models import ANY_FAILED, ANY_TERMINAL, STOPPING, Job, Status

_NO_DESCRIPTOR = "GET_DESCRIPTOR_ERROR"
# A page takes about as long as so many single jobs.
_JOBS_FOR_A_PAGE = 8

_RANKS: Mapping[str, int] = {
    Status.SCHEDULED: 0,
    Status.RUNNING: 1,
    Status.STOP_REQUESTED: 2,
    Status.STOPPING: 3,
    **dict.fromkeys(ANY_TERMINAL, 4),
}


def see(jobs: Jobs, job_id: int) -> Job:
    """Read a job, also one that the server can list and not show.

    Raises:
        NotFoundError: there is no such job.
    """
    try:
        return jobs.get(job_id)
    except ServerError as error:
        if error.error_code != _NO_DESCRIPTOR or job_id == INT64_MAX:
            raise
        listed = jobs.list(status="all", limit=1, after=job_id + 1).jobs
        if listed and listed[0].id == job_id:
            return listed[0]
        raise


def is_listed_sooner(ids: Collection[int]) -> bool:
    """Tell whether pages that hold all of the jobs are had sooner than each by itself."""
    if not ids or max(ids) == INT64_MAX:
        return False
    pages = (max(ids) - min(ids)) // PAGE_LIMIT + 1
    return pages * _JOBS_FOR_A_PAGE < len(ids)


def list_those(jobs: Jobs, ids: Collection[int]) -> dict[int, Job]:
    """Return those of the jobs that are there, by id, from the pages that hold them all."""
    found: dict[int, Job] = {}
    after: int | None = max(ids) + 1
    wanted, first = set(ids), min(ids)
    while after is not None and after > first:
        page = jobs.list(status="all", limit=min(PAGE_LIMIT, after - first), after=after)
        found |= {job.id: job for job in page.jobs if job.id in wanted}
        after = page.next_cursor
    return found


def find_steps(jobs: Jobs, before: Job | None, job: Job, *, all_of_them: bool) -> Sequence[str]:
    """Return the statuses that a job has come to since it was seen before, the present one last.

    No two looks at a job see all of them: it may have failed and been scheduled again, or ended and
    been deployed again. Its events tell that. Where the job has plainly gone forward they are not
    asked for, and where the server does not have them there is only the present status.

    Args:
        jobs: the client.
        before: the job as it was seen before; None if it was not.
        job: the same job now.
        all_of_them: whether to ask for the events also of a job that has gone forward.
    """
    if before is None:
        return [job.status]
    if (before.status, before.updated_at) == (job.status, job.updated_at):
        return []
    # A job that is being stopped does not fail.
    may_have_failed = all_of_them and before.status not in STOPPING
    if _rank(job.status) > _rank(before.status) and not may_have_failed:
        return [job.status]
    try:
        events = jobs.events(job.id).events
    except EndpointMissing:
        return [job.status]
    # The events are of a moment after that at which the job was read.
    first, last = before.updated_at, job.updated_at
    steps = [event.event_type for event in events if first < event.created_at <= last]
    if steps[:1] == [before.status]:
        del steps[0]
    return steps if steps[-1:] == [job.status] else [*steps, job.status]


def is_deploy(earlier: str | None, status: str) -> bool:
    """Tell whether only a deploy leads from one status to another.

    From a failure the controller schedules a job as well, so that this tells nothing.
    """
    if earlier is None or earlier in ANY_FAILED:
        return False
    return _rank(status) < _rank(earlier)


def _rank(status: str) -> int:
    return _RANKS.get(status, 0)
