"""Everything that a command takes from its process, in one value that tests can replace."""

from __future__ import annotations

import dataclasses
import datetime
import io
import os
import random
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TextIO


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


def _utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


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
    """

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    environ: Mapping[str, str]
    now: Callable[[], datetime.datetime] = _utc_now
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random

    @classmethod
    def of_process(cls) -> Runtime:
        """Return the runtime of this very process."""
        return cls(
            stdin=sys.stdin or open(os.devnull, encoding="utf-8"),
            stdout=standard_output(sys.stdout),
            stderr=sys.stderr or open(os.devnull, "w", encoding="utf-8"),
            environ=os.environ,
        )

    def state_folder(self) -> Path:
        """Return the folder for the user's state files (``$XDG_STATE_HOME/ampctl`` on Linux)."""
        # Imported here: no plain command needs it.
        import platformdirs

        return platformdirs.user_state_path("ampctl", appauthor=False)
