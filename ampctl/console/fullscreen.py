"""A terminal that one command has for itself: its pictures, and the keys that are pressed."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Sequence
from types import FrameType, TracebackType

from ampctl.console.console import Console
from ampctl.console.painter import Painter, measure_terminal
from ampctl.runtime import Keyboard, Runtime

_ENTER, _LEAVE = "\033[?1049h\033[?25l", "\033[?25h\033[?1049l"


class FullScreen:
    """Shows pictures in the place of what is on the terminal, which comes back at the end.

    It is a context. However that is left, by a signal too, the terminal is then as it was. Ctrl-Z
    gives the terminal back as well, until the command goes on. What is said meanwhile is kept back,
    for :meth:`take_messages` or for the end.

    Args:
        console: its standard output is the terminal; see :attr:`can_open`.
        runtime: keys come from its standard input, unless it has a keyboard of its own.
    """

    def __init__(self, console: Console, runtime: Runtime) -> None:
        self._console = console
        self._runtime = runtime
        self._stdout = console.stdout
        self._shown: tuple[os.terminal_size, Sequence[str]] | None = None

    @property
    def can_open(self) -> bool:
        """Whether there is a terminal for pictures and for keys."""
        return self._console.can_redraw and self._runtime.stdin.isatty()

    def __enter__(self) -> FullScreen:
        self._keyboard = self._open_keyboard()
        self._painter = Painter(self._stdout, self._keyboard.wait)
        with contextlib.ExitStack() as stack:
            self._held = stack.enter_context(self._console.hold_messages())
            stack.callback(self._end)
            self._begin()
            before = signal.signal(signal.SIGTSTP, self._stop)
            stack.callback(signal.signal, signal.SIGTSTP, before)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            # What a terminal shows of Ctrl-C is gone with the picture.
            self._console.leave_line(error, is_left=True)
            self._held[:] = filter(None, self._held)
        self._stack.close()

    def measure(self) -> os.terminal_size:
        """Return the room that there is for a picture, which the next one is made for."""
        columns, rows = self._painter.measure()
        # The painter leaves the last of each free.
        return os.terminal_size((columns - 1, rows - 1))

    def paint(self, lines: Sequence[str]) -> None:
        """Show the lines in the place of those before, as much of them as there is room for."""
        picture = measure_terminal(self._stdout), list(lines)
        if picture != self._shown:
            self._shown = picture
            self._painter.paint(lines)

    def read_key(self, seconds: float) -> str:
        """Return the name of the next key; empty when the time is up, or when the size changes.

        A character is named by itself, any other key as ``enter``, ``escape``, ``up``, ``pagedown``
        or ``c-x``.

        Args:
            seconds: how long to wait for it at most.
        """
        if key := self._keyboard.take():
            return key
        self._painter.pause(seconds)
        return self._keyboard.take()

    def take_messages(self) -> Sequence[str]:
        """Return what was said since this was asked before; it is not said at the end."""
        messages = self._held[:]
        self._held.clear()
        return messages

    def _begin(self) -> None:
        self._shown = None
        self._keyboard.begin()
        self._write(_ENTER)

    def _end(self) -> None:
        with contextlib.suppress(Exception):  # the terminal may be gone
            self._write(_LEAVE)
        self._keyboard.end()

    def _write(self, text: str) -> None:
        self._stdout.write(text)
        self._stdout.flush()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        # The stream may be in the middle of a write, and can't be written to from here.
        terminal = self._stdout.fileno()
        os.write(terminal, _LEAVE.encode())
        self._keyboard.end()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        # It goes on here.
        signal.signal(signal.SIGTSTP, self._stop)
        self._shown = None
        self._keyboard.begin()
        os.write(terminal, _ENTER.encode())

    def _open_keyboard(self) -> Keyboard:
        if self._runtime.open_keyboard is not None:
            return self._runtime.open_keyboard()
        # Imported here: a test has keys without a terminal.
        from ampctl.console.keyboard import TerminalKeyboard

        return TerminalKeyboard(self._runtime.stdin)
