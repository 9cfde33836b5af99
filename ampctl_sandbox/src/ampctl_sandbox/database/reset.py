"""Emptying a database that the sandbox created."""

from __future__ import annotations

import datetime

import sqlalchemy as sa

from ampctl_sandbox.database.store import count_jobs, find_workers
from ampctl_sandbox.database.tables import metadata
from ampctl_sandbox.simulation.population import register_workers


def reset(connection: sa.Connection, now: datetime.datetime) -> int:
    """Delete everything but the simulated workers, and return how many jobs there were."""
    count = count_jobs(connection)
    has_own_workers = any(worker.is_simulated for worker in find_workers(connection))
    empty(connection)
    if has_own_workers:
        # A sandbox that is serving this database would otherwise go on without any.
        register_workers(connection, now)
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
