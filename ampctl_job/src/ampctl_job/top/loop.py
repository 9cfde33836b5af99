"""The screen over time: one question to the server at a time, and keys in between."""

from __future__ import annotations

import os
from collections.abc import Sequence

from ampctl.plugin import (
    AccessError,
    ApiError,
    Command,
    Drawing,
    FullScreen,
    NotFoundError,
    UnavailableError,
    start_call,
)
from ampctl_job.models import Job
from ampctl_job.selecting import describe_jobs
from ampctl_job.top.deployment import Deployment
from ampctl_job.top.picture import Picture
from ampctl_job.top.rows import choose_jobs
from ampctl_job.top.schedule import Ask, Schedule
from ampctl_job.top.view import Action, View

# How often the screen is drawn while no key is pressed, as its ages go on.
_TICK_S = 1.0
# How soon an answer is seen that has come.
_STEP_S = 0.05
# How soon it is seen that something is worth asking for again.
_IDLE_S = 0.25

# What a question begins with, what is told while it is under way, and the command for it.
_VERBS = {Action.STOP: ("Stop", "stopping", "stop"), Action.REMOVE: ("Remove", "removing", "rm")}

_YES, _NO = ("y", "Y"), ("n", "N", "escape", "enter", "q")


class _Left(Exception):
    """The person has left the screen."""


class Loop:
    """Keeps the screen up to date, and does what keys ask for.

    Args:
        command: the command that shows it.
        screen: the terminal.
        schedule: says what to ask for.
        deployment: what is known.
    """

    def __init__(
        self, command: Command, screen: FullScreen, schedule: Schedule, deployment: Deployment
    ) -> None:
        self._command = command
        self._screen = screen
        self._schedule = schedule
        self._deployment = deployment
        self._view = View()
        drawing = Drawing(command.app.stdout, has_color=command.console.paints_output)
        place = command.settings.admin_url.partition("//")[2]
        self._picture = Picture(deployment, self._view, drawing, place)
        self._jobs: Sequence[Job] = ()
        self._painted_s: float | None = None
        self._size: os.terminal_size | None = None

    def run(self, interval_s: float) -> None:
        """Go on until the person leaves.

        Args:
            interval_s: how long there is between an answer and the next question.
        """
        answers = self._command.poll(
            self._ask, interval_s=interval_s, goal="", sleep=self._listen, tell=self._tell
        )
        try:
            for _ in answers:
                self._picture.outage = ""
        except _Left:
            return

    def _ask(self) -> None:
        """Wait for something that is worth asking for, ask for it, and take in the answer."""
        while (ask := self._choose()) is None:
            self._listen(_IDLE_S)
        future = start_call(ask.fetch)
        while not future.done():
            self._listen(_STEP_S)
        try:
            ask.take(future.result())
        except ApiError as error:
            if _ends(ask, error):
                raise
            self._schedule.note_trouble(ask, error)
            # A job that was removed meanwhile is not worth a word.
            if not isinstance(error, NotFoundError):
                self._view.message = self._command.console.make_safe(error.message)
        else:
            self._schedule.note(ask)
        self._painted_s = None

    def _choose(self) -> Ask | None:
        return self._schedule.choose(self._picture.visible, self._picture.find_detailed())

    def _listen(self, seconds: float) -> None:
        """Answer keys for so long, with the screen up to date."""
        clock = self._command.runtime.monotonic
        end_s = clock() + seconds
        while True:
            self._paint_if_old()
            left_s = end_s - clock()
            if left_s <= 0:
                return
            key = self._screen.read_key(min(left_s, _TICK_S))
            # A key that is held down comes faster than the screen is drawn.
            while key:
                self._press(key)
                key = self._screen.read_key(0)

    def _press(self, key: str) -> None:
        self._painted_s = None
        action = self._view.press(key, [job.id for job in self._jobs])
        if action is Action.QUIT:
            raise _Left
        job = self._deployment.jobs.get(self._view.selected or 0)
        if action is not None and job is not None:
            self._view.message = self._act(action, job)
            self._schedule.hurry()

    def _act(self, action: Action, job: Job) -> str:
        """Ask, carry an action out with the command for it, and return what came of it."""
        verb, doing, word = _VERBS[action]
        place = self._command.settings.admin_url
        if not self._confirm(f"{place}: {verb} {describe_jobs({job.id: job})}?"):
            return f"job {job.id}: nothing was done"
        self._view.message = f"{doing} job {job.id} …"
        self._paint()
        ran = self._command.run_aside("job", word, str(job.id), "-f", "value", "-c", "result")
        said = [line.strip().removeprefix("ampctl: ") for line in ran.messages]
        done = [f"job {job.id}: {ran.stdout.strip()}"] if ran.stdout else []
        return " · ".join([*done, *said])

    def _confirm(self, question: str) -> bool:
        """Ask in the place of the keys, and let one of those that answer be pressed."""
        self._view.question = f"{self._command.console.make_safe(question)} [y/N]"
        key = ""
        try:
            # What was pressed before the question is seen does not answer it.
            while self._screen.read_key(0):
                pass
            self._paint()
            while key not in (*_YES, *_NO):
                self._paint_if_old()
                key = self._screen.read_key(_TICK_S)
        except KeyboardInterrupt:
            return False
        finally:
            self._view.question = ""
        return key in _YES

    def _tell(self, outage: str) -> None:
        self._picture.outage = self._command.console.make_safe(outage)
        self._paint()

    def _paint_if_old(self) -> None:
        """Show what is known if anything has changed, or a second has passed."""
        now_s, size = self._command.runtime.monotonic(), self._screen.measure()
        if self._painted_s is None or now_s - self._painted_s >= _TICK_S or size != self._size:
            self._paint()

    def _paint(self) -> None:
        for message in self._screen.take_messages():
            self._view.message = message
        self._painted_s, self._size = self._command.runtime.monotonic(), self._screen.measure()
        self._jobs = choose_jobs(self._deployment, self._view.shown, self._view.order)
        self._view.follow([job.id for job in self._jobs])
        now = self._command.runtime.now()
        self._screen.paint(self._picture.draw(self._jobs, self._size, now))


def _ends(ask: Ask, error: ApiError) -> bool:
    """Tell whether an error concerns more than what was asked for."""
    is_away = isinstance(error, UnavailableError) and error.error_code is None
    return ask.is_list or is_away or isinstance(error, AccessError)
