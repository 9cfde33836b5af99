"""The tables in a database: created where there are none, checked where there are some."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from ampctl_sandbox.database.engine import UnfitDatabase, show_url
from ampctl_sandbox.database.tables import MADE_HERE, metadata

# Any number does; it keeps two sandboxes from creating the same tables at once.
_CREATION_LOCK = 0x616D70


def prepare_tables(engine: sa.Engine) -> None:
    """Create the tables in an empty database; leave any other as it is, but check it.

    Raises:
        UnfitDatabase: it is not empty, and tables or columns that are needed are not there.
        sqlalchemy.exc.SQLAlchemyError: the database can't be reached or read.
    """
    with engine.execution_options(is_writer=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_CREATION_LOCK)))
        present = set(sa.inspect(connection).get_table_names())
        if not present:
            metadata.create_all(connection)
            return
        where = show_url(engine.url)
        if present.isdisjoint(metadata.tables):
            raise UnfitDatabase(f"{where} is another program's: it holds other tables than Amp's")
        if missing := _find_missing(connection, present):
            raise UnfitDatabase(f"{where} lacks {', '.join(missing)}")


def is_made_here(engine: sa.Engine) -> bool:
    """Tell whether the sandbox created this database's tables."""
    if engine.dialect.name == "sqlite":
        return True
    return sa.inspect(engine).get_table_comment("jobs")["text"] == MADE_HERE


def delete_all_rows(connection: sa.Connection) -> None:
    """Delete all rows; ids begin at 1 again."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(metadata.tables)
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        return
    for table in reversed(metadata.sorted_tables):
        connection.execute(sa.delete(table))
    connection.exec_driver_sql("DELETE FROM sqlite_sequence")


def fit_rows(
    connection: sa.Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return new rows for ``table`` without the columns that this database lacks."""
    there = _find_columns(connection, table.name)
    return [{name: value for name, value in row.items() if name in there} for row in rows]


def _find_columns(connection: sa.Connection, table_name: str) -> set[str]:
    return {column["name"] for column in sa.inspect(connection).get_columns(table_name)}


def _find_missing(connection: sa.Connection, present: set[str]) -> list[str]:
    missing = []
    for name, table in metadata.tables.items():
        if name not in present:
            missing.append(f"table {name}")
            continue
        there = _find_columns(connection, name)
        needed = (c.name for c in table.columns if c.info.get("needed", True))
        missing += [f"column {name}.{column}" for column in needed if column not in there]
    return missing
