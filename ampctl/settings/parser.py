"""The argument parser of ampctl: nothing abbreviated, errors raised, help on our own stream."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn, TextIO

from ampctl.errors import UsageError


class HelpShown(SystemExit):
    """The parser has printed what it was asked for, and there is nothing else to do."""


class Parser(argparse.ArgumentParser):
    """An argparse parser that leaves printing and exiting to the application.

    Args:
        stdout: where help goes; None if the parser has no help.
        width: columns that help may take.
        **options: what :class:`argparse.ArgumentParser` takes.
    """

    def __init__(
        self, *, stdout: TextIO | None = None, width: int | None = None, **options: Any
    ) -> None:
        self._stdout = stdout

        def formatter(prog: str) -> argparse.HelpFormatter:
            return argparse.RawDescriptionHelpFormatter(prog, max_help_position=28, width=width)

        super().__init__(
            # A prefix that happens to be unique today must not change its meaning tomorrow.
            allow_abbrev=False,
            # Two options of one name are a mistake of a plugin, which must not stay hidden.
            conflict_handler="error",
            formatter_class=formatter,
            **options,
        )

    def error(self, message: str) -> NoReturn:
        """Raise a usage error instead of ending the process."""
        raise UsageError(message, hint=f"{self.prog} --help")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Raise instead of ending the process: argparse has printed the help."""
        raise HelpShown(status)

    def print_help(self, file: Any = None) -> None:
        """Print help to the application's stream."""
        stream = file or self._stdout
        assert stream is not None
        stream.write(self.format_help())
        stream.flush()
