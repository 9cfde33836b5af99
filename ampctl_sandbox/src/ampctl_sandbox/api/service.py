"""The rules of the Admin API, between requests and the database.

Each method answers one endpoint: it returns the document, or None for an empty body, and
raises :class:`Refusal` for a failure that the API documents.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from ampctl_job.models import FAILED, STOPPING, TERMINAL, Status
from ampctl_sandbox.api import documents, parameters
from ampctl_sandbox.api.documents import Document
from ampctl_sandbox.api.failures import fail_as
from ampctl_sandbox.api.refusal import Refusal
from ampctl_sandbox.api.releases import CURRENT, Release
from ampctl_sandbox.database import queries, transitions
from ampctl_sandbox.database.files import find_locations
from ampctl_sandbox.database.store import Store

_RACES = 3


class Service:
    """The Admin API over one database.

    Args:
        store: the database.
        release: which one the controller is of.
    """

    def __init__(self, store: Store, release: Release = CURRENT) -> None:
        self._store = store
        self.release = release

    def list_jobs(
        self, limit: Sequence[str], last_job_id: Sequence[str], status: Sequence[str]
    ) -> str:
        """``GET /jobs``, as JSON; each parameter as often as it was given."""
        # What can't be read is refused before a limit that is out of bounds.
        after = parameters.read_cursor(last_job_id)
        statuses = parameters.read_statuses(status, self.release)
        rows = self._store.read(
            queries.find_page, limit=parameters.read_limit(limit), after=after, statuses=statuses
        )
        return documents.write_page(rows, self.release)

    def get_job(self, job_id: str) -> str:
        """``GET /jobs/{id}``, as JSON."""
        row, has_descriptor = self._store.read(_find_job, parameters.read_id(job_id))
        if not has_descriptor:
            raise Refusal(
                500, "GET_DESCRIPTOR_ERROR", "the newest SCHEDULED event has no descriptor"
            )
        return documents.write_job(row, self.release)

    def stop_job(self, job_id: str) -> None:
        """``PUT /jobs/{id}/stop``."""
        number = parameters.read_id(job_id)
        for _ in range(_RACES):
            now = self._store.now()
            if self._store.write(transitions.move, number, Status.STOP_REQUESTED, now):
                return
            status = self._store.read(queries.find_status, number)
            if status is None:
                raise _missing_job()
            if self.release.read_status(status) in (*STOPPING, *TERMINAL):
                return
        raise Refusal(500, "UNEXPECTED_STATE_CONFLICT", "the job's state can't be changed")

    def delete_job(self, job_id: str) -> None:
        """``DELETE /jobs/{id}``."""
        number = parameters.read_id(job_id)
        for _ in range(_RACES):
            if self._store.write(transitions.delete_job, number):
                return
            with fail_as("GET_JOB_ERROR"):
                status = self._store.read(queries.find_status, number)
            if status is None:
                return
            if self.release.read_status(status) not in TERMINAL:
                break
        raise Refusal(409, "JOB_CONFLICT", "the job is not in a terminal state")

    def delete_jobs(self, status: Sequence[str]) -> None:
        """``DELETE /jobs``."""
        self._store.write(transitions.delete_jobs, parameters.read_terminal_filter(status))

    def get_progress(self, job_id: str) -> Document:
        """``GET /jobs/{id}/progress``."""
        number = parameters.read_id(job_id)
        return self._store.read(self._find_progress, number)

    def _find_progress(self, connection: sa.Connection, job_id: int) -> Document:
        status = self.release.read_status(_find_status(connection, job_id))
        progress: Document = {"job_id": job_id, "job_status": status}
        if status in FAILED:
            with fail_as("GET_JOB_DETAIL_ERROR"):
                detail, has_detail = queries.find_detail(connection, job_id, status)
            if not has_detail:
                raise Refusal(500, "GET_JOB_DETAIL_ERROR", f"the {status} event has no detail")
            progress["detail"] = detail
        with fail_as("GET_TABLES_ERROR"):
            has_tables = bool(find_locations(connection, job_id))
        with fail_as("SNAPSHOT_TABLE_ERROR"):
            files = queries.find_files(connection, job_id) if has_tables else ()
        progress["tables"] = documents.make_tables(files)
        return progress

    def list_events(self, job_id: str) -> Document:
        """``GET /jobs/{id}/events``."""
        number = parameters.read_id(job_id)
        events = self._store.read(_find_events, number)
        return {"job_id": number, "events": [documents.make_event(row) for row in events]}

    def get_event(self, job_id: str, event_id: str) -> Document:
        """``GET /jobs/{id}/events/{event_id}``."""
        number, event_number = parameters.read_id(job_id), parameters.read_event_id(event_id)
        row = self._store.read(_find_event, number, event_number)
        if row is None:
            raise Refusal(404, "EVENT_NOT_FOUND", "the job has no such event")
        event = {"job_id": number, **documents.make_event(row)}
        if row.has_detail:
            event["detail"] = row.detail
        return event

    def list_workers(self) -> Document:
        """``GET /workers``."""
        rows = self._store.read(queries.find_workers)
        return {"workers": [documents.make_worker_summary(row) for row in rows]}

    def get_worker(self, node_id: str) -> Document:
        """``GET /workers/{id}``."""
        row = self._store.read(queries.find_worker, parameters.read_node_id(node_id))
        if row is None:
            raise Refusal(404, "WORKER_NOT_FOUND", "there is no such worker")
        return documents.make_worker(row)


def _find_job(connection: sa.Connection, job_id: int) -> tuple[queries.JobRow, bool]:
    row = queries.find_job(connection, job_id)
    if row is None:
        raise _missing_job()
    with fail_as("GET_DESCRIPTOR_ERROR"):
        return row, queries.has_descriptor(connection, job_id)


def _find_status(connection: sa.Connection, job_id: int) -> str:
    with fail_as("GET_JOB_ERROR"):
        status = queries.find_status(connection, job_id)
    if status is None:
        raise _missing_job()
    return status


def _find_events(connection: sa.Connection, job_id: int) -> Sequence[queries.EventRow]:
    _find_status(connection, job_id)
    return queries.find_events(connection, job_id)


def _find_event(connection: sa.Connection, job_id: int, event_id: int) -> queries.EventRow | None:
    _find_status(connection, job_id)
    return queries.find_event(connection, job_id, event_id)


def _missing_job() -> Refusal:
    return Refusal(404, "JOB_NOT_FOUND", "there is no such job")
