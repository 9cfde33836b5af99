"""Simulated workers: they move the sandbox's own jobs along.

Only jobs of workers that the sandbox registered itself are touched, so that it can stand
beside real workers on one database.
"""

from __future__ import annotations

import dataclasses
import datetime
import random
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ampctl_sandbox.database import files, transitions
from ampctl_sandbox.database.files import BlockFile, Location
from ampctl_sandbox.database.store import Store, find_job, find_status
from ampctl_sandbox.database.tables import file_metadata, jobs_status, workers
from ampctl_sandbox.simulation.catalog import (
    FAILURES,
    FATAL_FAILURES,
    dataset_of,
    head_block,
    target_block,
)

_DWELL_S = {"SCHEDULED": 1.0, "STOP_REQUESTED": 0.5, "STOPPING": 1.0}
_NEXT = {"SCHEDULED": "RUNNING", "STOP_REQUESTED": "STOPPING", "STOPPING": "STOPPED"}
_GROWTH_S = 2.0
_HEARTBEAT_S = 5.0
_BATCH = 25
_FILES_PER_JOB = 24
_COMPACT_AT = 40
_CONTINUOUS_STEP = 5000
_FAILURE_RATE = 1 / 60
_FATAL_SHARE = 0.2


class Simulation:
    """The workers of a sandbox.

    Args:
        store: the database.
        speed: how many times faster than real workers.
        seed: decides which jobs fail, and when.
    """

    def __init__(self, store: Store, *, speed: float = 1.0, seed: int = 1) -> None:
        self._store = store
        self._speed = speed
        # Not for secrets: luck must be the same again.
        self._rng = random.Random(seed)  # noqa: S311
        self._grown_at: dict[int, datetime.datetime] = {}
        self._beat_at = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)
        self._last_grown = 0

    def tick(self) -> None:
        """Do all that is due now."""
        names = self._store.simulated_workers()
        if not names:
            return
        now = self._store.now()
        if now - self._beat_at > self._seconds(_HEARTBEAT_S):
            self._beat_at = now
            self._store.write(lambda c: _beat(c, names, now))
        for job_id, target in self._due(names, now):
            self._store.write(lambda c: transitions.move(c, job_id, target, now))  # noqa: B023
        for job_id in self._running(names):
            self._grow(job_id, now)

    def _seconds(self, seconds: float) -> datetime.timedelta:
        return datetime.timedelta(seconds=seconds / self._speed)

    def _due(self, names: Sequence[str], now: datetime.datetime) -> Sequence[tuple[int, str]]:
        due = []
        for status, target in _NEXT.items():
            latest = now - self._seconds(_DWELL_S[status])
            ids = self._jobs_in(status, names, jobs_status.c.updated_at <= latest)
            due += [(job_id, target) for job_id in ids]
        return due

    def _running(self, names: Sequence[str]) -> Sequence[int]:
        ids = self._jobs_in("RUNNING", names, jobs_status.c.job_id > self._last_grown)
        self._last_grown = ids[-1] if len(ids) == _BATCH else 0
        return ids

    def _jobs_in(
        self,
        status: str,
        names: Sequence[str],
        condition: sa.ColumnElement[bool],
    ) -> Sequence[int]:
        current = jobs_status.c
        statement = (
            sa.select(current.job_id)
            .where(current.status == status, current.node_id.in_(names), condition)
            .order_by(current.job_id)
            .limit(_BATCH)
        )
        return self._store.read(lambda c: c.execute(statement).scalars().all())

    def _grow(self, job_id: int, now: datetime.datetime) -> None:
        grown_at = self._grown_at.get(job_id)
        if grown_at is not None and now - grown_at < self._seconds(_GROWTH_S):
            return
        self._grown_at[job_id] = now
        luck = self._rng.random()
        if self._store.write(lambda c: _advance(c, job_id, now, luck)):
            del self._grown_at[job_id]


def _beat(connection: sa.Connection, names: Sequence[str], now: datetime.datetime) -> None:
    connection.execute(
        sa.update(workers).where(workers.c.node_id.in_(names)).values(heartbeat_at=now)
    )


def _advance(connection: sa.Connection, job_id: int, now: datetime.datetime, luck: float) -> bool:
    """Sync some more blocks of a running job; tell whether it is running no more."""
    if find_status(connection, job_id, for_update=True) != "RUNNING":
        return True
    job = find_job(connection, job_id)
    descriptor: Mapping[str, Any] = (job and job.descriptor) or {}
    if luck < _FAILURE_RATE:
        is_fatal = luck < _FAILURE_RATE * _FATAL_SHARE
        failure = (FATAL_FAILURES if is_fatal else FAILURES)[job_id % 2]
        return transitions.move(
            connection, job_id, "FATAL" if is_fatal else "ERROR", now, dict(failure)
        )
    is_done = [
        _extend(connection, table, descriptor, now)
        for table in _tables(connection, job_id, descriptor, now)
    ]
    return all(is_done) and transitions.move(connection, job_id, "COMPLETED", now)


def _tables(
    connection: sa.Connection,
    job_id: int,
    descriptor: Mapping[str, Any],
    now: datetime.datetime,
) -> Sequence[Location]:
    return files.locations(connection, job_id) or [
        files.open_table(connection, job_id, descriptor, name, now)
        for name in dataset_of(descriptor).tables
    ]


def _extend(
    connection: sa.Connection,
    table: Location,
    descriptor: Mapping[str, Any],
    now: datetime.datetime,
) -> bool:
    """Add the next file to a table; tell whether the table is complete."""
    dataset = dataset_of(descriptor)
    target = target_block(descriptor, dataset, now)
    last = _last_block(connection, table)
    if target is not None and last >= target:
        return True
    start = last + 1
    step = _CONTINUOUS_STEP if target is None else max(1, target // _FILES_PER_JOB)
    limit = max(start, head_block(dataset, now)) if target is None else target
    end = min(start + step - 1, limit)
    files.add_files(connection, table, [_file(dataset.network, start, end, now)])
    _compact(connection, table, now)
    return target is not None and end >= target


def _file(network: str, start: int, end: int, now: datetime.datetime) -> BlockFile:
    return BlockFile(
        start=start,
        end=end,
        network=network,
        hash=files.block_hash(network, end),
        prev_hash=files.block_hash(network, start - 1),
        size_bytes=2_500_000 + (start * 7919 + end) % 3_000_000,
        modified_secs=int(now.timestamp()),
        modified_nanos=now.microsecond * 1000,
    )


def _last_block(connection: sa.Connection, table: Location) -> int:
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
    whole = _file(last["network"], first["numbers"]["start"], last["numbers"]["end"], now)
    size = sum(row.object_size or 0 for row in rows)
    connection.execute(sa.delete(file_metadata).where(file_metadata.c.id.in_([r.id for r in rows])))
    files.add_files(connection, table, [dataclasses.replace(whole, size_bytes=size)])
