"""Emptying a database that the sandbox created."""

from __future__ import annotations

import sqlalchemy as sa

from ampctl_sandbox.tables import jobs, metadata


def count_jobs(connection: sa.Connection) -> int:
    """Return how many jobs there are."""
    count: int = connection.execute(sa.select(sa.func.count()).select_from(jobs)).scalar_one()
    return count


def empty(connection: sa.Connection) -> None:
    """Delete all rows; ids begin at 1 again."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(metadata.tables)
        connection.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        return
    for table in reversed(metadata.sorted_tables):
        connection.execute(sa.delete(table))
    connection.exec_driver_sql("DELETE FROM sqlite_sequence")
