"""Asking again and again, through outages, until something is so or the time for it is up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from ampctl.client.times import format_duration
from ampctl.console.console import Console
from ampctl.errors import UnavailableError, WaitTimeout
from ampctl.runtime import Runtime

T = TypeVar("T")

# How often the age of what was read last is told on a terminal.
_TICK_S = 1.0


class Outage:
    """Tells that the server is away: on a terminal for as long as it is, elsewhere in one line.

    Args:
        console: where it is told.
        monotonic: a clock in seconds.
        tell: shows how old the latest answer is, instead of the console.
    """

    def __init__(
        self,
        console: Console,
        monotonic: Callable[[], float],
        tell: Callable[[str], object] | None = None,
    ) -> None:
        self._console = console
        self._monotonic = monotonic
        self._tell = tell or (console.show_status if console.can_show_status else None)
        self._answered_s: float | None = None
        self._error: UnavailableError | None = None

    def note_answer(self) -> None:
        """Note that the server has answered."""
        self._answered_s = self._monotonic()
        self.end()

    def note(self, error: UnavailableError) -> None:
        """Note that there was no answer.

        Raises:
            UnavailableError: the same, if there never was one: the address may be wrong.
        """
        if self._answered_s is None:
            raise error
        if self._error is None and self._tell is None:
            self._console.warn(f"{error.message}; asking on until the server answers")
        self._error = error

    def show(self) -> bool:
        """Show how old the latest answer is; tell whether it can be shown, and is old."""
        text = self.describe()
        if text and self._tell is not None:
            self._tell(text)
            return True
        return False

    def describe(self) -> str:
        """Return how old the latest answer is, and why; empty while the server answers."""
        if self._error is None or self._answered_s is None:
            return ""
        age_s = self._monotonic() - self._answered_s
        return f"last update {format_duration(age_s)} ago: {self._error.message}"

    def end(self) -> None:
        """Tell of it no longer."""
        if self._error is not None:
            self._error = None
            self._console.clear_status()


def poll(
    read: Callable[[], T],
    *,
    interval_s: float,
    timeout_s: float | None,
    goal: str,
    console: Console,
    runtime: Runtime,
    sleep: Callable[[float], object] | None = None,
    tell: Callable[[str], object] | None = None,
) -> Iterator[T]:
    """Yield ``read()`` again and again; see :meth:`~ampctl.plugin.Command.poll`."""
    sleep = sleep or runtime.sleep
    begun_s = runtime.monotonic()
    outage = Outage(console, runtime.monotonic, tell)
    try:
        while True:
            try:
                result = read()
            except UnavailableError as error:
                outage.note(error)
            else:
                outage.note_answer()
                yield result
            pause_s = interval_s
            if timeout_s is not None:
                pause_s = min(pause_s, begun_s + timeout_s - runtime.monotonic())
                if pause_s <= 0:
                    raise _build_timeout(goal, timeout_s, outage)
            _pause(pause_s, outage, sleep)
    finally:
        outage.end()


def _pause(seconds: float, outage: Outage, sleep: Callable[[float], object]) -> None:
    """Wait; during an outage the age of the latest answer goes on meanwhile, where it is shown."""
    if not outage.show():
        sleep(seconds)
        return
    while seconds > 0:
        sleep(min(_TICK_S, seconds))
        seconds -= _TICK_S
        if seconds > 0:
            outage.show()


def _build_timeout(goal: str, timeout_s: float, outage: Outage) -> WaitTimeout:
    reason = outage.describe()
    return WaitTimeout(
        f"the time is up after {timeout_s:g} s, still waiting for {goal}{reason and f' ({reason})'}"
    )
