"""The picture of the progress of jobs, kept up to date in its place on the terminal."""

from __future__ import annotations

import os

from rich.live import Live

from ampctl.plugin import Command, format_duration
from ampctl_job.bars import draw, make_console
from ampctl_job.progress_watch import ProgressWatch

_TICK_S = 1.0


class LiveBars:
    """Shows the progress of jobs until they have ended.

    Args:
        command: the command that shows it.
        watch: what looks at the jobs.
    """

    def __init__(self, command: Command, watch: ProgressWatch) -> None:
        self._command = command
        self._console = command.console
        self._runtime = command.runtime
        self._watch = watch
        self._live: Live | None = None
        self._size: os.terminal_size | None = None
        self._answered_s = 0.0
        self._held: list[str] = []
        self._outage = ""

    def show(self, interval_s: float) -> None:
        """Look at the jobs and show them again and again."""
        goal = "the end of these jobs"
        poll = self._command.poll(
            self._watch.look, interval_s=interval_s, goal=goal, sleep=self._sleep
        )
        # What is said meanwhile would be written into the picture.
        with self._console.hold_messages() as self._held:
            try:
                for _ in poll:
                    self._answered_s, self._outage = self._runtime.monotonic(), ""
                    self._refresh()
                    self._known = len(self._held)
                    if self._watch.is_over:
                        return
            finally:
                self._stop()

    def _sleep(self, seconds: float) -> None:
        """Wait; the age of what is shown goes on meanwhile, if the server is away."""
        # What was said since the latest answer is that there is none.
        if outage := self._held[self._known :]:
            self._outage = outage[-1].removeprefix("ampctl: ")
            del self._held[self._known :]
        if not self._outage:
            self._runtime.sleep(seconds)
            return
        while seconds > 0:
            self._refresh()
            self._runtime.sleep(min(_TICK_S, seconds))
            seconds -= _TICK_S

    def _refresh(self) -> None:
        size = self._console.measure_output()
        if self._live is None or size != self._size:
            # The lines of the picture before may be broken in other places by now.
            self._stop()
            self._live, self._size = self._begin(size), size
        said = []
        if self._outage:
            age_s = self._runtime.monotonic() - self._answered_s
            said.append(f"last update {format_duration(age_s)} ago: {self._outage}")
        is_ascii = self._live.console.options.ascii_only
        looks = self._watch.looks.values()
        picture = draw(looks, size.columns, is_ascii=is_ascii, said=said)
        self._live.update(picture, refresh=True)

    def _begin(self, size: os.terminal_size) -> Live:
        stdout = self._command.app.stdout
        console = make_console(stdout, has_color=self._console.has_color(stdout), size=size)
        live = Live(
            console=console, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
        )
        live.start()
        return live

    def _stop(self) -> None:
        """Leave the picture as it is, with the cursor shown in a line of its own."""
        if self._live is not None:
            live, self._live = self._live, None
            live.stop()
