"""Documents of the job endpoints for tests, valid unless a test says otherwise."""

from __future__ import annotations

from typing import Any

HASH = "0123abc" + "0" * 57


def descriptor(**members: Any) -> dict[str, Any]:
    """Return the descriptor of a raw job; ``members`` replace or add to it."""
    return {
        "kind": "materialize-raw",
        "dataset_namespace": "eth_mainnet",
        "dataset_name": "blocks",
        "manifest_hash": HASH,
        "end_block": None,
        "max_writers": 1,
        "verify": False,
        **members,
    }


def job(job_id: int = 7, status: str = "RUNNING", **members: Any) -> dict[str, Any]:
    """Return a ``JobInfo``; ``members`` replace or add to it."""
    return {
        "id": job_id,
        "created_at": "2026-03-01T09:14:22.123456+00:00",
        "updated_at": "2026-03-01T11:58:00+00:00",
        "node_id": "worker-1",
        "status": status,
        "descriptor": descriptor(),
        **members,
    }


def page(*jobs: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Return the last page of a list; with a ``next_cursor`` among ``members`` more may follow."""
    return {"jobs": list(jobs), **members}


def table_progress(**members: Any) -> dict[str, Any]:
    """Return the progress of one table, half-way to block 999."""
    return {
        "current_block": 499,
        "start_block": 0,
        "files_count": 5,
        "total_size_bytes": 1536,
        **members,
    }


def progress(job_id: int = 7, status: str = "RUNNING", **members: Any) -> dict[str, Any]:
    """Return the progress of a job with one table, ``blocks``."""
    return {
        "job_id": job_id,
        "job_status": status,
        "tables": {"blocks": table_progress()},
        **members,
    }


def event(event_id: int = 1, event_type: str = "SCHEDULED", **members: Any) -> dict[str, Any]:
    """Return one event of a job's lifecycle."""
    return {
        "id": event_id,
        "created_at": "2026-03-01T09:14:22.123456+00:00",
        "node_id": "worker-1",
        "event_type": event_type,
        **members,
    }


def worker(node_id: str = "worker-1", **members: Any) -> dict[str, Any]:
    """Return one worker node, which was alive a second before the tests' clock."""
    return {
        "node_id": node_id,
        "created_at": "2026-02-01T00:00:00+00:00",
        "registered_at": "2026-03-01T09:00:00+00:00",
        "heartbeat_at": "2026-03-01T11:59:59+00:00",
        "info": {"version": "0.9.0"},
        **members,
    }
