"""Everything that a command takes from its process, in one value that tests can replace."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime
import functools
import io
import os
import random
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Protocol, TextIO, cast


class _Closed(io.StringIO):
    """Stands for a standard output that the caller closed (``>&-``)."""

    def write(self, text: str, /) -> int:
        raise OSError("it is closed")

    def flush(self) -> None:
        raise OSError("it is closed")


def standard_output(stream: TextIO | None) -> TextIO:
    """Return ``stream`` made fit for data.

    In a pipe or a file the encoding is UTF-8, whatever the locale says, since machine formats
    never change with it; on a terminal it stays what the terminal understands. Characters that
    can't be encoded are written as escapes: an answer is never lost half-way through.
    """
    if stream is None:
        return _Closed()
    if isinstance(stream, io.TextIOWrapper):
        encoding = stream.encoding if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="backslashreplace", newline="")
    return stream


def _take_descriptor(stream: TextIO | None) -> TextIO | None:
    """Return a stream to the same place on a descriptor of its own, since C prints to that one."""
    if not isinstance(stream, io.TextIOWrapper):
        return stream
    try:
        raw = io.FileIO(os.dup(stream.fileno()), "w")
    except (OSError, ValueError):  # it is in memory, as programs have it that run ampctl in them
        return stream
    return io.TextIOWrapper(
        # What is not to be buffered (python -u) has no buffer; typeshed only knows of buffers.
        cast(BinaryIO, raw if stream.write_through else io.BufferedWriter(raw)),
        encoding=stream.encoding,
        line_buffering=stream.line_buffering,
        write_through=stream.write_through,
    )


def open_terminal(*streams: TextIO | None) -> TextIO:
    """Return the terminal of this process, for questions, with nothing typed ahead.

    Args:
        streams: those of the process; a terminal among them is taken where the process has no
            terminal of its own, as after ``setsid``.

    Raises:
        OSError: there is no terminal, or it can't be opened.
    """
    # Imported here: hardly any command asks.
    import termios

    paths = ["/dev/tty", *(os.ttyname(one.fileno()) for one in streams if one and one.isatty())]
    for path in paths:
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY)
            break
    else:
        raise OSError("no terminal can be opened")
    # What was typed before a question was typed for something else.
    termios.tcflush(descriptor, termios.TCIFLUSH)
    # A terminal can't be positioned, so it has no buffer of Python's own.
    raw = io.FileIO(descriptor, "w+")
    return io.TextIOWrapper(cast(BinaryIO, raw), errors="backslashreplace")


def measure_process_s() -> float:
    """Return how long ago this process was started, in seconds; too little where none tells."""
    try:
        # What follows the name of the program, which may hold anything: field 22 is the start.
        fields = Path("/proc/self/stat").read_text(errors="replace").rpartition(")")[2].split()
        started_s = int(fields[19]) / os.sysconf("SC_CLK_TCK")
        return time.clock_gettime(time.CLOCK_BOOTTIME) - started_s
    except (OSError, AttributeError, LookupError, ValueError):
        return time.process_time()


def utc_now() -> datetime.datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.datetime.now(datetime.UTC)


class Keyboard(Protocol):
    """Keys as they are pressed; see :class:`ampctl.console.keyboard.TerminalKeyboard`."""

    def begin(self) -> None: ...

    def end(self) -> None: ...

    def wait(self, seconds: float) -> None: ...

    def take(self) -> str: ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class Runtime:
    """Streams, environment, clocks, sleep and randomness.

    Attributes:
        stdin, stdout, stderr: text streams; stdout carries data only.
        environ: the environment variables.
        now: the wall clock, as an aware datetime in UTC.
        monotonic: a clock in seconds that never goes back, for measuring.
        sleep: waits for the given seconds.
        random: a float in [0, 1), used for jitter.
        open_terminal: opens the terminal for a question, whatever the streams are connected to,
            or raises OSError; None if there is none.
        open_keyboard: opens the keyboard of a command that has the whole screen; None for that of
            standard input.
    """

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]
    now: Callable[[], datetime.datetime] = utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random
    open_terminal: Callable[[], TextIO] | None = None
    open_keyboard: Callable[[], Keyboard] | None = None

    @classmethod
    def of_process(cls) -> Runtime:
        """Return the runtime of this very process."""
        return cls(
            stdin=sys.stdin or open(os.devnull, encoding="utf-8"),
            stdout=standard_output(_take_descriptor(sys.stdout)),
            stderr=sys.stderr or open(os.devnull, "w", encoding="utf-8"),
            environ=os.environ,
            open_terminal=functools.partial(open_terminal, sys.stderr, sys.stdin, sys.stdout),
        )

    def state_folder(self) -> Path:
        """Return the folder for the user's state files (``$XDG_STATE_HOME/ampctl`` on Linux)."""
        # Imported here: no plain command needs it.
        import platformdirs

        return platformdirs.user_state_path("ampctl", appauthor=False)
