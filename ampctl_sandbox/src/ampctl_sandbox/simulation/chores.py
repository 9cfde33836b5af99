"""Chores that are done again and again in a thread of their own, besides the requests."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence

import sqlalchemy as sa

logger = logging.getLogger(__name__)


@contextlib.contextmanager
def repeat(chores: Sequence[Callable[[], None]], *, every_s: float) -> Iterator[None]:
    """Do ``chores`` every so many seconds until the block ends."""
    ended = threading.Event()

    def work() -> None:
        while not ended.wait(every_s):
            for chore in chores:
                _do(chore)

    thread = threading.Thread(target=work, name="chores", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _do(chore: Callable[[], None]) -> None:
    try:
        chore()
    except sa.exc.SQLAlchemyError as error:
        # The database may come back; the next round is then as good as this one.
        logger.info("the database is busy or away: %s", type(error).__name__)
