"""The client of the job endpoints."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ampctl.plugin import NotFoundError, Resource, UsageError, walk_batches
from ampctl_job.listing import JobPage, check_order, check_statuses, read_page

if TYPE_CHECKING:
    from ampctl_job.details import JobEvent, JobEvents, JobProgress
    from ampctl_job.models import Fault, Job

PAGE_LIMIT = 1000
DEFAULT_LIMIT = 50


@contextlib.contextmanager
def _naming_the_list() -> Iterator[None]:
    """Say of a job that does not exist where those are that do."""
    try:
        yield
    except NotFoundError as error:
        error.hint = error.hint or "`ampctl job list --status all`, which has the ids of all jobs"
        raise


class Jobs(Resource):
    """Lists, reads, stops and deletes jobs.

    Every method raises :class:`~ampctl.plugin.ApiError`, or one of its subclasses, when the
    request fails: :class:`~ampctl.plugin.NotFoundError` for a job that does not exist,
    :class:`~ampctl.plugin.RefusedError` for a job whose state forbids it,
    :class:`~ampctl.plugin.AccessError`, :class:`~ampctl.plugin.UnavailableError`, and
    :class:`~ampctl.plugin.InvalidAnswer`.

    Args:
        client: the client that sends the requests; it stays the caller's to close.
    """

    def list(
        self, *, status: str = "active", limit: int = DEFAULT_LIMIT, after: int | None = None
    ) -> JobPage:
        """Return one page of jobs, newest first (``GET /jobs``).

        An empty page with a cursor, as a server that filters its pages may give it, is not the
        end: the next one is returned.

        Args:
            status: ``active``, ``all``, or statuses separated by commas, in any case.
            limit: 1 to 1000 jobs.
            after: only jobs with a smaller id than this.

        Raises:
            InvalidAnswer: there are more jobs than asked for, or others; or their ids, or the
                cursor, do not go down.
        """
        if not 1 <= limit <= PAGE_LIMIT:
            raise UsageError(f"limit must be 1 to {PAGE_LIMIT}, not {limit}")
        while True:
            page = self.fetch(status, limit, after)()
            if page.jobs or page.next_cursor is None:
                return page
            after = page.next_cursor

    def fetch(
        self, status: str, limit: int = DEFAULT_LIMIT, after: int | None = None
    ) -> Callable[[], JobPage]:
        """Ask for one page as :meth:`list` does, and return a function that reads what came.

        So it can wait on another thread, for :func:`~ampctl.plugin.start_call`, and be read later.
        """
        params: dict[str, str | int] = {"limit": limit, "status": status}
        if after is not None:
            params["last_job_id"] = after
        decode = self.client.fetch("jobs", params=params, action="list jobs")

        def read() -> JobPage:
            page = read_page(decode())
            check_order(page, limit, after)
            check_statuses(page, status)
            return page

        return read

    def iterate(
        self,
        *,
        status: str = "active",
        limit: int | None = None,
        after: int | None = None,
        page_limit: int = PAGE_LIMIT,
    ) -> Iterator[Job]:
        """Yield jobs, newest first, from as many pages as it takes (``GET /jobs``).

        The next page is fetched while the jobs of this one are used; see
        :func:`~ampctl.plugin.walk_pages`. Each job that exists from the beginning to the end is
        yielded exactly once.

        Args:
            status: as for :meth:`list`.
            limit: how many jobs at most; None for all of them.
            after: only jobs with a smaller id than this.
            page_limit: how many jobs to ask for at a time, 1 to 1000.

        Raises:
            InvalidAnswer: a page can't be a part of the list; see :meth:`list`.
        """

        pages = self.iterate_pages(status=status, limit=limit, after=after, page_limit=page_limit)
        return (job for jobs in pages for job in jobs)

    def iterate_pages(
        self,
        *,
        status: str = "active",
        limit: int | None = None,
        after: int | None = None,
        page_limit: int = PAGE_LIMIT,
    ) -> Iterator[Sequence[Job]]:
        """Yield the jobs of each page together; see :meth:`iterate`."""

        def read(fetched: Callable[[], JobPage]) -> tuple[Sequence[Job], int | None]:
            page = fetched()
            return page.jobs, page.next_cursor

        return walk_batches(
            functools.partial(self.fetch, status),
            read=read,
            limit=limit,
            after=after,
            page_limit=page_limit,
        )

    @_naming_the_list()
    def get(self, job_id: int, *, action: str | None = None) -> Job:
        """Return one job (``GET /jobs/{id}``).

        Args:
            job_id: the job.
            action: what the job is read for, to be read after "can't": ``stop job 7``.
        """
        job: Job = self.read(
            find_schema("JOB"),
            *("jobs", job_id),
            action=action or f"read job {job_id}",
            expect={"id": job_id},
        )
        return job

    def fault(self, job: Job) -> Fault:
        """Return why a job failed, and when it is scheduled again at the earliest.

        This costs two requests (``GET /jobs/{id}/progress`` and ``GET /jobs/{id}/events``) for a
        failed job, and none for another. A server that can't answer them is not a reason to fail:
        the fault's ``doubt`` says what is missing.
        """
        # Imported here: most jobs have not failed.
        from ampctl_job.diagnosis import find_fault

        return find_fault(self, job)

    @_naming_the_list()
    def stop(self, job_id: int) -> None:
        """Ask for a job to be stopped (``PUT /jobs/{id}/stop``).

        It is a request: the job's worker ends it later. A job that is already stopping or
        finished stays as it is, and that is not an error.
        """
        self.client.put("jobs", job_id, "stop", action=f"stop job {job_id}")

    def delete(self, job_id: int) -> None:
        """Delete a finished job (``DELETE /jobs/{id}``); one that does not exist is not an error.

        Raises:
            RefusedError: the job is still active.
        """
        self.client.delete("jobs", job_id, action=f"remove job {job_id}")

    def delete_by_status(self, status: str = "terminal") -> None:
        """Delete all finished jobs of a status, atomically (``DELETE /jobs?status=…``).

        It is only tried again where the first attempt surely did nothing, since jobs that
        finished in between would go with the second one.

        Args:
            status: ``terminal``, ``completed``, ``stopped``, or ``error`` (``FATAL`` included).
        """
        self.client.delete(
            "jobs", params={"status": status}, action=f"prune {status} jobs", replayable=False
        )

    @_naming_the_list()
    def progress(self, job_id: int) -> JobProgress:
        """Return how far each table of a job is (``GET /jobs/{id}/progress``)."""
        progress: JobProgress = self.read(
            find_schema("JOB_PROGRESS"),
            *("jobs", job_id, "progress"),
            action=f"read the progress of job {job_id}",
            expect={"job_id": job_id},
        )
        return progress

    @_naming_the_list()
    def events(self, job_id: int) -> JobEvents:
        """Return a job's lifecycle log, oldest first (``GET /jobs/{id}/events``).

        Raises:
            EndpointMissing: the server is too old to keep events.
        """
        events: JobEvents = self.read(
            find_schema("JOB_EVENTS"),
            *("jobs", job_id, "events"),
            action=f"read the events of job {job_id}",
            expect={"job_id": job_id},
        )
        return events

    @_naming_the_list()
    def event(self, job_id: int, event_id: int) -> JobEvent:
        """Return one event with its detail (``GET /jobs/{id}/events/{event_id}``).

        Raises:
            EndpointMissing: the server is too old to keep events.
        """
        event: JobEvent = self.read(
            find_schema("EVENT"),
            *("jobs", job_id, "events", event_id),
            action=f"read event {event_id} of job {job_id}",
            expect={"job_id": job_id, "id": event_id},
        )
        return event


def find_schema(name: str) -> Any:
    # Imported here: a list of jobs, the most frequent request of all, is read without a schema.
    from ampctl_job import schemas

    return getattr(schemas, name)
