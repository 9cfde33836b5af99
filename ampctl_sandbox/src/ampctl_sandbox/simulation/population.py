"""A population: made-up jobs in the database, as a controller would have left them."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from ampctl_sandbox.database import files
from ampctl_sandbox.database.engine import UnfitDatabase, show_url
from ampctl_sandbox.database.files import BlockFile
from ampctl_sandbox.database.queries import has_jobs
from ampctl_sandbox.database.schema import fit_rows, is_made_here
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import file_metadata, job_events, jobs, jobs_status
from ampctl_sandbox.simulation.catalog import find_target_block
from ampctl_sandbox.simulation.past import PastJob, PastMaker
from ampctl_sandbox.simulation.scenarios import STEADY, Scenario
from ampctl_sandbox.simulation.workers import register_workers

_CHUNK = 1000
_FILES_PER_TABLE = 20
_CONTINUOUS_BLOCKS = 5_000_000


def populate(store: Store, count: int, *, scenario: Scenario = STEADY, seed: int = 1) -> bool:
    """Fill a database with ``count`` jobs; the same ones for the same ``seed``.

    With eight jobs or more each status of the scenario is there. It is one transaction: if it is
    cut short, there are none.

    Returns:
        False if there are jobs already; nothing is changed then.

    Raises:
        UnfitDatabase: the sandbox did not create it.
    """
    if not is_made_here(store.engine):
        where = show_url(store.engine.url)
        raise UnfitDatabase(f"{where} was not created by the sandbox, so no jobs are made up there")
    now = store.now()
    # Not for secrets: a population must come out the same again.
    maker = PastMaker(now, random.Random(seed), scenario)  # noqa: S311
    return store.write(_fill, maker.make_jobs(count), now)


def _fill(connection: sa.Connection, past: Iterator[PastJob], now: datetime.datetime) -> bool:
    if connection.dialect.name == "postgresql":
        # No one else may find the table empty, or add to it, until this has ended.
        connection.exec_driver_sql("LOCK TABLE jobs IN SHARE ROW EXCLUSIVE MODE")
    if has_jobs(connection):
        return False
    register_workers(connection, now)
    while chunk := list(itertools.islice(past, _CHUNK)):
        insert_jobs(connection, chunk, now)
    return True


def insert_jobs(connection: sa.Connection, past: Sequence[PastJob], now: datetime.datetime) -> None:
    """Add jobs with all that belongs to them."""
    ids = connection.execute(
        sa.insert(jobs).returning(jobs.c.id, sort_by_parameter_order=True),
        fit_rows(connection, jobs, map(_make_job_row, past)),
    ).scalars()
    pairs = list(zip(ids, past, strict=True))
    connection.execute(sa.insert(jobs_status), [_make_status_row(*pair) for pair in pairs])
    connection.execute(
        sa.insert(job_events), [row for pair in pairs for row in _make_event_rows(*pair)]
    )
    rows = [row for pair in pairs for row in _add_tables(connection, *pair, now)]
    if rows:
        connection.execute(sa.insert(file_metadata), rows)


def _make_job_row(job: PastJob) -> dict[str, Any]:
    return {
        "node_id": job.node_id,
        "created_at": job.events[0].created_at,
        "idempotency_key": job.idempotency_key,
    }


def _make_status_row(job_id: int, job: PastJob) -> dict[str, Any]:
    last = job.events[-1]
    return {
        "job_id": job_id,
        "node_id": job.node_id,
        "status": last.type,
        "updated_at": last.created_at,
        "detail": next(event.detail for event in reversed(job.events) if event.detail),
    }


def _make_event_rows(job_id: int, job: PastJob) -> Iterator[dict[str, Any]]:
    for event in job.events:
        yield {
            "job_id": job_id,
            "node_id": job.node_id,
            "event_type": event.type,
            "created_at": event.created_at,
            "detail": event.detail,
        }


def _add_tables(
    connection: sa.Connection, job_id: int, job: PastJob, now: datetime.datetime
) -> Iterator[dict[str, Any]]:
    """Add the tables of a job, and return the rows of their files."""
    if not job.has_tables:
        return
    created_at = job.events[0].created_at
    last_block = find_target_block(job.descriptor, job.dataset, now) or _CONTINUOUS_BLOCKS
    for name in job.dataset.tables:
        location = files.open_table(connection, job_id, job.descriptor, name, created_at)
        size_bytes = 4_000_000 + 137 * len(name) * (job_id % 1000)
        for file in _make_files(job, last_block, size_bytes):
            yield files.make_file_row(location.id, file)


def _make_files(job: PastJob, last_block: int, size_bytes: int) -> Sequence[BlockFile]:
    network = job.dataset.network
    made = files.blocks(
        max(1, int(_FILES_PER_TABLE * job.synced_share)),
        step=last_block // _FILES_PER_TABLE or 1,
        network=network,
        size_bytes=size_bytes,
        modified_secs=int(job.events[0].created_at.timestamp()),
    )
    if job.synced_share < 1:
        return made
    # The last file ends at the very block that the job was for.
    last_hash = files.hash_block(network, last_block)
    return [*made[:-1], dataclasses.replace(made[-1], end=last_block, hash=last_hash)]
