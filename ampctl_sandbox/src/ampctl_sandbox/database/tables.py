"""The tables of Amp's metadata database, as far as the Admin API needs them.

Columns marked as left over were filled by older versions of Amp. They are created so that the
tables look alike, but nothing here reads them, and a database may lack them
(:func:`ampctl_sandbox.database.schema.fit_rows`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import UserDefinedType

MADE_HERE = "created by ampctl sandbox"
"""The comment on PostgreSQL's ``jobs`` table in a database that the sandbox created."""

SIMULATED = "simulated"
"""The member of a worker's ``info`` that marks it as one of the sandbox's own."""

_LEFT_OVER = {"needed": False}

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


class UtcTimestamp(sa.TypeDecorator[datetime.datetime]):
    """An aware datetime in UTC; ``timestamptz`` on PostgreSQL, ISO 8601 text on SQLite."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime.datetime | None, dialect: sa.Dialect
    ) -> datetime.datetime | None:
        """Convert a moment to UTC, since SQLite would drop its offset."""
        if value is None:
            return None
        moment = value.astimezone(datetime.UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(
        self, value: datetime.datetime | None, dialect: sa.Dialect
    ) -> datetime.datetime | None:
        """Add the offset again."""
        if value is None or dialect.name != "sqlite":
            return value
        return value.replace(tzinfo=datetime.UTC)


class WireTimestamp(UserDefinedType[str]):
    """Reads a :class:`UtcTimestamp` as the text that the API sends: RFC 3339, without zeros.

    On SQLite that is nearly what is stored, so a page of jobs needs no datetimes at all.
    """

    cache_ok = True

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], str | None]:
        """Return what makes the text of what the driver reads."""
        return _show_stored_text if dialect.name == "sqlite" else _show_moment


def _show_moment(moment: datetime.datetime | None) -> str | None:
    if moment is None:
        return None
    return _show_stored_text(moment.astimezone(datetime.UTC).isoformat(sep=" ")[:-6])


def _show_stored_text(text: str | None) -> str | None:
    if text is None:
        return None
    # 0, 3 or 6 digits of a fraction, whatever is shortest.
    if text.endswith("000"):
        text = text.removesuffix("000").removesuffix(".000")
    return f"{text[:10]}T{text[11:]}+00:00"


metadata = sa.MetaData()


def spell(statuses: Iterable[str]) -> Sequence[str]:
    """Return statuses as they may be stored: in capitals, or in small letters.

    Indexes are of what is stored, so both are looked for.
    """
    return [spelling for status in statuses for spelling in (status, status.lower())]


def _make_id() -> sa.Column[int]:
    return sa.Column("id", BigInt, sa.Identity(), primary_key=True)


def _timestamp(name: str, **kwargs: Any) -> sa.Column[datetime.datetime]:
    # SQLite's CURRENT_TIMESTAMP has no fraction, but reads back as a datetime all the same.
    return sa.Column(name, UtcTimestamp, nullable=False, server_default=sa.func.now(), **kwargs)


def _reference(target: str, ondelete: str) -> sa.ForeignKey:
    return sa.ForeignKey(target, ondelete=ondelete)


def _make_table(
    name: str, *parts: sa.Column[Any] | sa.Constraint | sa.Index, **options: Any
) -> sa.Table:
    # AUTOINCREMENT: as with an identity, the id of a deleted row is never given out again.
    return sa.Table(name, metadata, *parts, sqlite_autoincrement=True, **options)


workers = _make_table(
    "workers",
    _make_id(),
    sa.Column("node_id", sa.Text, nullable=False, unique=True),
    _timestamp("created_at"),
    _timestamp("registered_at"),
    _timestamp("heartbeat_at"),
    sa.Column("info", Json, nullable=False, server_default="{}"),
)

jobs = _make_table(
    "jobs",
    _make_id(),
    sa.Column(
        "node_id", sa.Text, sa.ForeignKey("workers.node_id"), nullable=False, info=_LEFT_OVER
    ),
    sa.Column("descriptor", Json, info=_LEFT_OVER),
    sa.Column("status", sa.Text, nullable=False, server_default="SCHEDULED", info=_LEFT_OVER),
    _timestamp("created_at"),
    _timestamp("updated_at", info=_LEFT_OVER),
    sa.Column("idempotency_key", sa.Text, nullable=False, unique=True),
    comment=MADE_HERE,
)

jobs_status = sa.Table(
    "jobs_status",
    metadata,
    sa.Column(
        "job_id", BigInt, _reference("jobs.id", "CASCADE"), primary_key=True, autoincrement=False
    ),
    sa.Column("node_id", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    _timestamp("updated_at"),
    sa.Column("detail", Json),
    # Serves pages of a rare status: one descending range per status.
    sa.Index("jobs_status_status_job_id", "status", "job_id"),
)

job_events = _make_table(
    "job_events",
    _make_id(),
    _timestamp("created_at"),
    sa.Column("job_id", BigInt, _reference("jobs.id", "CASCADE"), nullable=False),
    sa.Column("node_id", sa.Text, nullable=False),
    sa.Column("event_type", sa.Text, nullable=False),
    sa.Column("detail", Json),
    sa.Index("job_events_job_id_id", "job_id", "id"),
)

physical_table_revisions = _make_table(
    "physical_table_revisions",
    _make_id(),
    _timestamp("created_at"),
    _timestamp("updated_at"),
    sa.Column("path", sa.Text, nullable=False, unique=True),
    sa.Column("writer", BigInt, _reference("jobs.id", "SET NULL"), index=True),
    sa.Column("metadata", Json, nullable=False, server_default="{}"),
)

physical_tables = _make_table(
    "physical_tables",
    _make_id(),
    _timestamp("created_at"),
    _timestamp("updated_at"),
    sa.Column("dataset_namespace", sa.Text, nullable=False),
    sa.Column("dataset_name", sa.Text, nullable=False),
    sa.Column("table_name", sa.Text, nullable=False),
    sa.Column("manifest_hash", sa.Text, nullable=False),
    sa.Column(
        "active_revision_id",
        BigInt,
        _reference("physical_table_revisions.id", "SET NULL"),
        index=True,
    ),
    sa.UniqueConstraint("dataset_namespace", "dataset_name", "table_name", "manifest_hash"),
)

file_metadata = _make_table(
    "file_metadata",
    _make_id(),
    sa.Column(
        "location_id", BigInt, _reference("physical_table_revisions.id", "CASCADE"), nullable=False
    ),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("object_size", sa.BigInteger),
    sa.Column("object_e_tag", sa.Text, info=_LEFT_OVER),
    sa.Column("object_version", sa.Text, info=_LEFT_OVER),
    sa.Column("metadata", Json, nullable=False),
    sa.UniqueConstraint("location_id", "file_name"),
)
