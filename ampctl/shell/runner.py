"""Runs one line in a session: the command, and the program or the file its output goes to."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import signal
import subprocess
import termios
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Literal, NamedTuple, TextIO

from ampctl.console.console import Console
from ampctl.errors import ExitCode, OutputError, Terminated
from ampctl.shell.line import Line

_PROGRAM = re.compile(r"[\w./+-]+")
_LEAVE = ("exit", "quit")
_SEVERAL = re.compile(r"[|;&]")

# How long a pager may take to stop: where no shell waits for it, it never does.
_POLL_S, _MOST_POLLS = 0.02, 50

Run = Callable[..., int]
"""Runs the words of one command, with ``stdout=`` for its data, and returns its exit code."""


def drop_program(words: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the name of the program, as it is typed in a shell or copied from a page."""
    return words[1:] if words[:1] == ("ampctl",) else words


def is_leaving(words: Sequence[str]) -> bool:
    """Tell whether the words end the session, and are no command."""
    return len(words) == 1 and words[0] in _LEAVE


def find_command(line: Line) -> tuple[str, ...]:
    """Return the words of a line as ampctl is given them."""
    return drop_program(line.words) or ("help",)


def name_command(words: Sequence[str]) -> str:
    """Return what names a command in a message: what follows an option may be a secret."""
    return " ".join(itertools.takewhile(lambda word: not word.startswith("-"), words[:2]))


class Outcome(NamedTuple):
    """What a line came to.

    Attributes:
        code: its exit code.
        program: what names the program that gave the code; None if it is the command's own.
    """

    code: int
    program: str | None = None


def run_line(line: Line, run: Run, console: Console) -> Outcome:
    """Run a line.

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
            return Outcome(run(line.words, stdout=file))
    return Outcome(run(line.words))


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


def _run_with_program(words: Sequence[str], program: str, run: Run) -> Outcome:
    with subprocess.Popen(  # noqa: S603 - what the person typed after |
        ["/bin/sh", "-c", program],
        stdin=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="backslashreplace",
    ) as child:
        assert child.stdin is not None
        with _stopping_after_programs():
            code = run(words, stdout=child.stdin)
            with contextlib.suppress(BrokenPipeError):
                child.stdin.close()
            child_code = _wait(child)
    if code in (ExitCode.OK, ExitCode.CLOSED_PIPE):
        return Outcome(child_code, _name_program(program))
    return Outcome(code)


def _name_program(text: str) -> str:
    """Return the first word of what is behind ``|``: the others may hold a secret."""
    match = _PROGRAM.match(text.strip())
    name = match[0] if match else "the program"
    return f"{name} …" if _SEVERAL.search(text) else name


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


@contextlib.contextmanager
def _stopping_after_programs() -> Iterator[None]:
    """Let a Ctrl-Z stop this process when a pager has given the terminal back, and not before.

    What started this process paints a prompt as soon as it has stopped, and the pager would
    take that away.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        for _ in range(_MOST_POLLS):
            if not _is_taken():
                break
            time.sleep(_POLL_S)  # noqa: TID251 - a signal handler, for which no clock stands still
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        # It goes on here.
        signal.signal(signal.SIGTSTP, stop)

    before = signal.signal(signal.SIGTSTP, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTSTP, before)


def _is_taken() -> bool:
    """Tell whether a program reads the keys of the terminal one by one."""
    try:
        with open(os.ctermid(), "rb", buffering=0) as terminal:
            return not termios.tcgetattr(terminal)[3] & termios.ICANON
    except (OSError, termios.error):
        return False
