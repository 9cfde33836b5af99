"""Long output through a pager, for a person who chose one with ``AMPCTL_PAGER``."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TextIO, cast

from ampctl.console.console import Console
from ampctl.errors import UsageError
from ampctl.runtime import Runtime

VARIABLE = "AMPCTL_PAGER"
_ON = ("1", "true", "yes")
_OFF = ("", "0", "false", "no")
# What git sets for it too: no pages for what fits, colors as they are, and the screen is left.
_LESS = "FRX"
_USUAL_ROWS = 24


class _Held:
    """A stream that keeps what is written; in everything else it is another one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._parts: list[str] = []

    def write(self, text: str) -> int:
        self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        """Keep it all the same."""

    def read(self) -> str:
        return "".join(self._parts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def page(
    console: Console, runtime: Runtime, set_stdout: Callable[[TextIO], None]
) -> Iterator[None]:
    """Show what the block prints in the person's pager, if it is longer than the terminal.

    Args:
        console: has the standard output.
        runtime: has the environment, which names the pager.
        set_stdout: says where the block prints.

    Raises:
        UsageError: the variable has a quote that is not closed.
    """
    words, stdout = _find_pager(runtime.environ), console.stdout
    if not words or not console.can_redraw:
        yield
        return
    held = _Held(stdout)
    set_stdout(cast(TextIO, held))
    try:
        yield
    finally:
        set_stdout(stdout)
        text = held.read()
        is_long = text.count("\n") >= _count_rows(stdout, runtime.environ)
        if not (is_long and _show(text, words, runtime.environ, console)):
            stdout.write(text)


def _find_pager(environ: Mapping[str, str]) -> list[str]:
    """Return the words of the pager's command line; none if there is to be no pager."""
    value = environ.get(VARIABLE, "").strip()
    if value.lower() in _OFF:
        return []
    command = environ.get("PAGER", "") if value.lower() in _ON else value
    try:
        return shlex.split(command) or ["less"]
    except ValueError as error:
        raise UsageError(
            f"{command!r} is not a pager: {error}", hint=f"{VARIABLE}=less, or {VARIABLE}=0"
        ) from error


def _show(text: str, words: list[str], environ: Mapping[str, str], console: Console) -> bool:
    """Hand the text to the pager, wait for its end, and tell whether it could be started."""
    console.stdout.flush()
    # A Ctrl-C is meant for the pager, which would inherit that signals are ignored.
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        # The words are started as they are: no shell reads them.
        with subprocess.Popen(  # noqa: S603
            words,
            stdin=subprocess.PIPE,
            env={"LESS": _LESS, **environ},
            text=True,
            encoding=console.stdout.encoding or "utf-8",
            errors="backslashreplace",
        ) as child:
            # Who has seen enough leaves the pager before its end, which is not a failure here.
            child.communicate(text)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        console.warn(f"the pager {words[0]!r} can't be started: {reason}")
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    return True


def _count_rows(stdout: TextIO, environ: Mapping[str, str]) -> int:
    if environ.get("LINES", "").isdigit():
        return int(environ["LINES"])
    with contextlib.suppress(OSError, ValueError):
        return os.get_terminal_size(stdout.fileno()).lines or _USUAL_ROWS
    return _USUAL_ROWS
