"""A believable past: jobs of all kinds and states, as a controller would have left them."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ampctl_sandbox.database import files, transitions
from ampctl_sandbox.database.files import Location
from ampctl_sandbox.database.store import Store, count_jobs
from ampctl_sandbox.database.tables import file_metadata, job_events, jobs, jobs_status
from ampctl_sandbox.simulation.catalog import (
    DATASETS,
    FAILURES,
    FATAL_FAILURES,
    WORKERS,
    Dataset,
    target_block,
)

_CHUNK = 1000
_MEAN_GAP_S = 420
_RECENT = 60
_WITH_TABLES = 300
_RETRIED_FOR = datetime.timedelta(days=2)

_RECENT_MIX = {
    "RUNNING": 34,
    "SCHEDULED": 8,
    "STOP_REQUESTED": 3,
    "STOPPING": 3,
    "COMPLETED": 34,
    "STOPPED": 7,
    "ERROR": 8,
    "FATAL": 3,
}
_OLD_MIX = {"COMPLETED": 79, "STOPPED": 11, "ERROR": 4, "FATAL": 5, "RUNNING": 1}

_PATHS: Mapping[str, Sequence[str]] = {
    "SCHEDULED": (),
    "RUNNING": ("RUNNING",),
    "STOP_REQUESTED": ("RUNNING", "STOP_REQUESTED"),
    "STOPPING": ("RUNNING", "STOP_REQUESTED", "STOPPING"),
    "STOPPED": ("RUNNING", "STOP_REQUESTED", "STOPPING", "STOPPED"),
    "COMPLETED": ("RUNNING", "COMPLETED"),
    "FATAL": ("RUNNING", "FATAL"),
}

Event = tuple[str, datetime.datetime, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Life:
    """A job that was made up; ``share`` of its blocks are synced."""

    dataset: Dataset
    descriptor: dict[str, Any]
    node_id: str
    status: str
    events: Sequence[Event]
    key: str
    share: float
    has_tables: bool


def populate(store: Store, count: int, *, seed: int = 1) -> bool:
    """Fill a database with ``count`` jobs; the same ones for the same ``seed``.

    With eight jobs or more each status is there. It is one transaction: if it is cut short, there
    are none.

    Returns:
        False if there are jobs already; nothing is changed then.
    """
    now = store.now()
    return store.write(lambda c: _fill(c, count, now, seed))


def _fill(connection: sa.Connection, count: int, now: datetime.datetime, seed: int) -> bool:
    if connection.dialect.name == "postgresql":
        # Nobody else may find the table empty, or add to it, until this has ended.
        connection.exec_driver_sql("LOCK TABLE jobs IN SHARE ROW EXCLUSIVE MODE")
    if count_jobs(connection):
        return False
    register_workers(connection, now)
    # Not for secrets: a population must come out the same again.
    lives = _lives(count, now, random.Random(seed))  # noqa: S311
    while chunk := list(itertools.islice(lives, _CHUNK)):
        _insert(connection, chunk, now)
    return True


def register_workers(connection: sa.Connection, now: datetime.datetime) -> None:
    """Register the workers of the made-up world."""
    for node_id, info in WORKERS.items():
        transitions.register_worker(connection, node_id, now, dict(info))


def _lives(count: int, now: datetime.datetime, rng: random.Random) -> Iterator[_Life]:
    statuses = _statuses(count, rng)
    ages = [0.0]
    for _ in range(count):
        ages.append(ages[-1] + 20 + rng.expovariate(1 / _MEAN_GAP_S))
    for number in range(count):
        from_newest = count - 1 - number
        created_at = now - datetime.timedelta(seconds=ages[from_newest + 1])
        yield _life(rng, number, statuses[from_newest], created_at, now, from_newest)


def _statuses(count: int, rng: random.Random) -> Sequence[str]:
    """Return statuses, newest job first; the newest eight are all different."""
    first = list(_RECENT_MIX)
    rng.shuffle(first)
    recent = rng.choices(list(_RECENT_MIX), list(_RECENT_MIX.values()), k=_RECENT)
    old = rng.choices(list(_OLD_MIX), list(_OLD_MIX.values()), k=count)
    return [*first, *recent, *old]


def _life(
    rng: random.Random,
    number: int,
    status: str,
    created_at: datetime.datetime,
    now: datetime.datetime,
    from_newest: int,
) -> _Life:
    if status == "ERROR" and now - created_at > _RETRIED_FOR:
        status = "FATAL"
    dataset = rng.choice(DATASETS)
    end_block = rng.choice((None, "latest", "-100", str(rng.randrange(10, 200) * 100_000)))
    if status == "COMPLETED" and end_block is None:
        end_block = str(rng.randrange(10, 200) * 100_000)
    descriptor = dataset.descriptor(number, end_block)
    return _Life(
        dataset=dataset,
        descriptor=descriptor,
        node_id=rng.choice(list(WORKERS)),
        status=status,
        events=_events(rng, status, descriptor, created_at, now),
        key=f"{rng.getrandbits(128):032x}",
        share=1.0 if status == "COMPLETED" else rng.uniform(0.05, 0.9),
        has_tables=status != "SCHEDULED" and (from_newest < _WITH_TABLES or status == "RUNNING"),
    )


def _events(
    rng: random.Random,
    status: str,
    descriptor: dict[str, Any],
    created_at: datetime.datetime,
    now: datetime.datetime,
) -> Sequence[Event]:
    if status == "ERROR":
        return _retries(rng, descriptor, created_at, now)
    moment = created_at
    events: list[Event] = [("SCHEDULED", moment, descriptor)]
    path = _PATHS[status]
    for step in path:
        # Each step takes a part of the time that is left, so none lies in the future.
        moment += (now - moment) * rng.uniform(0.02, 0.5)
        detail = rng.choice(FATAL_FAILURES) if step == "FATAL" else None
        events.append((step, moment, detail))
    return events


def _retries(
    rng: random.Random,
    descriptor: dict[str, Any],
    created_at: datetime.datetime,
    now: datetime.datetime,
) -> Sequence[Event]:
    """Return the events of a job that failed as often as the waits of 2^n seconds allow."""
    failure = rng.choice(FAILURES)
    events: list[Event] = []
    moment, retries = created_at, 0
    while moment <= now - datetime.timedelta(seconds=2):
        retries += 1
        events.append(("SCHEDULED", moment, descriptor))
        events.append(("RUNNING", moment + datetime.timedelta(milliseconds=400), None))
        failed_at = moment + datetime.timedelta(seconds=1.5)
        events.append(("ERROR", failed_at, failure))
        moment = failed_at + datetime.timedelta(seconds=2**retries)
    return events


def _insert(connection: sa.Connection, lives: Sequence[_Life], now: datetime.datetime) -> None:
    ids = connection.execute(
        sa.insert(jobs).returning(jobs.c.id, sort_by_parameter_order=True),
        [
            {"node_id": x.node_id, "created_at": x.events[0][1], "idempotency_key": x.key}
            for x in lives
        ],
    ).scalars()
    pairs = list(zip(ids, lives, strict=True))
    connection.execute(sa.insert(jobs_status), [_status_row(job_id, x) for job_id, x in pairs])
    connection.execute(
        sa.insert(job_events),
        [
            {
                "job_id": job_id,
                "node_id": x.node_id,
                "event_type": event_type,
                "created_at": moment,
                "detail": detail,
            }
            for job_id, x in pairs
            for event_type, moment, detail in x.events
        ],
    )
    rows = [row for job_id, x in pairs for row in _file_rows(connection, job_id, x, now)]
    if rows:
        connection.execute(sa.insert(file_metadata), rows)


def _status_row(job_id: int, life: _Life) -> dict[str, Any]:
    status, moment, detail = life.events[-1]
    return {
        "job_id": job_id,
        "node_id": life.node_id,
        "status": status,
        "updated_at": moment,
        "detail": detail if status in ("ERROR", "FATAL") else None,
    }


def _file_rows(
    connection: sa.Connection, job_id: int, life: _Life, now: datetime.datetime
) -> Iterator[dict[str, Any]]:
    if not life.has_tables:
        return
    last = target_block(life.descriptor, life.dataset, now) or 5_000_000
    count = 20
    step = last // count or 1
    done = max(1, int(count * life.share))
    for name in life.dataset.tables:
        location = files.open_table(connection, job_id, life.descriptor, name, life.events[0][1])
        made = files.blocks(
            done,
            step=step,
            network=life.dataset.network,
            size_bytes=4_000_000 + 137 * len(name) * (job_id % 1000),
            modified_secs=int(life.events[0][1].timestamp()),
        )
        if life.share == 1.0:
            # The last file ends at the very block that the job was for.
            end = last
            made = [
                *made[:-1],
                dataclasses.replace(
                    made[-1], end=end, hash=files.block_hash(life.dataset.network, end)
                ),
            ]
        yield from (files.file_row(Location(location.id, name).id, file) for file in made)
