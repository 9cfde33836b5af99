"""Commands that wait until something is so: for how long, and how often they look."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import ClassVar, TypeVar

from ampctl.bases.command import Command
from ampctl.client.times import format_duration
from ampctl.settings.values import parse_duration, parse_timeout

T = TypeVar("T")

_INTERVAL_S = 2.0


class Waiting(Command):
    """Base of commands that wait: ``--timeout`` and ``--interval``.

    It goes before the other base: ``class WaitForThing(Waiting, Lister)``.

    Attributes:
        timeout_s: for how long to wait unless ``--timeout`` says so; None for as long as it takes.
    """

    timeout_s: ClassVar[float | None] = None

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with ``--timeout`` and ``--interval``."""
        parser = super().get_parser(prog_name)
        default = format_duration(self.timeout_s) if self.timeout_s else "as long as it takes"
        parser.add_argument(
            "--timeout",
            type=parse_timeout,
            metavar="TIME",
            help=f"for how long to wait, such as 30m; 0 looks just once (default: {default})",
        )
        parser.add_argument(
            "--interval",
            type=parse_duration,
            metavar="TIME",
            help=f"how long to wait between two looks (default: {format_duration(_INTERVAL_S)})",
        )
        return parser

    def wait(
        self, parsed_args: argparse.Namespace, read: Callable[[], T], *, goal: str
    ) -> Iterator[T]:
        """Yield ``read()`` as often and for as long as the options say.

        Args:
            parsed_args: the arguments of the command.
            read: asks the server.
            goal: what is waited for; see :meth:`~ampctl.plugin.Command.poll`, also for errors.
        """
        timeout_s = self.timeout_s if parsed_args.timeout is None else parsed_args.timeout
        interval_s = parsed_args.interval or _INTERVAL_S
        return self.poll(read, interval_s=interval_s, goal=goal, timeout_s=timeout_s)

    def answer_anyway(self) -> AbstractContextManager[None]:
        """Let what ends the block end the command only after its answer is printed.

        That is a time that is up, any other failure, or Ctrl-C. The code after the block still
        runs, and calls of ``self.for_each`` do nothing after Ctrl-C.
        """
        return self._targets.postpone()
