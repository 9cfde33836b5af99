"""Scripts: commands from standard input or a file, in one session."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ampctl.console.console import Console
from ampctl.errors import AmpError, ExitCode, UsageError
from ampctl.shell.line import join_lines, parse_line
from ampctl.shell.runner import Run, find_command, is_leaving, name_command, run_line


class Result(NamedTuple):
    """What a script came to.

    Attributes:
        code: the exit code of the first failure; 0 if there was none.
        tried: how many commands were run.
    """

    code: int
    tried: int


def run_script(
    name: str, source: Iterable[bytes], run: Run, console: Console, *, keeps_going: bool = False
) -> Result:
    """Run the commands of a script one after the other, up to the first failure.

    Args:
        name: of the script, for messages.
        source: its lines.
        run: runs one command; it reports failures itself.
        console: where a failure's line is named.
        keeps_going: whether the commands after a failure are run too.

    Raises:
        UsageError: a line is not UTF-8; those before it were run.
    """
    first_failure, tried = int(ExitCode.OK), 0
    for number, text in join_lines(_decode(name, source)):
        tried += 1
        if _is_exit(text):
            break
        words, code = _run_text(text, run, console)
        if code == ExitCode.OK:
            continue
        first_failure = first_failure or code
        console.warn(f"{name}, line {number}: {words}failed with exit code {code}")
        if not keeps_going or _is_end(code):
            break
    return Result(first_failure, tried)


def _run_text(text: str, run: Run, console: Console) -> tuple[str, int]:
    """Run a command, and return what names it in a message and its exit code."""
    shown = ""
    try:
        line = parse_line(text)
        line = line._replace(words=find_command(line))
        shown = f"{name_command(line.words)} ".lstrip()
        code, program = run_line(line, run, console)
        return f"{program}, behind {shown.rstrip()}, " if program else shown, code
    except AmpError as error:
        console.report(error)
        return shown, error.exit_code


def _is_exit(text: str) -> bool:
    with contextlib.suppress(AmpError):
        return is_leaving(parse_line(text).words)
    return False


def _is_end(code: int) -> bool:
    """Tell whether the code means that all is to end, and not this command alone."""
    return code in (ExitCode.INTERRUPTED, ExitCode.TERMINATED, ExitCode.HANGUP)


def _decode(name: str, source: Iterable[bytes]) -> Iterator[str]:
    for number, line in enumerate(source, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise UsageError(f"{name}, line {number}: it is not UTF-8") from None
