"""A connection to PostgreSQL that is given up when the server does not answer in time.

A server that is frozen, or behind a network that drops packets, keeps none of the time-outs that it
was asked for.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator
from typing import Any, TypeVar

import psycopg

from ampctl_sandbox.database.deadline import find_time_left

T = TypeVar("T")


class UnansweredError(psycopg.OperationalError):
    """The server did not answer in time."""


class PatientConnection(psycopg.Connection[Any]):
    """A connection that is closed when the server does not answer in time."""

    def wait(self, gen: Generator[Any, Any, T], *args: Any, **kwargs: Any) -> T:
        """Wait for an answer.

        Raises:
            UnansweredError: it did not come in time.
        """
        try:
            return super().wait(_watch(gen), *args, **kwargs)
        except UnansweredError:
            self.pgconn.finish()
            raise


def connect(*args: Any, connect_timeout: int, **options: Any) -> PatientConnection:
    """Connect as :func:`psycopg.connect` does, in no more seconds than this thread has.

    Raises:
        UnansweredError: there is no time left for it.
    """
    left_s = find_time_left()
    if left_s <= 0:
        raise UnansweredError("there is no time left to connect")
    timeout_s = min(connect_timeout, math.ceil(left_s))
    return PatientConnection.connect(*args, connect_timeout=timeout_s, **options)


def _watch(gen: Generator[Any, Any, T]) -> Generator[Any, Any, T]:
    """Do as ``gen`` does, until the time is over."""
    end = time.monotonic() + find_time_left()
    try:
        state = next(gen)
        while True:
            # Nothing is ready at the end of each of the driver's short intervals.
            ready = yield state
            if not ready and time.monotonic() >= end:
                raise UnansweredError("the server did not answer in time")
            state = gen.send(ready)
    except StopIteration as stop:
        result: T = stop.value
        return result
