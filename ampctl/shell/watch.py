"""A command that is run again and again: painted where a terminal is, and printed elsewhere."""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import re
import signal
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import TextIO

import wcwidth

from ampctl.client.times import format_age, format_duration, format_timestamp
from ampctl.console.console import Console
from ampctl.errors import ExitCode
from ampctl.runtime import Runtime
from ampctl.shell.runner import Run, name_command

# After these another run would end as the last one did, or was not wanted any more.
_ENDS = (
    *(ExitCode.USAGE, ExitCode.OUTPUT, ExitCode.CLOSED_PIPE),
    *(ExitCode.INTERRUPTED, ExitCode.TERMINATED, ExitCode.HANGUP),
)
_COLOR = re.compile(r"\033\[\d*m")
_HOME, _ERASE_REST = "\033[H", "\033[K"


class _Resized(Exception):
    """The terminal has another size."""


class Watch:
    """Runs one command until Ctrl-C.

    Args:
        words: the command.
        interval_s: how long to wait after each run, in seconds.
        run: runs it.
        console: where it is shown, and what it says.
        runtime: the clocks.
        place: the server that it is about.
    """

    def __init__(
        self,
        words: Sequence[str],
        interval_s: float,
        run: Run,
        console: Console,
        runtime: Runtime,
        place: str,
    ) -> None:
        self._words = words
        self._interval_s = interval_s
        self._run = run
        self._console = console
        self._runtime = runtime
        self._title = f"every {format_duration(interval_s)}: {name_command(words)}, {place}"

    def print_blocks(self) -> int:
        """Print what the command prints, with an empty line between two runs."""
        stdout = self._console.stdout
        while (code := self._run(self._words)) not in _ENDS:
            self._runtime.sleep(self._interval_s)
            stdout.write("\n")
        return _judge(code)

    def paint(self) -> int:
        """Show what the command prints now in the place of what it printed before.

        Where it fails the last picture stays, and its age is told.
        """
        painter, picture, drawn_at = _Painter(self._console.stdout), [""], None
        try:
            while True:
                size = _measure(self._console.stdout)
                code, shown, said = self._render()
                if code in _ENDS:
                    break
                now = self._runtime.now()
                if code == ExitCode.OK:
                    picture, drawn_at = [*shown, *said], now
                    said = []
                elif drawn_at is not None:
                    said.append(f"below is what it was {format_age(drawn_at, now)}")
                painter.paint([self._head(now), *said, "", *picture])
                self._sleep(size)
        finally:
            painter.end()
        return _judge(code)

    def _render(self) -> tuple[int, list[str], list[str]]:
        """Run the command once; return its exit code, what it printed and what it said."""
        memory = _Memory(self._console.stdout)
        with self._console.hold_messages() as held:
            code = self._run(self._words, stdout=memory)
            said = _COLOR.sub("", "\n".join(held)).splitlines()
            if code not in _ENDS:
                held.clear()
        return code, memory.getvalue().splitlines(), said

    def _sleep(self, size: os.terminal_size) -> None:
        """Wait for the next run, or until the terminal is not of the size that was painted for."""
        with contextlib.suppress(_Resized), _waking_at_resize():
            if _measure(self._console.stdout) == size:
                self._runtime.sleep(self._interval_s)

    def _head(self, now: datetime.datetime) -> str:
        return f"{self._title}, {format_timestamp(now)}"


def _judge(code: int) -> int:
    """Return the exit code of a watch whose last run ended with ``code``."""
    return ExitCode.OK if code == ExitCode.INTERRUPTED else code


class _Memory(io.StringIO):
    """Keeps what is printed, in the form and the width that it has on the terminal."""

    def __init__(self, terminal: TextIO) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._terminal.fileno()


class _Painter:
    """Replaces the lines on a terminal one by one, so that nothing flickers."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal
        self._is_begun = False

    def paint(self, lines: Sequence[str]) -> None:
        """Show the lines, as much of them as there is room for."""
        columns, rows = _measure(self._terminal)
        # The last row is left for what comes after the picture.
        shown = [_cut(line, columns - 1) for line in lines[: rows - 1]]
        blank = [""] * (rows - 1 - len(shown))
        text = "\r\n".join(f"{line}{_ERASE_REST}" for line in (*shown, *blank))
        # What was on the screen before the first picture can be scrolled back to.
        before = "" if self._is_begun else "\n" * rows
        self._is_begun = True
        self._terminal.write(f"{before}{_HOME}{text}\033[{len(shown) + 1};1H{_ERASE_REST}")
        self._terminal.flush()

    def end(self) -> None:
        """Leave the picture, with the cursor in a line of its own."""
        if self._is_begun:
            with contextlib.suppress(OSError):
                self._terminal.write(f"\r{_ERASE_REST}")
                self._terminal.flush()


def _measure(terminal: TextIO) -> os.terminal_size:
    with contextlib.suppress(OSError, ValueError):
        size = os.get_terminal_size(terminal.fileno())
        if size.columns > 1 and size.lines > 1:
            return size
    return os.terminal_size((80, 24))


def _cut(line: str, width: int) -> str:
    if line.isascii():
        return line[:width]
    end = taken = 0
    for end, char in enumerate(line):
        taken += max(0, wcwidth.wcwidth(char))
        if taken > width:
            return line[:end]
    return line


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
