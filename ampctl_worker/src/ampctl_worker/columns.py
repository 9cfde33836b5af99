"""The tables of the worker commands: a line for each column."""

from __future__ import annotations

from collections.abc import Mapping

from ampctl.plugin import UNCUT, Cell, Column, Mark, Marked, Timestamp, machine_text
from ampctl_worker.api import WorkerNode


class Counts(Cell[Mapping[str, int]]):
    """Numbers by name: ``3 RUNNING, 1 SCHEDULED`` for people, an object for machines."""

    def show(self, value: Mapping[str, int]) -> str:
        most_first = sorted(value.items(), key=lambda item: (-item[1], item[0]))
        return ", ".join(f"{count:,} {name}" for name, count in most_first) or "none"

    def convert(self, value: Mapping[str, int]) -> dict[str, int]:
        return dict(sorted(value.items()))

    def rank(self, value: Mapping[str, int]) -> int:
        return sum(value.values())


def read_info(worker: WorkerNode, member: str) -> str | None:
    """Return what a worker says of its build; it is not checked, and may be any JSON."""
    value = (worker.info or {}).get(member)
    return None if value is None else machine_text(value)


ALIVE, DEAD = Marked("alive", Mark.ACTIVE), Marked("dead", Mark.FAILED)
VERSION: Column[WorkerNode] = Column("version", lambda worker, now: read_info(worker, "version"))
DIFFERS: Column[WorkerNode] = Column("differs", lambda worker, now: worker.differs)
JOBS: Column[WorkerNode] = Column("jobs", lambda worker, now: Counts(worker.jobs))
STATE: tuple[Column[WorkerNode], ...] = (
    Column("node_id", lambda worker, now: worker.node_id, look=UNCUT),
    Column("state", lambda worker, now: ALIVE if worker.is_alive(now) else DEAD),
    Column("heartbeat_at", lambda worker, now: Timestamp(worker.heartbeat_at, worker.clock or now)),
)
LIST: tuple[Column[WorkerNode], ...] = (*STATE, VERSION, DIFFERS, JOBS)
INSPECT: tuple[Column[WorkerNode], ...] = (
    *STATE,
    Column("created_at", lambda worker, now: Timestamp(worker.created_at, now)),
    Column("registered_at", lambda worker, now: Timestamp(worker.registered_at, now)),
    VERSION,
    Column("commit_sha", lambda worker, now: read_info(worker, "commit_sha")),
    Column("commit_timestamp", lambda worker, now: read_info(worker, "commit_timestamp")),
    Column("build_date", lambda worker, now: read_info(worker, "build_date")),
    JOBS,
)
