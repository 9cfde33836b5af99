"""Commands with many targets: how many at a time, and whether to go on after a failure."""

from __future__ import annotations

import argparse

from ampctl.bases.command import Command
from ampctl.bases.targets import AT_ONCE

_MOST_AT_ONCE = 16


class Bulk(Command):
    """Base of commands with many targets: ``--parallel`` and ``--fail-fast``.

    It goes before the other base: ``class StopJob(Bulk, Lister)``. The calls of
    :meth:`~ampctl.plugin.Command.for_each` heed both, if they are ``concurrent``.
    """

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with ``--parallel`` and ``--fail-fast``."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "--parallel",
            type=parse_parallel,
            default=AT_ONCE,
            metavar="N",
            help=f"how many requests at a time, 1 to {_MOST_AT_ONCE} (default: {AT_ONCE})",
        )
        parser.add_argument(
            "--fail-fast",
            action="store_true",
            help="begin nothing more after a failure; what has begun is finished",
        )
        return parser

    def run(self, parsed_args: argparse.Namespace) -> int:
        """Do the command's work as the options say, and return its exit code."""
        self._targets.at_once = parsed_args.parallel
        self._targets.fails_fast = parsed_args.fail_fast
        return super().run(parsed_args)


def parse_parallel(text: str) -> int:
    """Read how many calls may be in flight."""
    # int() would also take other scripts' digits, signs, spaces and underscores.
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= _MOST_AT_ONCE):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of requests from 1 to {_MOST_AT_ONCE}"
        )
    return int(text)
