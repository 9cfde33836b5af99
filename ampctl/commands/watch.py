"""``ampctl watch``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import ClassVar

from ampctl.errors import ExitCode, UsageError
from ampctl.plugin import Command, parse_duration
from ampctl.shell.runner import name_command
from ampctl.shell.watch import Watch

_INTERVAL_S = 2.0
_SHORTEST_S = 0.5


class WatchCommand(Command):
    """Run a command again and again, and show what it prints now.

    It is for commands that only read. On a terminal each picture replaces the one before; while
    the server is away the last one stays, and its age is told. Ctrl-C ends it. In a pipe or a file
    the outputs follow each other.
    """

    examples: ClassVar[Sequence[str]] = (
        "ampctl watch job list",
        "ampctl watch 5 job progress 123",
        "ampctl watch 1m job list -s failed -f csv >> failed.csv",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the command to run."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "words",
            nargs=argparse.REMAINDER,
            metavar="[SECONDS] COMMAND",
            help="the time between two runs, such as 5 or 1m (default: 2), and the command",
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> int:
        """Run the command until it is interrupted."""
        interval_s, words = _split(parsed_args.words)
        self._check(words)
        session = self.app.session
        with session.keep_options():
            watch = Watch(
                words, interval_s, self.app.run, self.console, self.runtime, session.place
            )
            session.is_repeating = True
            try:
                return watch.paint() if self._can_paint() else watch.print_blocks()
            except KeyboardInterrupt:
                return ExitCode.OK
            finally:
                session.is_repeating = False

    def _can_paint(self) -> bool:
        return self.console.shows_output and self.runtime.environ.get("TERM") != "dumb"

    def _check(self, words: Sequence[str]) -> None:
        if not getattr(self.registry.find_command(words).load(), "only_reads", False):
            raise UsageError(
                f"{name_command(words)!r} can't be watched: it waits by itself, or may change"
                " something",
                hint="ampctl help watch",
            )


def _split(words: Sequence[str]) -> tuple[float, Sequence[str]]:
    """Return the interval in seconds, and the command."""
    interval_s = _INTERVAL_S
    if words and words[0][:1].isdigit():
        try:
            interval_s = parse_duration(words[0])
        except argparse.ArgumentTypeError as error:
            raise UsageError(str(error)) from error
        words = words[1:]
    if interval_s < _SHORTEST_S:
        raise UsageError("the time between two runs can't be below half a second")
    if not words:
        raise UsageError("there is no command to watch", hint="ampctl watch job list")
    return interval_s, words
