"""A pseudo-terminal with a person at it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyte
import pytest

DEADLINE_S = 30.0
needs_less = pytest.mark.skipif(
    shutil.which("less") is None and "CI" not in os.environ, reason="less is not installed"
)
_ROWS = 40
# Of ampctl, after a failure too, and of the shells that tests set up.
_PROMPT = re.compile(r"(?:\[\d+\] )?\S+>")


class Person:
    """Sits at a terminal on which a process runs: sees the screen, and types.

    Attributes:
        process: the process.
        screen: what the terminal has shown so far.
    """

    def __init__(self, parent: int, process: subprocess.Popen[Any]) -> None:
        self._parent = parent
        self.process = process
        self.screen = ""

    def type(self, text: str) -> None:
        """Type ``text``; ``\\x03`` is Ctrl-C, ``\\x04`` Ctrl-D."""
        os.write(self._parent, text.encode())

    def wait_for(self, text: str) -> None:
        """Look at the screen until it shows ``text``."""
        while text not in self.screen:
            assert self._look(), f"{text!r} is not on the screen: {self.screen!r}"

    def wait_for_end(self) -> int:
        """Look at the screen until the process has ended, and return its exit status."""
        while self._look():
            pass
        return self.process.wait(timeout=DEADLINE_S)

    def read_modes(self) -> list[Any]:
        """Return how the terminal is set up."""
        return termios.tcgetattr(self._parent)

    def _look(self) -> bool:
        ready, _, _ = select.select([self._parent], [], [], DEADLINE_S)
        assert ready, f"nothing happens; on the screen: {self.screen!r}"
        try:
            data = os.read(self._parent, 65536)
        except OSError:  # Linux says so when the last writer of a terminal is gone
            return False
        self._feed(data)
        return bool(data)

    def _feed(self, data: bytes) -> None:
        self.screen += data.decode(errors="replace")


@contextlib.contextmanager
def person_at(
    command: Sequence[str],
    *,
    typed: str = "",
    columns: int = 80,
    rows: int = _ROWS,
    environ: Mapping[str, str] | None = None,
    is_own: bool = True,
    **options: Any,
) -> Iterator[Person]:
    """Start ``command`` in a session of its own, whose terminal a person sits at.

    Args:
        command: the program and its arguments.
        typed: what is typed before it starts.
        columns, rows: the size of the terminal.
        environ: more variables of the environment.
        is_own: whether it is the terminal of the session, which ``/dev/tty`` opens.
        **options: ``stdin``, ``stdout`` and ``stderr`` that are not the terminal, and ``cwd``.
    """
    parent, child = pty.openpty()
    _set_size(parent, columns, rows)
    os.write(parent, typed.encode())
    process = subprocess.Popen(
        command,
        **{"stdin": child, "stdout": child, "stderr": child, **options},
        env={**os.environ, "TERM": "xterm", **(environ or {})},
        start_new_session=True,
        # No other thread holds a lock that this could need.
        preexec_fn=(lambda: fcntl.ioctl(child, termios.TIOCSCTTY, 0)) if is_own else None,  # noqa: PLW1509
    )
    os.close(child)
    try:
        yield Person(parent, process)
    finally:
        process.kill()
        process.wait()
        os.close(parent)


def _set_size(terminal: int, columns: int, rows: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


class Screen(Person):
    """A person who sees what the terminal shows, not all that was ever written to it.

    Args:
        person: whose terminal it is.
        columns, rows: its size.
    """

    def __init__(self, person: Person, columns: int, rows: int = _ROWS) -> None:
        super().__init__(person._parent, person.process)
        self._shown = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._shown)

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, without blank lines and without blanks at the ends."""
        return [line.rstrip() for line in self._shown.display if line.strip()]

    @property
    def line(self) -> str:
        """The line that the cursor is in, up to the cursor."""
        return self._shown.display[self._shown.cursor.y][: self._shown.cursor.x]

    @property
    def typed(self) -> str | None:
        """What stands between a prompt and the cursor; None if there is no prompt."""
        prompt = _PROMPT.match(self.line)
        return self.line[prompt.end() :].strip() if prompt else None

    def wait_until(self, is_so: Callable[[Screen], bool]) -> None:
        """Look at the screen until ``is_so`` holds of it."""
        # A picture that changes each second would else be looked at for ever.
        end_s = time.monotonic() + 2 * DEADLINE_S
        while not is_so(self):
            assert self._look(), "\n".join(self.lines)
            assert time.monotonic() < end_s, "\n".join(self.lines)

    def wait_for(self, *texts: str) -> None:
        """Look at the screen until it shows all of the texts."""
        self.wait_until(lambda screen: all(_is_in(text, screen.lines) for text in texts))

    def wait_for_prompt(self, text: str = "> ") -> None:
        """Look at the screen until the cursor stands behind a prompt that ends with ``text``."""
        self.wait_until(lambda screen: screen.line.endswith(text))

    def wait_for_typed(self, text: str) -> None:
        """Look at the screen until ``text`` stands between the prompt and the cursor."""
        self.wait_until(lambda screen: screen.typed == text)

    def run(self, line: str, prompt: str = "> ") -> list[str]:
        """Enter a line, wait for the next prompt, and return what came between the two."""
        self._shown.reset()
        self.type(f"{line}\r")
        # Above the cursor is at least the line itself.
        self.wait_until(lambda screen: screen._shown.cursor.y > 0 and screen.line.endswith(prompt))
        rows = self._shown.display[1 : self._shown.cursor.y]
        return [shown.rstrip() for shown in rows if shown.strip()]

    def clear(self) -> None:
        """Drop what is typed, and begin again at the top of an empty screen."""
        # A list of what may stand on an empty line goes when there is something on it.
        self.type("\x05x\x15")
        self.type("\x0c")
        self.wait_until(lambda screen: screen.typed == "" and len(screen.lines) == 1)

    def leave(self) -> int:
        """Drop what is typed, leave the shell, and return its exit status."""
        self._shown.reset()
        self.type("\x03")
        self.wait_for_prompt()
        self.type("\x04")
        return self.wait_for_end()

    def resize(self, columns: int) -> None:
        """Give the terminal another width."""
        rows = self._shown.lines
        _set_size(self._parent, columns, rows)
        self._shown.resize(rows, columns)

    def _feed(self, data: bytes) -> None:
        super()._feed(data)
        self._stream.feed(data)


def _is_in(text: str, lines: Sequence[str]) -> bool:
    return any(text in line for line in lines)


@contextlib.contextmanager
def screen_at(
    command: Sequence[str], *, columns: int = 80, rows: int = _ROWS, **options: Any
) -> Iterator[Screen]:
    """Start ``command`` at a terminal, as :func:`person_at` does."""
    with person_at(command, columns=columns, rows=rows, **options) as person:
        yield Screen(person, columns, rows)
