"""The picture of the progress of jobs, kept up to date in its place on the terminal."""

from __future__ import annotations

import os

from rich.console import Group
from rich.live import Live
from rich.text import Text

from ampctl.plugin import Command, measure_terminal
from ampctl_job.bars import draw, make_console
from ampctl_job.progress_watch import ProgressWatch


class LiveBars:
    """Shows the progress of jobs until they have ended.

    Args:
        command: the command that shows it.
        watch: what looks at the jobs.
    """

    def __init__(self, command: Command, watch: ProgressWatch) -> None:
        self._command = command
        self._console = command.console
        self._watch = watch
        self._live: Live | None = None
        self._size: os.terminal_size | None = None
        self._picture = Group()

    def show(self, interval_s: float) -> None:
        """Look at the jobs and show them again and again."""
        goal = "the end of these jobs"
        poll = self._command.poll(
            self._watch.look, interval_s=interval_s, goal=goal, tell=self._refresh
        )
        # What is said meanwhile would be written into the picture.
        with self._console.hold_messages():
            try:
                for _ in poll:
                    self._refresh()
                    if self._watch.is_over:
                        return
            except KeyboardInterrupt as interrupt:
                # The ^C stood in the line below the picture, and goes with it.
                self._console.leave_line(interrupt, is_left=True)
                raise
            finally:
                self._stop()

    def _refresh(self, outage: str = "") -> None:
        """Show the picture, and that it is old if it is."""
        size = measure_terminal(self._command.app.stdout)
        if self._live is None or size != self._size:
            # The lines of the picture before may be broken in other places by now.
            self._stop()
            self._live, self._size = self._begin(size), size
        is_ascii = self._live.console.options.ascii_only
        said = [outage] if outage else []
        looks = self._watch.looks.values()
        self._picture = draw(looks, size.columns, is_ascii=is_ascii, said=said)
        # The cursor waits in a line of its own: a terminal shows ^C there.
        self._live.update(Group(self._picture, Text()), refresh=True)

    def _begin(self, size: os.terminal_size) -> Live:
        stdout = self._command.app.stdout
        console = make_console(stdout, has_color=self._console.paints_output, size=size)
        live = Live(
            console=console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        )
        live.start()
        return live

    def _stop(self) -> None:
        """Leave the picture as it is, with the cursor shown in a line of its own."""
        if self._live is not None:
            live, self._live = self._live, None
            # Without the line of the cursor.
            live.update(self._picture)
            live.stop()
