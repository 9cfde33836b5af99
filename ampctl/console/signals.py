"""Signals that end a command, and that a shell survives."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator, Mapping
from types import FrameType

from ampctl.errors import ExitCode, Terminated

EXIT_CODES: Mapping[signal.Signals, ExitCode] = {
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
    signal.SIGHUP: ExitCode.HANGUP,
}
_PAUSE_S = 1.0


class SignalHandler:
    """Ends the command at a signal, by an exception.

    Others that come within a second are ignored: a key that is held down, or a terminal that
    closes, must not keep the command from reporting what was done. A later one is for a command
    that did not end.

    Args:
        monotonic: a clock in seconds.

    Attributes:
        last: the exit code of the last signal that was not ignored; None if there was none.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._last_s = float("-inf")
        self.last: ExitCode | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        now_s = self._monotonic()
        if now_s - self._last_s < _PAUSE_S:
            return
        self._last_s = now_s
        self.last = EXIT_CODES[signal.Signals(number)]
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise Terminated(self.last)


@contextlib.contextmanager
def handle_afresh(monotonic: Callable[[], float]) -> Iterator[SignalHandler]:
    """Let the block have a handler of its own, which no signal before it concerns.

    Signals that no :class:`SignalHandler` handles are left alone.
    """
    handler = SignalHandler(monotonic)
    before = {number: signal.getsignal(number) for number in EXIT_CODES}
    ours = [number for number, one in before.items() if isinstance(one, SignalHandler)]
    try:
        for number in ours:
            signal.signal(number, handler)
        yield handler
    finally:
        for number in ours:
            signal.signal(number, before[number])
