"""The rules of the Admin API, between requests and the database.

Each method answers one endpoint: it returns the document, or None for an empty body, and
raises :class:`Refusal` for a failure that the API documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ampctl_job.models import FAILED, STATUSES, STOPPING, TERMINAL
from ampctl_sandbox.api import parameters, segments
from ampctl_sandbox.api.refusal import Refusal
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.store import EventRow, FileRow, JobRow, Store, WorkerRow

Document = dict[str, Any]

_INFO_MEMBERS = ("version", "commit_sha", "commit_timestamp", "build_date")
_RACES = 3


class Service:
    """The Admin API over one database."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list_jobs(
        self, limit: Sequence[str], last_job_id: Sequence[str], status: Sequence[str]
    ) -> Document:
        """``GET /jobs``; each parameter as often as it was given."""
        # What can't be read is told before a limit that is out of bounds.
        after = parameters.read_cursor(last_job_id)
        statuses = parameters.read_statuses(status)
        rows = self._store.page(limit=parameters.read_limit(limit), after=after, statuses=statuses)
        page: Document = {"jobs": [_job_info(row) for row in rows]}
        if rows:
            page["next_cursor"] = rows[-1].id
        return page

    def get_job(self, job_id: str) -> Document:
        """``GET /jobs/{id}``."""
        row = self._store.job(parameters.read_id(job_id))
        if row is None:
            raise _no_job()
        return _job_info(row)

    def stop_job(self, job_id: str) -> None:
        """``PUT /jobs/{id}/stop``."""
        number = parameters.read_id(job_id)
        for _ in range(_RACES):
            now = self._store.now()
            if self._store.write(lambda c: transitions.move(c, number, "STOP_REQUESTED", now)):  # noqa: B023
                return
            status = self._store.status(number)
            if status is None:
                raise _no_job()
            if status in STOPPING or status in TERMINAL:
                return
        raise Refusal(500, "UNEXPECTED_STATE_CONFLICT", "the job's state can't be changed")

    def delete_job(self, job_id: str) -> None:
        """``DELETE /jobs/{id}``."""
        number = parameters.read_id(job_id)
        for _ in range(_RACES):
            if self._store.write(lambda c: transitions.delete_job(c, number)):
                return
            status = self._store.status(number)
            if status is None:
                return
            if status not in TERMINAL:
                break
        raise Refusal(409, "JOB_CONFLICT", "the job is not in a terminal state")

    def delete_jobs(self, status: Sequence[str]) -> None:
        """``DELETE /jobs``."""
        statuses = parameters.read_terminal_filter(status)
        self._store.write(lambda c: transitions.delete_jobs(c, statuses))

    def job_progress(self, job_id: str) -> Document:
        """``GET /jobs/{id}/progress``."""
        number = parameters.read_id(job_id)
        rows = self._store.progress(number)
        if rows is None:
            raise _no_job()
        answer: Document = {
            "job_id": number,
            "job_status": _known(rows.status),
            "tables": _tables(rows.files),
        }
        if rows.status in FAILED and rows.detail is not None:
            answer["detail"] = rows.detail
        return answer

    def job_events(self, job_id: str) -> Document:
        """``GET /jobs/{id}/events``."""
        number = parameters.read_id(job_id)
        events = self._store.events(number)
        if events is None:
            raise _no_job()
        return {"job_id": number, "events": [_event(row) for row in events]}

    def job_event(self, job_id: str, event_id: str) -> Document:
        """``GET /jobs/{id}/events/{event_id}``."""
        number, event_number = parameters.read_id(job_id), parameters.read_id(event_id)
        has_job, row = self._store.event(number, event_number)
        if not has_job:
            raise _no_job()
        if row is None:
            raise Refusal(404, "EVENT_NOT_FOUND", "the job has no such event")
        answer = {"job_id": number, **_event(row)}
        if row.detail is not None:
            answer["detail"] = row.detail
        return answer

    def list_workers(self) -> Document:
        """``GET /workers``."""
        return {
            "workers": [
                {"node_id": row.node_id, "heartbeat_at": row.heartbeat_at}
                for row in self._store.workers()
            ]
        }

    def get_worker(self, node_id: str) -> Document:
        """``GET /workers/{id}``."""
        row = self._store.worker(parameters.read_node_id(node_id))
        if row is None:
            raise Refusal(404, "WORKER_NOT_FOUND", "there is no such worker")
        return _worker(row)


def _no_job() -> Refusal:
    return Refusal(404, "JOB_NOT_FOUND", "there is no such job")


def _known(status: str) -> str:
    return status if status in STATUSES else "UNKNOWN"


def _job_info(row: JobRow) -> Document:
    return {
        "id": row.id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "node_id": row.node_id,
        "status": _known(row.status),
        "descriptor": row.descriptor,
    }


def _event(row: EventRow) -> Document:
    return {
        "id": row.id,
        "created_at": row.created_at,
        "node_id": row.node_id,
        "event_type": _known(row.event_type),
    }


def _worker(row: WorkerRow) -> Document:
    info = row.info or {}
    return {
        "node_id": row.node_id,
        "created_at": row.created_at,
        "registered_at": row.registered_at,
        "heartbeat_at": row.heartbeat_at,
        "info": {name: info[name] for name in _INFO_MEMBERS if name in info},
    }


def _tables(files: Sequence[FileRow]) -> Document:
    tables: dict[str, list[segments.Segment]] = {}
    try:
        for row in files:
            table = tables.setdefault(row.table_name, [])
            if row.metadata is not None:
                table.append(segments.read_segment(row.metadata, row.size_bytes))
        return {name: _table_progress(segments.synced(table)) for name, table in tables.items()}
    except segments.MixedNetworks as error:
        raise Refusal(500, "MULTI_NETWORK_SEGMENTS_ERROR", str(error)) from error
    except segments.NumberTooLarge as error:
        raise Refusal(500, "BLOCK_NUMBER_OVERFLOW", str(error)) from error
    except segments.UnreadableFile as error:
        raise Refusal(500, "SNAPSHOT_TABLE_ERROR", str(error)) from error


def _table_progress(synced: segments.Synced) -> Document:
    return {
        "current_block": synced.current_block,
        "start_block": synced.start_block,
        "files_count": synced.files_count,
        "total_size_bytes": synced.total_size_bytes,
    }
