"""The argument parser of ampctl: nothing abbreviated, errors raised, help on our own stream."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, NoReturn, TextIO

from ampctl.console.streams import DEFAULT_WIDTH
from ampctl.errors import UsageError

_OPTION = re.compile(r"--\w|-[A-Za-z]")


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
        self, *, stdout: TextIO | None = None, width: int = DEFAULT_WIDTH, **options: Any
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

    def parse_args(  # type: ignore[override]  # argparse has one for each kind of namespace
        self, args: Sequence[str], namespace: argparse.Namespace | None = None
    ) -> argparse.Namespace:
        """Return the arguments.

        An option that does not exist is named without its value, which may be a secret.
        """
        try:
            parsed, left = self.parse_known_args(args, namespace)
        except UsageError:
            # The value of an option that does not exist may have been taken for another argument.
            left = [text for text in args if self._is_unknown_option(text)]
            if not left or self._takes_any_words():
                raise
        # Two hyphens that end the options may stand at the end.
        left = [text for text in left if text != "--"]
        if left:
            self.error(self._describe_unknown(left))
        return parsed

    def _takes_any_words(self) -> bool:
        return any(action.nargs == argparse.REMAINDER for action in self._actions)

    def _is_unknown_option(self, text: str) -> bool:
        return bool(_OPTION.match(text)) and _name_option(text) not in self._option_string_actions

    def _describe_unknown(self, left: Sequence[str]) -> str:
        names = [_name_option(text) for text in left if _OPTION.match(text)]
        # Imported here: it is only needed when something was mistyped.
        import difflib

        similar = [
            match
            for name in names
            for match in difflib.get_close_matches(name, self._option_string_actions, n=1)
        ]
        question = f"; did you mean {' '.join(similar)}?" if similar else ""
        return f"unrecognized arguments: {' '.join(names or left)}{question}"

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


def _name_option(text: str) -> str:
    """Return the name of an option without a value that is attached to it."""
    return text.partition("=")[0] if text.startswith("--") else text[:2]
