"""Rows of the database as the documents that the Admin API sends.

Jobs are written as JSON right away: a page has many, and their descriptors are JSON already.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ampctl_sandbox.api import segments
from ampctl_sandbox.api.encoding import encode_json
from ampctl_sandbox.api.refusal import Refusal
from ampctl_sandbox.api.releases import CURRENT, Release
from ampctl_sandbox.database.queries import EventRow, FileRow, JobRow, WorkerRow

Document = dict[str, Any]

_INFO_MEMBERS = ("version", "commit_sha", "commit_timestamp", "build_date")


def write_page(rows: Sequence[JobRow], release: Release = CURRENT) -> str:
    """Return a ``JobsResponse`` as JSON; its cursor is the last job's id, if there is a job."""
    cursor = f',"next_cursor":{rows[-1].id}' if rows else ""
    jobs = ",".join([write_job(row, release) for row in rows])
    return f'{{"jobs":[{jobs}]{cursor}}}'


def write_job(row: JobRow, release: Release = CURRENT) -> str:
    """Return a ``JobInfo`` as JSON, as a release shows it."""
    return (
        f'{{"id":{row.id},"created_at":"{row.created_at}","updated_at":"{row.updated_at}",'
        f'"node_id":{encode_json(row.node_id)},"status":"{release.show_status(row.status)}",'
        f'"descriptor":{row.descriptor_json or "null"}}}'
    )


def make_event(row: EventRow) -> Document:
    """Return an event without its detail; a type that the API doesn't have is shown as stored."""
    return {
        "id": row.id,
        "created_at": row.created_at,
        "node_id": row.node_id,
        "event_type": row.event_type,
    }


def make_worker_summary(row: WorkerRow) -> Document:
    """Return a worker as a list of workers shows it."""
    return {"node_id": row.node_id, "heartbeat_at": row.heartbeat_at}


def make_worker(row: WorkerRow) -> Document:
    """Return all that is known of a worker."""
    info = row.info if isinstance(row.info, dict) else {}
    texts = {name: info.get(name) for name in _INFO_MEMBERS}
    return {
        "node_id": row.node_id,
        "created_at": row.created_at,
        "registered_at": row.registered_at,
        "heartbeat_at": row.heartbeat_at,
        "info": {
            name: text if isinstance(text, str) else "unknown" for name, text in texts.items()
        },
    }


def make_tables(files: Sequence[FileRow]) -> Document:
    """Return the progress of each table that ``files`` belong to.

    Raises:
        Refusal: the files are not what they must be.
    """
    tables: dict[str, list[segments.Segment]] = {}
    try:
        for row in files:
            table = tables.setdefault(row.table_name, [])
            if row.metadata is not None:
                table.append(segments.read_segment(row.metadata, row.size_bytes))
        return {name: _make_table(segments.sum_up(table)) for name, table in tables.items()}
    except segments.MixedNetworks as error:
        raise Refusal(500, "MULTI_NETWORK_SEGMENTS_ERROR", str(error)) from error
    except segments.NumberTooLarge as error:
        raise Refusal(500, "BLOCK_NUMBER_OVERFLOW", str(error)) from error
    except segments.UnreadableFile as error:
        raise Refusal(500, "SNAPSHOT_TABLE_ERROR", str(error)) from error


def _make_table(synced: segments.Synced) -> Document:
    return {
        "current_block": synced.current_block,
        "start_block": synced.start_block,
        "files_count": synced.files_count,
        "total_size_bytes": synced.total_size_bytes,
    }
