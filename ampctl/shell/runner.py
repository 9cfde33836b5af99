"""Runs one line in a session: the command, and the program or the file its output goes to."""

from __future__ import annotations

import contextlib
import itertools
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, TextIO

from ampctl.console.console import Console
from ampctl.errors import ExitCode, OutputError, Terminated
from ampctl.shell.line import Line

Run = Callable[..., int]
"""Runs the words of one command, with ``stdout=`` for its data, and returns its exit code."""


def drop_program(words: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the name of the program, as it is typed in a shell or copied from a page."""
    return words[1:] if words[:1] == ("ampctl",) else words


def find_command(line: Line) -> tuple[str, ...]:
    """Return the words of a line as ampctl is given them."""
    return drop_program(line.words) or ("help",)


def name_command(words: Sequence[str]) -> str:
    """Return what names a command in a message: what follows an option may be a secret."""
    return " ".join(itertools.takewhile(lambda word: not word.startswith("-"), words[:2]))


def run_line(line: Line, run: Run, console: Console) -> int:
    """Run a line and return its exit code.

    A command that fails decides the exit code. One that does well, or whose reader has enough of
    it, leaves that to the program behind ``|``.

    Args:
        line: what to run.
        run: runs the command; it reports failures itself.
        console: what is said there waits until the program behind ``|`` has ended, which may
            have painted the terminal.

    Raises:
        OutputError: the file can't be written.
    """
    if line.pipe is not None:
        with console.hold_messages():
            return _run_with_program(line.words, line.pipe, run)
    if line.path is not None:
        with _open(line.path, "a" if line.appends else "w") as file:
            return run(line.words, stdout=file)
    return run(line.words)


@contextlib.contextmanager
def _open(path: str, mode: Literal["w", "a"]) -> Iterator[TextIO]:
    try:
        file = Path(path).expanduser().open(mode, encoding="utf-8", newline="")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"can't write {path}: {reason}") from error
    try:
        yield file
    finally:
        # What can't be written was noticed, and reported, when it was flushed.
        with contextlib.suppress(OSError):
            file.close()


def _run_with_program(words: Sequence[str], program: str, run: Run) -> int:
    with subprocess.Popen(  # noqa: S603 - what the person typed after |
        ["/bin/sh", "-c", program],
        stdin=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="backslashreplace",
    ) as child:
        assert child.stdin is not None
        code = run(words, stdout=child.stdin)
        with contextlib.suppress(BrokenPipeError):
            child.stdin.close()
        child_code = _wait(child)
    return code if code not in (ExitCode.OK, ExitCode.CLOSED_PIPE) else child_code


def _wait(child: subprocess.Popen[str]) -> int:
    """Wait for the program's end; a Ctrl-C meanwhile is the program's alone."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        code = child.wait()
    except Terminated:
        child.terminate()
        raise
    finally:
        signal.signal(signal.SIGINT, before)
    # What a signal ended has its number, negative; a shell adds it to 128.
    return code if code >= 0 else 128 - code
