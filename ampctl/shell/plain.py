"""The prompt where a terminal can do nothing but print: ``TERM=dumb``."""

from __future__ import annotations

from ampctl.runtime import Runtime
from ampctl.shell.history import History
from ampctl.shell.line import wants_more

_CONTINUED = "... "


class PlainPrompt:
    """Reads lines as the terminal itself lets them be edited.

    Args:
        runtime: its standard input and output are the terminal.
        history: gets what is entered.
    """

    def __init__(self, runtime: Runtime, history: History) -> None:
        self._runtime = runtime
        self._history = history

    def read(self, text: str) -> str:
        """Show ``text`` and return what is entered; raises as the other prompt does."""
        entered = self._read_line(text)
        while wants_more(entered):
            entered += f"\n{self._read_line(_CONTINUED)}"
        self._history.append(entered)
        return entered

    def _read_line(self, text: str) -> str:
        self._runtime.stdout.write(text)
        self._runtime.stdout.flush()
        line = self._runtime.stdin.readline()
        if not line:
            self._runtime.stdout.write("\n")
            raise EOFError
        return line.removesuffix("\n")
