"""A person's steps on a real pseudo-terminal, up to the screen that they lead to."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pexpect
import pyte

_DEADLINE_S = 30
_KEYS = {"enter": "\r", "tab": "\t", "ctrl-c": "\x03", "ctrl-d": "\x04", "ctrl-l": "\x0c"}
_KEYS |= {"up": "\x1b[A", "down": "\x1b[B", "escape": "\x1b"}


class StuckError(Exception):
    """The screen never showed what a step waits for; the message holds the screen."""


class Terminal:
    """A program on a pseudo-terminal, and its screen.

    Args:
        child: the program.
        screen: of the size that the program was told.
        prompt: what the program shows when it waits for a command.
    """

    def __init__(self, child: pexpect.spawn[str], screen: pyte.Screen, prompt: str) -> None:
        self._child = child
        self._stream = pyte.Stream(screen)
        self._prompt = prompt
        self.screen = screen

    def follow(self, step: Mapping[str, str]) -> None:
        """Take one step, and wait until the screen shows what it should.

        Args:
            step: one of ``run`` (a command line, typed and entered), ``type`` (text) and ``press``
                (names of keys); then ``shows``, a text that the screen has to show, and ``line``,
                what the line of the cursor has to be. A command is followed by the prompt unless
                the step says something else.
        """
        wanted = dict(step)
        for text in (wanted.pop("run", None), wanted.pop("type", None)):
            if text is not None:
                self._type(text)
        for key in wanted.pop("press", "enter" if "run" in step else "").split():
            self._child.send(_KEYS[key])
        if "run" in step and not wanted:
            wanted["line"] = self._prompt
        self.wait(wanted.pop("shows", ""), wanted.pop("line", None))
        assert not wanted, f"a step can't have {', '.join(wanted)}"

    def wait(self, text: str, line: str | None = None) -> None:
        """Wait until the screen shows ``text``, and the line of the cursor is ``line``."""
        self._read_until(
            lambda: (
                any(text in row for row in self.screen.display)
                and line in (None, self._read_line().rstrip())
            ),
            f"{text!r}, and {line!r} at the cursor",
        )

    def _type(self, text: str) -> None:
        self._child.send(text)
        # What is typed after this must not be taken for an answer to it.
        typed = text.rstrip()
        self._read_until(lambda: self._read_line().rstrip().endswith(typed), f"{typed!r} typed")

    def _read_line(self) -> str:
        return str(self.screen.display[self.screen.cursor.y])

    def _read_until(self, is_there: Callable[[], bool], what: str) -> None:
        while not is_there():
            try:
                self._stream.feed(self._child.read_nonblocking(65536, timeout=_DEADLINE_S))
            except (pexpect.TIMEOUT, pexpect.EOF) as error:
                shown = "\n".join(self.screen.display).rstrip()
                raise StuckError(f"waiting for {what}; the screen is:\n{shown}") from error


@contextlib.contextmanager
def open_terminal(
    command: Sequence[str],
    environ: Mapping[str, str],
    *,
    rows: int,
    columns: int,
    prompt: str,
) -> Iterator[Terminal]:
    """Run ``command`` on a terminal of that size until the block ends."""
    options: dict[str, Any] = {"env": dict(environ), "cwd": environ["HOME"]}
    options["dimensions"] = (rows, columns)
    child = pexpect.spawn(command[0], list(command[1:]), encoding="utf-8", **options)
    child.delaybeforesend = None
    try:
        terminal = Terminal(child, pyte.Screen(columns, rows), prompt)
        terminal.wait("", prompt)
        yield terminal
    finally:
        child.close(force=True)
