"""How long this thread may wait for a database that answers over a network."""

from __future__ import annotations

import contextlib
import math
import threading
import time
from collections.abc import Iterator

# Beyond the statement time-out, so that a server that is alive says by itself what was too slow.
LONGEST_WAIT_S = 35.0

_current = threading.local()


@contextlib.contextmanager
def answer_within(seconds: float) -> Iterator[None]:
    """Let all that this thread asks the database in the block take so long at most, together."""
    before = _find_end()
    _current.end = min(before, time.monotonic() + seconds)
    try:
        yield
    finally:
        _current.end = before


def find_time_left() -> float:
    """Return how many seconds this thread may still wait for the next answer."""
    return min(_find_end() - time.monotonic(), LONGEST_WAIT_S)


def _find_end() -> float:
    end: float = getattr(_current, "end", math.inf)
    return end
