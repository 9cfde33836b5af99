"""``ampctl run``."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar, TextIO

from ampctl.errors import ExitCode, UsageError
from ampctl.plugin import Command, parse_path
from ampctl.shell.script import run_script

_STDIN = "-"


class RunScripts(Command):
    """Run commands from files, or from standard input, in one session.

    A line is a command as it is typed after ampctl: quotes as in a shell, # for a comment, a
    backslash at the end to go on in the next line, > and >> for a file, | for a program. The first
    failure ends the script with its exit code, unless --keep-going was given. Options given here
    hold for all lines.
    """

    examples: ClassVar[Sequence[str]] = (
        "ampctl run night.amp",
        "ampctl run --keep-going stop.amp clean.amp",
        "ampctl run - < night.amp",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the files."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "files",
            nargs="*",
            type=parse_path,
            metavar="FILE",
            help="a script, or - for standard input (default)",
        )
        parser.add_argument(
            "--keep-going", action="store_true", help="go on after a command that failed"
        )
        # For ampctl without any words, which nothing on standard input leaves without a command.
        parser.add_argument("--or-help", action="store_true", help=argparse.SUPPRESS)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> int:
        """Run each script."""
        first_failure = int(ExitCode.OK)
        for path in parsed_args.files or [_STDIN]:
            code = self._run(path, keeps_going=parsed_args.keep_going, or_help=parsed_args.or_help)
            first_failure = first_failure or code
            if code and not parsed_args.keep_going:
                break
        return first_failure

    def _run(self, path: str, *, keeps_going: bool, or_help: bool) -> int:
        stdin = self.runtime.stdin
        if path == _STDIN and stdin.isatty():
            raise UsageError("there is no script: standard input is a terminal", hint="name a file")
        name = "standard input" if path == _STDIN else path
        with self.app.session.keep_options(), _open(path, stdin) as source:
            result = run_script(name, source, self.app.run, self.console, keeps_going=keeps_going)
        return result.code if result.tried or not or_help else self.app.run(["help"])


@contextlib.contextmanager
def _open(path: str, stdin: TextIO) -> Iterator[Iterable[bytes]]:
    if path == _STDIN:
        # Bytes, so that a line that is not UTF-8 can be named; a stream in memory has only text.
        yield getattr(stdin, "buffer", None) or (line.encode() for line in stdin)
        return
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(open(path, "rb"))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UsageError(f"can't read the script {path}: {reason}") from error
        yield file
