"""A command that is run again and again: painted where a terminal is, and printed elsewhere."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ampctl.client.times import format_age, format_duration
from ampctl.console.console import Console
from ampctl.console.painter import Canvas, Painter
from ampctl.console.text import strip_colors
from ampctl.errors import ExitCode
from ampctl.runtime import Runtime
from ampctl.shell.runner import Run, name_command

# After these another run would end as the last one did, or was not wanted any more.
_ENDS = (
    *(ExitCode.USAGE, ExitCode.OUTPUT, ExitCode.CLOSED_PIPE),
    *(ExitCode.INTERRUPTED, ExitCode.TERMINATED, ExitCode.HANGUP),
)


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
        painter = Painter(self._console.stdout, self._runtime.sleep)
        picture, drawn_at = [""], None
        try:
            while True:
                painter.measure()
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
                painter.pause(self._interval_s)
        finally:
            painter.end()
        return _judge(code)

    def _render(self) -> tuple[int, list[str], list[str]]:
        """Run the command once; return its exit code, what it printed and what it said."""
        memory = Canvas(self._console.stdout)
        with self._console.hold_messages() as held:
            code = self._run(self._words, stdout=memory)
            said = strip_colors("\n".join(held)).splitlines()
            if code not in _ENDS:
                held.clear()
        return code, memory.getvalue().splitlines(), said

    def _head(self, now: datetime.datetime) -> str:
        return f"{self._title}, at {now.astimezone(datetime.UTC):%H:%M:%S} UTC"


def _judge(code: int) -> int:
    """Return the exit code of a watch whose last run ended with ``code``."""
    return ExitCode.OK if code == ExitCode.INTERRUPTED else code
