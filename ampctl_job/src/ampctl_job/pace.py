"""How fast a table grows."""

from __future__ import annotations

import collections
import math
from collections.abc import Sequence

# A change of speed is half told after some 14 seconds: files come in bursts.
_SMOOTHING_S = 20.0
_KEPT = 60
_SPARKS, _ASCII_SPARKS = " ▁▂▃▄▅▆▇█", " .:-=+*#@"


class Pace:
    """Makes a speed of the blocks that a table was at.

    Attributes:
        blocks_per_s: the speed, smoothed; None before there were two sights.
    """

    def __init__(self) -> None:
        self.blocks_per_s: float | None = None
        self._last: tuple[int, float] | None = None
        self._recent: collections.deque[float] = collections.deque(maxlen=_KEPT)

    @property
    def recent(self) -> Sequence[float]:
        """The latest speeds, not smoothed, oldest first."""
        return tuple(self._recent)

    def note(self, block: int | None, at_s: float) -> None:
        """Note that the table is at a block; None if it has no data yet.

        Args:
            block: its highest block. One below the last begins again, as after a reorganisation.
            at_s: a moment of a clock in seconds that never goes back.
        """
        if block is None:
            return
        if self._last is not None and block >= self._last[0]:
            self._add(block - self._last[0], at_s - self._last[1])
        else:
            self.blocks_per_s = None
            self._recent.clear()
        self._last = (block, at_s)

    def _add(self, blocks: int, seconds: float) -> None:
        if seconds <= 0:
            return
        speed = blocks / seconds
        weight = 1 - math.exp(-seconds / _SMOOTHING_S)
        before = speed if self.blocks_per_s is None else self.blocks_per_s
        self.blocks_per_s = before + weight * (speed - before)
        self._recent.append(speed)


def draw_sparkline(speeds: Sequence[float], *, is_ascii: bool) -> str:
    """Return speeds as a line of little bars, the highest of which stands for the fastest."""
    sparks = _ASCII_SPARKS if is_ascii else _SPARKS
    most = max(speeds, default=0)
    if not most:
        return ""
    top = len(sparks) - 1
    return "".join(sparks[max(1, round(speed / most * top)) if speed else 0] for speed in speeds)
