"""Runs the real main of ampctl with a runtime made for tests."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import io
import json
import types
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from ampctl.main import main
from ampctl.runtime import Runtime

NOW = datetime.datetime(2026, 3, 1, 12, 0, tzinfo=datetime.UTC)


class _Stream(io.StringIO):
    """A text stream in memory that can pose as a terminal."""

    def __init__(self, text: str = "", *, is_terminal: bool = False) -> None:
        super().__init__(text, newline="")
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


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
    clock: FakeClock | None = None,
) -> Runtime:
    """Return a runtime with streams in memory, a fixed clock, and no real sleep or randomness.

    Args:
        stdin: what can be read from standard input.
        environ: the environment. It lacks all of the real one, and holds nothing else but
            ``AMP_ADMIN_URL`` in a test that uses the fixture ``amp_sandbox``.
        is_terminal: whether all three streams pose as a terminal.
        clock: the clock to use, if the test wants to look at it.
    """
    clock = clock or FakeClock()
    return Runtime(
        stdin=_Stream(stdin, is_terminal=is_terminal),
        stdout=_Stream(is_terminal=is_terminal),
        stderr=_Stream(is_terminal=is_terminal),
        environ={**_AIM.get(), **(environ or {})},
        now=lambda: clock.now,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        random=lambda: 0.5,
    )


@dataclasses.dataclass(frozen=True)
class Result:
    """What a command line did: its two streams, apart, and its exit code."""

    stdout: str
    stderr: str
    exit_code: int

    @property
    def json(self) -> Any:
        """Standard output, read as one JSON document."""
        return json.loads(self.stdout)


def invoke(*argv: str, expect: int = 0, runtime: Runtime | None = None, **options: Any) -> Result:
    """Run ``ampctl argv…`` in this process and return what it did.

    Args:
        argv: the arguments after the program's name.
        expect: the exit code that the test counts on.
        runtime: the runtime to use; otherwise one is made of ``options``.
        **options: what :func:`fake_runtime` takes.

    Raises:
        AssertionError: the exit code is another one; the message holds both streams.
    """
    runtime = runtime or fake_runtime(**options)
    code = main(argv, runtime)
    assert isinstance(runtime.stdout, _Stream)
    assert isinstance(runtime.stderr, _Stream)
    result = Result(runtime.stdout.getvalue(), runtime.stderr.getvalue(), code)
    if code != expect:
        raise AssertionError(
            f"ampctl {' '.join(argv)}: exit {code}, not {expect}\n{result.stdout}{result.stderr}"
        )
    return result
