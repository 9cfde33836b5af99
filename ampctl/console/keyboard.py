"""Keys of a terminal, each as soon as it is pressed."""

from __future__ import annotations

import codecs
import collections
import contextlib
import os
import select
import termios
from typing import TextIO

from prompt_toolkit.input.vt100_parser import Vt100Parser
from prompt_toolkit.key_binding.key_processor import KeyPress

from ampctl.errors import ExitCode, Terminated

# What a terminal sends for one key comes at once; a lone Escape is followed by nothing.
_SEQUENCE_S = 0.05
_MOST_BYTES = 4096
_NAMES = {"c-m": "enter", "c-j": "enter", "c-i": "tab", "c-h": "backspace"}


class TerminalKeyboard:
    """Reads keys at a terminal that does not show them.

    Ctrl-C and Ctrl-Z still are signals.

    Args:
        terminal: it must be one.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._descriptor = terminal.fileno()
        self._before = termios.tcgetattr(self._descriptor)
        self._parser = Vt100Parser(self._note)
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._pressed: collections.deque[str] = collections.deque()

    def begin(self) -> None:
        """Let the terminal hand over each key, and show none; earlier keys are forgotten."""
        self._pressed.clear()
        modes = termios.tcgetattr(self._descriptor)
        modes[3] &= ~(termios.ICANON | termios.ECHO)
        modes[6][termios.VMIN], modes[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self._descriptor, termios.TCSANOW, modes)

    def end(self) -> None:
        """Set the terminal up as it was, unless it is gone."""
        with contextlib.suppress(termios.error):
            termios.tcsetattr(self._descriptor, termios.TCSANOW, self._before)

    def wait(self, seconds: float) -> None:
        """Wait until a key is pressed, so many seconds at most."""
        if not self._pressed:
            select.select([self._descriptor], [], [], max(0.0, seconds))

    def take(self) -> str:
        """Return the name of the next key that was pressed; empty if there is none.

        A character is named by itself, any other key as ``enter``, ``escape``, ``up``, ``pagedown``
        or ``c-x``.

        Raises:
            Terminated: the terminal is gone.
        """
        if not self._pressed and self._read():
            while self._is_ready(_SEQUENCE_S):
                self._read()
            self._parser.flush()
        return self._pressed.popleft() if self._pressed else ""

    def _read(self) -> bool:
        if not self._is_ready(0):
            return False
        try:
            data = os.read(self._descriptor, _MOST_BYTES)
        except OSError:
            data = b""
        if not data:
            raise Terminated(ExitCode.HANGUP)
        self._parser.feed(self._decoder.decode(data))
        return True

    def _is_ready(self, seconds: float) -> bool:
        return bool(select.select([self._descriptor], [], [], seconds)[0])

    def _note(self, press: KeyPress) -> None:
        # A key of prompt_toolkit's own is a text as well.
        name = str(getattr(press.key, "value", press.key))
        self._pressed.append(_NAMES.get(name, name))
