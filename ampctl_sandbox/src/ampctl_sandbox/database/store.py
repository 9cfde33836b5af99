"""A metadata database and its transactions; each of them sees one state of the database.

Queries and changes are plain functions whose first argument is a connection::

    store.read(find_status, 12)
    store.write(move, 12, Status.STOP_REQUESTED, store.now())
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa

from ampctl_sandbox.database.deadline import answer_within
from ampctl_sandbox.database.engine import DatabaseUrl, make_engine
from ampctl_sandbox.database.schema import prepare_tables

P = ParamSpec("P")
T = TypeVar("T")

_DEADLOCK_STATES = ("40001", "40P01")
_ATTEMPTS = 4
READ_WITHIN_S = 3.0


def _read_clock() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class Store:
    """A metadata database.

    Args:
        engine: made by :func:`ampctl_sandbox.database.engine.make_engine`.
        now: the clock that new rows are stamped with.
    """

    def __init__(
        self, engine: sa.Engine, now: Callable[[], datetime.datetime] = _read_clock
    ) -> None:
        self.engine = engine
        self.now = now
        self._readers = engine
        if engine.dialect.name == "postgresql":
            self._readers = engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._writers = engine.execution_options(is_writer=True)

    @classmethod
    def open(cls, url: DatabaseUrl) -> Store:
        """Open the database at ``url``, creating the tables if it has none.

        Raises:
            UnfitDatabase: it can't be used.
            sqlalchemy.exc.SQLAlchemyError: it can't be reached.
        """
        engine = make_engine(url)
        try:
            prepare_tables(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    def read(
        self, query: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``query`` in one transaction and return its result.

        Raises:
            sqlalchemy.exc.DBAPIError: PostgreSQL did not answer within three seconds.
        """
        with answer_within(READ_WITHIN_S), self._readers.begin() as connection:
            return query(connection, *args, **kwargs)

    def write(
        self, change: Callable[Concatenate[sa.Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run ``change`` in one transaction; it is all committed when this returns.

        Two transactions that block each other make the database end one of them; that one is
        run again.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with self._writers.begin() as connection:
                    return change(connection, *args, **kwargs)
            except sa.exc.DBAPIError as error:
                state = getattr(error.orig, "sqlstate", None)
                if state not in _DEADLOCK_STATES or attempt == _ATTEMPTS:
                    raise
        raise AssertionError
