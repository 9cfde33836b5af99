"""What is asked of the server next: one thing at a time, the most urgent first."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ampctl.plugin import ApiError, EndpointMissing, Runtime
from ampctl_job.api import PAGE_LIMIT, Jobs
from ampctl_job.details import JobEvent
from ampctl_job.models import Job
from ampctl_job.top.deployment import Deployment
from ampctl_job.workers import Workers

# How old an answer may get, in seconds, before it is asked for again.
_LIST_S, _NEXT_PAGE_S, _WORKERS_S, _JOB_S, _OTHERS_S = 4.0, 2.0, 6.0, 3.0, 2.0

Key = tuple[str, int]


class Ask(NamedTuple):
    """Something to ask for.

    Attributes:
        key: what it is, so that it is not asked for again at once.
        fetch: asks the server; it may run on another thread.
        take: takes in what :attr:`fetch` has returned.
    """

    key: Key
    fetch: Callable[[], Any]
    take: Callable[[Any], None]

    @property
    def is_list(self) -> bool:
        """Whether it is the list of jobs, without which nothing can be shown."""
        return self.key == _LIST


_LIST: Key = ("list", 0)
_WORKERS: Key = ("workers", 0)


class Schedule:
    """Chooses what to ask for, and remembers when it was.

    Args:
        jobs: the client.
        status: of which jobs, as the API takes it.
        deployment: what is known, and what answers are put into.
        runtime: the clocks.
    """

    def __init__(self, jobs: Jobs, status: str, deployment: Deployment, runtime: Runtime) -> None:
        self._jobs = jobs
        self._workers = Workers(jobs.client)
        self._status = status
        self._deployment = deployment
        self._runtime = runtime
        self._asked_s: dict[Key, float] = {}
        self._missing: set[str] = set()

    def choose(self, visible: Sequence[Job], detailed: Job | None) -> Ask | None:
        """Return what to ask for now; None if all that is known is recent enough.

        Args:
            visible: the jobs on the screen.
            detailed: the one that all is shown of, if there is one.
        """
        return next(self._list_due(visible, detailed), None)

    def note(self, ask: Ask) -> None:
        """Remember that something was answered, or can't be."""
        self._asked_s[ask.key] = self._runtime.monotonic()

    def note_trouble(self, ask: Ask, error: ApiError) -> None:
        """Remember that something was refused; what a server lacks is not asked for again."""
        self.note(ask)
        kind, number = ask.key
        if isinstance(error, EndpointMissing):
            self._missing.add(kind)
        if kind == "event":
            self._deployment.note_error(number, None)

    def hurry(self) -> None:
        """Ask for the list next, as something was changed."""
        self._asked_s.pop(_LIST, None)

    def _list_due(self, visible: Sequence[Job], detailed: Job | None) -> Iterator[Ask]:
        after = self._deployment.cursor
        if self._is_due(_LIST, _LIST_S if after is None else _NEXT_PAGE_S):
            yield Ask(
                _LIST,
                functools.partial(self._jobs.fetch, self._status, PAGE_LIMIT, after),
                lambda read: self._deployment.note_page(read(), self._runtime.now()),
            )
        if self._is_due(_WORKERS, _WORKERS_S):
            fetch = functools.partial(self._workers.list, self._runtime.now())
            yield Ask(_WORKERS, fetch, self._note_workers)
        if detailed is not None:
            yield from self._list_details(detailed)
        yield from self._list_progress(visible)

    def _list_details(self, job: Job) -> Iterator[Ask]:
        if self._is_due(("events", job.id), _JOB_S):
            fetch = functools.partial(self._jobs.events, job.id)
            yield Ask(("events", job.id), fetch, self._deployment.note_log)
        if self._is_due(("progress", job.id), _JOB_S):
            yield self._ask_progress(job)
        for event in reversed(self._deployment.find_events(job)):
            if not self._deployment.explains(event) and self._is_due(("event", event.id), _JOB_S):
                yield self._ask_error(job, event)

    def _list_progress(self, jobs: Sequence[Job]) -> Iterator[Ask]:
        """Yield the progress of those that grow, or whose failure is not known, oldest first."""
        deployment = self._deployment
        wanted = [
            job
            for job in jobs
            if deployment.is_growing(job)
            or (job.is_failed and not deployment.explains_failure(job))
        ]
        for job in sorted(wanted, key=lambda job: self._asked_s.get(("progress", job.id), -1.0)):
            if self._is_due(("progress", job.id), _OTHERS_S):
                yield self._ask_progress(job)

    def _ask_progress(self, job: Job) -> Ask:
        def take(progress: Any) -> None:
            self._deployment.note_progress(progress, self._runtime.monotonic())

        return Ask(("progress", job.id), functools.partial(self._jobs.progress, job.id), take)

    def _ask_error(self, job: Job, event: JobEvent) -> Ask:
        # Imported here: it is for failed jobs alone.
        from ampctl_job.schemas import read_error_detail

        def take(whole: JobEvent) -> None:
            known = whole.detail is not None
            error = read_error_detail(whole.detail) if known else None
            self._deployment.note_error(event.id, error)

        return Ask(("event", event.id), functools.partial(self._jobs.event, job.id, event.id), take)

    def _note_workers(self, workers: Any) -> None:
        self._deployment.workers = workers

    def _is_due(self, key: Key, age_s: float) -> bool:
        asked_s = self._asked_s.get(key, float("-inf"))
        return key[0] not in self._missing and self._runtime.monotonic() - asked_s >= age_s
