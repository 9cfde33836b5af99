"""A running job's next step: it syncs some blocks, completes, or fails."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ampctl_job.models import Status
from ampctl_sandbox.database import files, transitions
from ampctl_sandbox.database.files import BlockFile, Location
from ampctl_sandbox.database.queries import find_job, find_status
from ampctl_sandbox.database.tables import file_metadata
from ampctl_sandbox.simulation.catalog import (
    FAILURES,
    FATAL_FAILURES,
    PROVIDER_FAILURE,
    find_dataset,
    find_head_block,
    find_target_block,
)

FAILURE_RATE = 1 / 300
FATAL_SHARE = 0.2
_FILES_PER_JOB = 24
_COMPACT_AT = 40
_CONTINUOUS_STEP = 5000


def advance(
    connection: sa.Connection,
    job_id: int,
    now: datetime.datetime,
    luck: float,
    down: Collection[str] = (),
) -> bool:
    """Sync some more blocks of a running job; tell whether it is no longer running.

    Args:
        luck: a number from 0 to 1; with a low one the job fails.
        down: networks whose provider is down, so that their jobs fail.
    """
    if find_status(connection, job_id, for_update=True) != Status.RUNNING:
        return True
    if luck < FAILURE_RATE:
        return _fail(connection, job_id, now, is_fatal=luck < FAILURE_RATE * FATAL_SHARE)
    job = find_job(connection, job_id)
    descriptor: Mapping[str, Any] = (job and job.descriptor) or {}
    if find_dataset(descriptor).network in down:
        return transitions.move(connection, job_id, Status.ERROR, now, dict(PROVIDER_FAILURE))
    tables = _open_tables(connection, job_id, descriptor, now)
    # All of them are extended, also after the first that is not complete.
    is_done = [_extend(connection, table, descriptor, now) for table in tables]
    return all(is_done) and transitions.move(connection, job_id, Status.COMPLETED, now)


def _fail(
    connection: sa.Connection, job_id: int, now: datetime.datetime, *, is_fatal: bool
) -> bool:
    status = Status.FATAL if is_fatal else Status.ERROR
    failure = (FATAL_FAILURES if is_fatal else FAILURES)[job_id % 2]
    return transitions.move(connection, job_id, status, now, dict(failure))


def _open_tables(
    connection: sa.Connection,
    job_id: int,
    descriptor: Mapping[str, Any],
    now: datetime.datetime,
) -> Sequence[Location]:
    return files.find_locations(connection, job_id) or [
        files.open_table(connection, job_id, descriptor, name, now)
        for name in find_dataset(descriptor).tables
    ]


def _extend(
    connection: sa.Connection,
    table: Location,
    descriptor: Mapping[str, Any],
    now: datetime.datetime,
) -> bool:
    """Add the next file to a table; tell whether the table is complete."""
    dataset = find_dataset(descriptor)
    target = find_target_block(descriptor, dataset, now)
    last = _find_last_block(connection, table)
    if target is not None and last >= target:
        return True
    start = last + 1
    step = _CONTINUOUS_STEP if target is None else max(1, target // _FILES_PER_JOB)
    limit = max(start, find_head_block(dataset, now)) if target is None else target
    end = min(start + step - 1, limit)
    files.add_files(connection, table, [_make_file(dataset.network, start, end, now)])
    _compact(connection, table, now)
    return target is not None and end >= target


def _make_file(network: str, start: int, end: int, now: datetime.datetime) -> BlockFile:
    return BlockFile(
        start=start,
        end=end,
        network=network,
        hash=files.hash_block(network, end),
        prev_hash=files.hash_block(network, start - 1),
        size_bytes=2_500_000 + (start * 7919 + end) % 3_000_000,
        modified_secs=int(now.timestamp()),
        modified_nanos=now.microsecond * 1000,
    )


def _find_last_block(connection: sa.Connection, table: Location) -> int:
    newest = (
        sa.select(file_metadata.c.metadata)
        .where(file_metadata.c.location_id == table.id)
        .order_by(file_metadata.c.id.desc())
        .limit(1)
    )
    metadata = connection.execute(newest).scalar()
    return -1 if metadata is None else int(metadata["ranges"][0]["numbers"]["end"])


def _compact(connection: sa.Connection, table: Location, now: datetime.datetime) -> None:
    """Replace a table's files by one, as a compactor would, once there are many."""
    statement = (
        sa.select(file_metadata.c.id, file_metadata.c.object_size, file_metadata.c.metadata)
        .where(file_metadata.c.location_id == table.id)
        .order_by(file_metadata.c.id)
    )
    rows = connection.execute(statement).all()
    if len(rows) < _COMPACT_AT:
        return
    first, last = (row.metadata["ranges"][0] for row in (rows[0], rows[-1]))
    compacted = _make_file(last["network"], first["numbers"]["start"], last["numbers"]["end"], now)
    size = sum(row.object_size or 0 for row in rows)
    connection.execute(sa.delete(file_metadata).where(file_metadata.c.id.in_([r.id for r in rows])))
    files.add_files(connection, table, [dataclasses.replace(compacted, size_bytes=size)])
