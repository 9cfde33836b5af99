"""A terminal with a screen, and a shell on it that several tests may use."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyte

from .terminals import DEADLINE_S

ROWS = 24


class Screen:
    """A terminal on which a process runs, as a person sees it.

    Attributes:
        process: the process.
        written: all bytes that the process has written to the terminal.
    """

    def __init__(self, parent: int, process: subprocess.Popen[Any], columns: int) -> None:
        self._parent = parent
        self._screen = pyte.Screen(columns, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self.process = process
        self.written = b""

    @property
    def lines(self) -> list[str]:
        """The lines of the screen up to the one that the cursor is in."""
        shown = self._screen.display[: self._screen.cursor.y + 1]
        return [line.rstrip() for line in shown]

    @property
    def text(self) -> str:
        """All of the screen."""
        return "\n".join(line.rstrip() for line in self._screen.display).rstrip()

    @property
    def column(self) -> int:
        """The column that the cursor is in."""
        return self._screen.cursor.x

    def type(self, keys: str) -> None:
        """Type ``keys``."""
        os.write(self._parent, keys.encode())

    def resize(self, columns: int) -> None:
        """Give the terminal another width."""
        fcntl.ioctl(self._parent, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
        self._screen.resize(ROWS, columns)

    def wipe(self) -> None:
        """Begin with an empty screen, and forget what was written."""
        self._screen.reset()
        self.written = b""

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Look at the screen until ``is_so()``."""
        while not is_so():
            assert self._look(), f"the terminal is closed; on the screen:\n{self.text}"

    def wait_for(self, text: str) -> None:
        """Look at the screen until it shows ``text``."""
        self.wait_until(lambda: text in self.text)

    def wait_for_line(self, line: str) -> None:
        """Look until the cursor's line is ``line``."""
        self.wait_until(lambda: self.lines[-1] == line.rstrip())

    def wait_for_end(self) -> int:
        """Look until the process has ended, and return its exit status."""
        while self._look():
            pass
        return self.process.wait(timeout=DEADLINE_S)

    def read_modes(self) -> list[Any]:
        """Return how the terminal is set up."""
        return termios.tcgetattr(self._parent)

    def _look(self) -> bool:
        ready, _, _ = select.select([self._parent], [], [], DEADLINE_S)
        assert ready, f"nothing happens; on the screen:\n{self.text}"
        try:
            data = os.read(self._parent, 65536)
        except OSError:  # Linux says so when the last writer of a terminal is gone
            return False
        self.written += data
        self._stream.feed(data)
        return bool(data)


@contextlib.contextmanager
def screen_of(
    command: Sequence[str], *, columns: int = 80, environ: Mapping[str, str] | None = None
) -> Iterator[Screen]:
    """Start ``command`` on a terminal of its own."""
    parent, child = pty.openpty()
    fcntl.ioctl(parent, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))
    inherited = {name: text for name, text in os.environ.items() if name != "COLUMNS"}
    process = subprocess.Popen(
        command,
        stdin=child,
        stdout=child,
        stderr=child,
        env={**inherited, "TERM": "xterm", **(environ or {})},
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(child, termios.TIOCSCTTY, 0),  # noqa: PLW1509
    )
    os.close(child)
    try:
        yield Screen(parent, process, columns)
    finally:
        process.kill()
        process.wait()
        os.close(parent)


def shell_on_screen(
    url: str, *options: str, **how: Any
) -> contextlib.AbstractContextManager[Screen]:
    """Start the shell on a terminal of its own."""
    return screen_of([sys.executable, "-m", "ampctl", "--admin-url", url, *options], **how)
