"""A line that counts what is done, on the terminal only."""

from __future__ import annotations

from collections.abc import Callable

from ampctl.console.console import Console

# What is over sooner needs no line, and no one reads faster than it changes.
_QUIET_S = 1.0
_STEP_S = 0.1
_WIDTH = 30


class ProgressLine:
    """Shows how many of many are done, once they have taken longer than a second.

    Args:
        console: shows the line.
        monotonic: a clock in seconds.
        total: how many there are.
    """

    def __init__(self, console: Console, monotonic: Callable[[], float], total: int) -> None:
        self._console = console
        self._monotonic = monotonic
        self._total = total
        self._next_s = monotonic() + _QUIET_S

    def show(self, done: int) -> None:
        """Show how many are done by now; it is erased by the one who is done."""
        now_s = self._monotonic()
        if now_s >= self._next_s:
            self._next_s = now_s + _STEP_S
            bar = ("#" * (_WIDTH * done // self._total)).ljust(_WIDTH, ".")
            self._console.show_status(f"[{bar}] {done:,} of {self._total:,}")
