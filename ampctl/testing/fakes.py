"""A runtime made for tests: streams in memory, clocks that stand still, no real sleep."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import io
import types
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from typing import TextIO

from ampctl.runtime import Runtime

NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)


class MemoryStream(io.StringIO):
    """A text stream in memory that can pose as a terminal."""

    def __init__(self, text: str = "", *, is_terminal: bool = False) -> None:
        super().__init__(text, newline="")
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


class FakeTerminal(MemoryStream):
    """The terminal that questions are asked at; ``getvalue()`` is what was shown on it.

    Args:
        typed: what the person types.
        screen: a stream that is shown on the same terminal.
    """

    def __init__(self, typed: TextIO, screen: TextIO | None = None) -> None:
        super().__init__(is_terminal=True)
        self._typed = typed
        self._screen = screen

    def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
        return self._typed.readline(size)

    def write(self, text: str, /) -> int:
        if self._screen is not None:
            self._screen.write(text)
        return super().write(text)

    def close(self) -> None:
        """Stay open, so that a test can look at it."""


@dataclasses.dataclass
class FakeClock:
    """Clocks that stand still, and a sleep that moves them on and keeps a record.

    Attributes:
        now: the wall clock.
        slept: the seconds of every sleep, in order.
    """

    now: datetime.datetime = NOW
    slept: list[float] = dataclasses.field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        """Move the clocks on by ``seconds``."""
        self.slept.append(seconds)
        self.now += datetime.timedelta(seconds=seconds)

    def monotonic(self) -> float:
        """Return seconds that go on with every sleep."""
        return (self.now - NOW).total_seconds()


class FakeKeyboard:
    """A keyboard at which keys are pressed as a test says; the last one is Ctrl-C.

    Args:
        keys: names of keys, and numbers: so many seconds in which none is pressed.
        clock: it goes on while none is pressed.

    Attributes:
        is_begun: whether keys are handed over as they are pressed.
    """

    def __init__(self, keys: Iterable[str | float], clock: FakeClock) -> None:
        self._left = list(keys)
        self._clock = clock
        self.is_begun = False

    def begin(self) -> None:
        self.is_begun = True

    def end(self) -> None:
        self.is_begun = False

    def wait(self, seconds: float) -> None:
        """Let the time pass up to the next key, so many seconds at most."""
        if self._left and not isinstance(self._left[0], str):
            waited = min(seconds, self._left[0])
            self._clock.sleep(waited)
            self._left[0] -= waited
            if self._left[0] <= 0:
                del self._left[0]

    def take(self) -> str:
        """Return the next key, if it is time for it."""
        if not self._left:
            raise KeyboardInterrupt
        return str(self._left.pop(0)) if isinstance(self._left[0], str) else ""


_AIM: ContextVar[Mapping[str, str]] = ContextVar("_AIM", default=types.MappingProxyType({}))


@contextlib.contextmanager
def aimed_at(url: str) -> Iterator[None]:
    """Let every command line of the block speak to the API at ``url``, if it names no other."""
    before = _AIM.set({"AMP_ADMIN_URL": url})
    try:
        yield
    finally:
        _AIM.reset(before)


def fake_runtime(
    *,
    stdin: str = "",
    environ: Mapping[str, str] | None = None,
    is_terminal: bool = False,
    stdin_is_terminal: bool | None = None,
    stdout_is_terminal: bool | None = None,
    stderr_is_terminal: bool | None = None,
    answers: str | None = None,
    keys: Iterable[str | float] = (),
    clock: FakeClock | None = None,
) -> Runtime:
    """Return a runtime with streams in memory, a fixed clock, and no real sleep or randomness.

    Args:
        stdin: what can be read from standard input.
        environ: the environment. It lacks all of the real one, and holds nothing else but
            ``NO_COLOR``, and ``AMP_ADMIN_URL`` in a test that uses the fixture ``amp_sandbox``.
        is_terminal: whether the streams pose as a terminal. ``COLUMNS`` in ``environ`` is its
            width, 80 if there is none.
        stdin_is_terminal, stdout_is_terminal, stderr_is_terminal: the same for one stream, where
            it differs from the others.
        answers: what a person types when they are asked; ``stdin`` unless it is given. They can be
            asked if any stream is a terminal, and see the question on stderr if that is one.
        keys: what is pressed at a command that has the whole screen: names of keys, such as ``q``
            or ``down``, and numbers, the seconds in which none is pressed. After them comes Ctrl-C.
        clock: the clock to use, if the test wants to look at it.
    """
    clock = clock or FakeClock()
    terminals = [
        is_terminal if one is None else one
        for one in (stdin_is_terminal, stdout_is_terminal, stderr_is_terminal)
    ]
    stdin_stream = MemoryStream(stdin, is_terminal=terminals[0])
    stderr = MemoryStream(is_terminal=terminals[2])
    terminal = FakeTerminal(
        stdin_stream if answers is None else io.StringIO(answers), stderr if terminals[2] else None
    )
    return Runtime(
        stdin=stdin_stream,
        stdout=MemoryStream(is_terminal=terminals[1]),
        stderr=stderr,
        open_terminal=(lambda: terminal) if any(terminals) else None,
        open_keyboard=lambda: FakeKeyboard(keys, clock),
        environ={"NO_COLOR": "1", **_AIM.get(), **(environ or {})},
        now=lambda: clock.now,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        random=lambda: 0.5,
    )
