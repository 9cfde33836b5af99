"""Pictures on a terminal, each in the place of the one before."""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import TextIO

import wcwidth

_HOME, _ERASE_REST = "\033[H", "\033[K"
_COLORS, _NO_COLOR = re.compile(r"(\033\[[\d;]*m)"), "\033[0m"


class _Resized(Exception):
    """The terminal has another size."""


class Painter:
    """Replaces the lines on a terminal one by one, so that nothing flickers.

    What was on the screen before the first picture can be scrolled back to.

    Args:
        terminal: where to paint.
        sleep: waits for the given seconds.
    """

    def __init__(self, terminal: TextIO, sleep: Callable[[float], None]) -> None:
        self._terminal = terminal
        self._sleep = sleep
        self._is_begun = False
        self._size = measure_terminal(terminal)

    def measure(self) -> os.terminal_size:
        """Return the size of the terminal, which the next picture is made for."""
        self._size = measure_terminal(self._terminal)
        return self._size

    def paint(self, lines: Sequence[str]) -> None:
        """Show the lines, as much of them as there is room for."""
        columns, rows = measure_terminal(self._terminal)
        # The last row is left for what comes after the picture.
        shown = [cut(line, columns - 1) for line in _shorten(lines, rows - 1)]
        blank = [""] * (rows - 1 - len(shown))
        text = "\r\n".join(f"{line}{_ERASE_REST}" for line in (*shown, *blank))
        before = "" if self._is_begun else "\n" * rows
        self._is_begun = True
        self._terminal.write(f"{before}{_HOME}{text}\033[{len(shown) + 1};1H{_ERASE_REST}")
        self._terminal.flush()

    def pause(self, seconds: float) -> None:
        """Wait for the next picture, or until the terminal has not the size that was measured."""
        with contextlib.suppress(_Resized), _waking_at_resize():
            if measure_terminal(self._terminal) == self._size:
                self._sleep(seconds)

    def end(self) -> None:
        """Leave the picture, with the cursor in a line of its own."""
        if self._is_begun:
            with contextlib.suppress(OSError):
                self._terminal.write(f"\r{_ERASE_REST}")
                self._terminal.flush()


def measure_terminal(terminal: TextIO) -> os.terminal_size:
    """Return the size of a terminal; 80 by 24 if it does not tell."""
    with contextlib.suppress(OSError, ValueError):
        size = os.get_terminal_size(terminal.fileno())
        if size.columns > 1 and size.lines > 1:
            return size
    return os.terminal_size((80, 24))


def _shorten(lines: Sequence[str], most: int) -> list[str]:
    """Return as many lines as there is room for; the last one tells how many are missing."""
    if len(lines) <= most:
        return list(lines)
    kept = lines[: most - 1]
    return [*kept, f"… {len(lines) - len(kept):,} more lines: the terminal is too low for them"]


def cut(line: str, width: int) -> str:
    """Return as much of a line as fits into so many columns of a terminal."""
    shown: list[str] = []
    taken = 0
    for number, piece in enumerate(_COLORS.split(line)):
        is_color = number % 2
        for part in (piece,) if is_color else piece:
            taken += 0 if is_color else max(0, wcwidth.wcwidth(part))
            if taken > width:
                return "".join(shown) + (_NO_COLOR if number else "")
            shown.append(part)
    return line


class Canvas(io.StringIO):
    """Keeps what is printed, in the form and the width that it has on a terminal.

    Args:
        terminal: the terminal.
    """

    def __init__(self, terminal: TextIO) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._terminal.fileno()


@contextlib.contextmanager
def _waking_at_resize() -> Iterator[None]:
    """Raise in the block when the terminal gets another size."""

    def wake(number: int, frame: FrameType | None) -> None:
        # A window that is being dragged says so many times.
        signal.signal(signal.SIGWINCH, signal.SIG_IGN)
        raise _Resized

    before = signal.signal(signal.SIGWINCH, wake)
    try:
        yield
    finally:
        signal.signal(signal.SIGWINCH, before)
