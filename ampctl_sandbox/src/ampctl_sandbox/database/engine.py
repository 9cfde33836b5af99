"""Engines for SQLite and PostgreSQL, made from a URL.

A URL is a text or an ``sa.URL``. The path of a file may hold what a text would take for an option
or an escape, or bytes that aren't UTF-8: it is never pasted into a text.
"""

from __future__ import annotations

import json
import os
import sqlite3
import urllib.parse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

DatabaseUrl = str | sa.URL

BUSY_TIMEOUT_S = 5
CONNECT_TIMEOUT_S = 5
POOL_TIMEOUT_S = 2
POOL_SIZE = 16

# Stored documents have no white space around them, which json.loads would look for.
_decode = json.JSONDecoder().raw_decode
# As compact as the API sends it, and with no number that JSON doesn't have.
_write_json = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode


class UnfitDatabase(Exception):
    """The database can't be used; the message says why."""


def make_engine(url: DatabaseUrl, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> sa.Engine:
    """Return an engine for a SQLite file or a PostgreSQL database.

    Args:
        url: as :func:`read_url` takes it.
        busy_timeout_s: how long a write waits for another one.

    Raises:
        UnfitDatabase: the URL can't be read, or names another kind of database or a folder that
            is not there.
    """
    parsed = read_url(url)
    make = _make_sqlite_engine if is_sqlite(parsed) else _make_postgres_engine
    return make(parsed, busy_timeout_s)


def read_url(url: DatabaseUrl) -> sa.URL:
    """Read ``sqlite:///path`` or ``postgresql+psycopg://…`` (``postgresql://`` is taken as such).

    Raises:
        UnfitDatabase: it can't be read, or names another kind of database.
    """
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError):
        raise UnfitDatabase("the database URL can't be read") from None
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise UnfitDatabase(
            f"{parsed.drivername} databases are not supported: "
            "use sqlite:///… or postgresql+psycopg://…"
        )
    if parsed.database in (None, "", ":memory:"):
        raise UnfitDatabase("a SQLite database must be a file: sqlite:///path")
    if parsed.query:
        raise UnfitDatabase("a SQLite URL takes no options: sqlite:///path")
    return parsed


def make_sqlite_url(path: Path) -> sa.URL:
    """Return the URL of a SQLite file."""
    return sa.URL.create("sqlite", database=str(path))


def show_url(url: DatabaseUrl) -> str:
    """Return a URL for a person to read, without its password."""
    parsed = read_url(url)
    if is_sqlite(parsed):
        path = urllib.parse.quote(os.fsencode(parsed.database or ""), safe=" +/")
        return f"{parsed.drivername}:///{path}"
    return parsed.render_as_string(hide_password=True)


def is_sqlite(url: sa.URL) -> bool:
    """Tell whether a URL names a SQLite file."""
    return url.get_backend_name() == "sqlite"


def _make_sqlite_engine(url: sa.URL, busy_timeout_s: float) -> sa.Engine:
    folder = Path(url.database or "").resolve().parent
    if not folder.is_dir():
        raise UnfitDatabase(f"there is no folder {folder}")
    engine = sa.create_engine(
        url,
        poolclass=QueuePool,
        json_serializer=_write_json,
        json_deserializer=_read_json,
        pool_size=POOL_SIZE,
        max_overflow=0,
        connect_args={"timeout": busy_timeout_s, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _set_up_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _read_json(text: str) -> Any:
    return _decode(text)[0]


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not open transactions by itself: it would begin them as readers.
    connection.isolation_level = None
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    # A reader that turns writer can fail at once, whatever the busy time-out says.
    is_writer = connection.get_execution_options().get("is_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


def _make_postgres_engine(url: sa.URL, busy_timeout_s: float) -> sa.Engine:
    wait_ms = int(busy_timeout_s * 1000)
    settings = {"timezone": "UTC", "lock_timeout": wait_ms, "statement_timeout": 6 * wait_ms}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    engine = sa.create_engine(
        url,
        pool_pre_ping=True,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT_S,
        connect_args={
            "options": options,
            "connect_timeout": CONNECT_TIMEOUT_S,
            "tcp_user_timeout": wait_ms,
        },
    )
    sa.event.listen(engine, "do_connect", _connect_to_postgres)
    return engine


def _connect_to_postgres(
    _dialect: sa.Dialect, _record: Any, args: Sequence[Any], options: Mapping[str, Any]
) -> Any:
    # Importing the driver takes a while, and SQLite needs none.
    from ampctl_sandbox.database.patience import connect

    return connect(*args, **options)


def is_unavailable(error: sa.exc.SQLAlchemyError) -> bool:
    """Tell whether trying again later may help: a busy database, or one that can't be reached."""
    if isinstance(error, sa.exc.TimeoutError):
        return True
    if not isinstance(error, sa.exc.DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.OperationalError):
        return "locked" in str(error.orig) or "busy" in str(error.orig)
    return error.connection_invalidated or isinstance(error, sa.exc.OperationalError)
