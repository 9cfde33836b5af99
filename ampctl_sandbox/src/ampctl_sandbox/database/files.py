"""The tables that a job writes, and the Parquet files that they are made of."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from ampctl_sandbox.database.tables import file_metadata, physical_table_revisions, physical_tables


@dataclasses.dataclass(frozen=True, kw_only=True)
class BlockFile:
    """One file of a table.

    Attributes:
        start, end: first and last block.
        hash, prev_hash: of the end block, and of the block before the start.
        modified_secs, modified_nanos: modification time since the Unix epoch.
        size_bytes: its size, if that is known.
        document: a ``metadata`` document to store instead of the one made from the above.
    """

    start: int
    end: int
    network: str = "mainnet"
    hash: str
    prev_hash: str
    modified_secs: int = 1_700_000_000
    modified_nanos: int = 0
    size_bytes: int | None = 1_000_000
    document: Any = None

    @property
    def metadata(self) -> Any:
        """The ``metadata`` document of the file."""
        if self.document is not None:
            return self.document
        blocks = {
            "numbers": {"start": self.start, "end": self.end},
            "network": self.network,
            "hash": self.hash,
            "prev_hash": self.prev_hash,
            "timestamp": self.modified_secs,
        }
        moment = {"secs": self.modified_secs, "nanos": self.modified_nanos}
        return {"created_at": moment, "ranges": [blocks]}


class Location(NamedTuple):
    """The revision of a table that is written to now."""

    id: int
    table_name: str


def hash_block(network: str, block: int) -> str:
    """Return the made-up hash of a block."""
    return "0x" + hashlib.sha256(f"{network}:{block}".encode()).hexdigest()


def blocks(
    count: int,
    *,
    first: int = 0,
    step: int = 1000,
    network: str = "mainnet",
    size_bytes: int = 1_000_000,
    modified_secs: int = 1_700_000_000,
) -> Sequence[BlockFile]:
    """Return ``count`` files of ``step`` blocks each, chained without a gap from ``first`` on."""
    return [
        BlockFile(
            start=start,
            end=start + step - 1,
            network=network,
            hash=hash_block(network, start + step - 1),
            prev_hash=hash_block(network, start - 1),
            size_bytes=size_bytes,
            modified_secs=modified_secs + number,
        )
        for number, start in enumerate(range(first, first + count * step, step))
    ]


def open_table(
    connection: sa.Connection,
    job_id: int,
    descriptor: Mapping[str, Any],
    table_name: str,
    now: datetime.datetime,
) -> Location:
    """Give a table of the job's dataset a new active revision that the job writes."""
    dataset = {
        "dataset_namespace": descriptor.get("dataset_namespace", "unknown"),
        "dataset_name": descriptor.get("dataset_name", "unknown"),
        "manifest_hash": descriptor.get("manifest_hash", "0" * 64),
        "table_name": table_name,
    }
    path = "/".join([*list(dataset.values())[:2], table_name, secrets.token_hex(8)])
    moments = {"created_at": now, "updated_at": now}
    location: int = connection.execute(
        sa.insert(physical_table_revisions)
        .values(path=path, writer=job_id, metadata={}, **moments)
        .returning(physical_table_revisions.c.id)
    ).scalar_one()
    changed = connection.execute(
        sa.update(physical_tables)
        .where(*(physical_tables.c[name] == value for name, value in dataset.items()))
        .values(active_revision_id=location, updated_at=now)
    )
    if changed.rowcount == 0:
        row = {**dataset, **moments, "active_revision_id": location}
        connection.execute(sa.insert(physical_tables).values(**row))
    return Location(location, table_name)


def add_files(connection: sa.Connection, location: Location, files: Iterable[BlockFile]) -> None:
    """Add files to a table."""
    rows = [make_file_row(location.id, file) for file in files]
    if rows:
        connection.execute(sa.insert(file_metadata), rows)


def make_file_row(location_id: int, file: BlockFile) -> dict[str, Any]:
    """Return the row of ``file_metadata`` for a file."""
    name = f"{max(file.start, 0):09d}-{secrets.token_hex(8)}.parquet"
    return {
        "location_id": location_id,
        "file_name": name,
        "url": f"file:///data/{location_id}/{name}",
        "object_size": file.size_bytes,
        "metadata": file.metadata,
    }


def find_locations(connection: sa.Connection, job_id: int) -> Sequence[Location]:
    """Return the tables that a job writes."""
    revision = physical_table_revisions.c
    rows = connection.execute(
        sa.select(revision.id, physical_tables.c.table_name)
        .join(physical_tables, physical_tables.c.active_revision_id == revision.id)
        .where(revision.writer == job_id)
        .order_by(revision.id)
    )
    return [Location(*row) for row in rows]
