"""Names a server that takes long to answer, on the terminal only."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from ampctl.client import AdminClient, Response
from ampctl.client.methods import is_change
from ampctl.console.console import Console
from ampctl.errors import Terminated

_NOTABLE_S = 3.0
_STEP_S = 1.0


class Waiting:
    """Shows how long the oldest request has been waiting, from three seconds on.

    A timer of the system interrupts whatever waits, for a moment: there is no thread that could
    outlive a command. Where the timer is taken, or is not to be had, nothing is shown.

    Args:
        console: shows the line, on a terminal only.
        place: the URL of the server.
        monotonic: a clock in seconds.
    """

    def __init__(self, console: Console, place: str, monotonic: Callable[[], float]) -> None:
        self._console = console
        self._place = place
        self._monotonic = monotonic
        self._since_s: dict[object, float] = {}
        self._is_started = self._is_armed = self._is_shown = False

    def start(self) -> None:
        """Make ready for requests, if there is a terminal to show something on."""
        is_main = threading.current_thread() is threading.main_thread()
        is_free = signal.getsignal(signal.SIGALRM) is signal.SIG_DFL
        if is_main and is_free and self._console.can_show_status:
            signal.signal(signal.SIGALRM, self._show)
            self._is_started = True

    def stop(self) -> None:
        """Stop the timer."""
        if self._is_started:
            self._is_started = False
            self._rest()
            signal.signal(signal.SIGALRM, signal.SIG_DFL)

    @contextlib.contextmanager
    def watch(self) -> Iterator[None]:
        """Count the block as waiting; requests of several threads may overlap."""
        request = object()
        self._since_s[request] = self._monotonic()
        self._arm()
        try:
            yield
        finally:
            self._since_s.pop(request, None)
            # A thread leaves the screen to the timer, also when its request has ended.
            if self._console.can_show_status:
                self._hide()

    def forget(self) -> None:
        """Count nothing as waiting that has begun so far; an interrupted command leaves some."""
        self._since_s.clear()
        self._hide()

    def _arm(self) -> None:
        if self._is_started and not self._is_armed:
            self._is_armed = True
            signal.setitimer(signal.ITIMER_REAL, _STEP_S, _STEP_S)

    def _rest(self) -> None:
        self._is_armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        # A thread may have begun to wait meanwhile.
        if self._since_s:
            self._arm()

    def _show(self, number: int, frame: FrameType | None) -> None:
        since_s = min(self._since_s.copy().values(), default=None)
        if since_s is None:
            # Between two commands of a shell nothing has to be woken.
            self._rest()
        if since_s is not None and (waited_s := self._monotonic() - since_s) >= _NOTABLE_S:
            self._is_shown = True
            self._console.show_status(f"waiting for {self._place} ({waited_s:.0f} s)")
        else:
            self._hide()

    def _hide(self) -> None:
        """Erase the line, unless another one is shown than ours."""
        if self._is_shown:
            self._is_shown = False
            self._console.clear_status()


class WatchedClient(AdminClient):
    """A client whose requests are watched."""

    _waiting: Waiting

    has_changed = False
    """Whether the server has confirmed a change to the present command."""

    def start_watching(self, waiting: Waiting) -> None:
        """Let ``waiting`` watch all requests from now on, until the client is closed."""
        self._waiting = waiting
        waiting.start()

    def begin_command(self) -> None:
        """Leave behind what the command before did, and what it may still be waiting for."""
        self.has_changed = False
        self._waiting.forget()

    def request(self, method: str, *path: str | int, **options: Any) -> Response:
        changes = is_change(method)
        try:
            with self._waiting.watch():
                response = super().request(method, *path, **options)
        except (KeyboardInterrupt, Terminated) as error:
            if changes:
                error.add_note(f"can't tell whether this was carried out: {options['action']}")
            raise
        self.has_changed |= changes
        return response

    def fetch(self, *path: str | int, **options: Any) -> Callable[[], Response]:
        with self._waiting.watch():
            return super().fetch(*path, **options)

    def close(self) -> None:
        self._waiting.stop()
        super().close()
