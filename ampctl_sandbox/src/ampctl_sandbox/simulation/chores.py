"""Chores that are done again and again in a thread of their own, besides the requests."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence

import sqlalchemy as sa

from ampctl_sandbox.simulation.attempts import Attempts

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def repeat(
    chores: Sequence[Callable[[], None]], *, every_s: float, end_within_s: float = 60
) -> Iterator[None]:
    """Do ``chores`` every so many seconds until the block ends; one that fails is done again.

    Args:
        end_within_s: how long the end waits for one that is being done. It is left to itself then,
            since a database that is stuck must not keep the process from ending.
    """
    ended = threading.Event()
    attempts = Attempts()

    def work() -> None:
        while not ended.wait(every_s):
            for chore in chores:
                if not ended.is_set():
                    _do(chore, attempts)

    thread = threading.Thread(target=work, name="chores", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(end_within_s)


def _do(chore: Callable[[], None], attempts: Attempts) -> None:
    try:
        attempts.do(getattr(chore, "__qualname__", repr(chore)), chore)
    except sa.exc.SQLAlchemyError as error:
        # The database may come back; the next round is then as good as this one.
        logger.info("the database is busy or away: %s", type(error).__name__)
