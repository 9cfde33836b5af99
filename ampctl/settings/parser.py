"""The argument parser of ampctl: nothing abbreviated, errors raised, help on our own stream."""

from __future__ import annotations

import argparse
import functools
import re
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn, TextIO

from ampctl.console.streams import DEFAULT_WIDTH
from ampctl.errors import UsageError
from ampctl.settings.similar import ask_similar, find_similar, suggest_similar

_OPTION = re.compile(r"--\w|-[A-Za-z]")


class _HelpLayout(argparse.RawDescriptionHelpFormatter):
    def _fill_text(self, text: str, width: int, indent: str) -> str:
        blocks = (_fill(block, width - len(indent)) for block in text.split("\n\n"))
        return super()._fill_text("\n\n".join(blocks), width, indent)

    def _split_lines(self, text: str, width: int) -> list[str]:
        # As in cliff, an explanation may have lines of its own.
        lines = [super(_HelpLayout, self)._split_lines(line, width) for line in text.split("\n")]
        return [part for parts in lines for part in parts]


def _fill(block: str, width: int) -> str:
    """Return a block of text with lines that fit; what is indented, such as examples, stays."""
    lines = block.split("\n")
    if max(map(len, lines)) <= width or any(line.startswith(" ") for line in lines):
        return block
    return textwrap.fill(" ".join(lines), width, break_long_words=False, break_on_hyphens=False)


LAYOUT = functools.partial(_HelpLayout, max_help_position=28)
"""How the help of our own commands looks."""


class HelpShown(SystemExit):
    """The parser has printed what it was asked for, and there is nothing else to do."""


class Parser(argparse.ArgumentParser):
    """An argparse parser that leaves printing and exiting to the application.

    Args:
        stdout: where help goes; None if the parser has no help.
        width: columns that help may take.
        layout: makes the formatter of the help; it is given ``prog`` and ``width``.
        synonyms: options that people may type and that there are not, each with the one there is.
        **options: what :class:`argparse.ArgumentParser` takes.
    """

    def __init__(
        self,
        *,
        stdout: TextIO | None = None,
        width: int = DEFAULT_WIDTH,
        layout: Callable[..., argparse.HelpFormatter] = LAYOUT,
        synonyms: Mapping[str, str] | None = None,
        **options: Any,
    ) -> None:
        self._stdout = stdout
        self._synonyms = synonyms
        # Two options of one name are a mistake of a plugin, which must not stay hidden; and a
        # prefix that happens to be unique today must not change its meaning tomorrow.
        options = {"conflict_handler": "error", "allow_abbrev": False, **options}
        super().__init__(
            formatter_class=functools.partial(layout, width=width),
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
        from ampctl.settings.foreign import find_known

        known = self._option_string_actions
        synonyms = {**find_known(known, left), **(self._synonyms or {})}
        similar = [one for name in names for one in find_similar(name, known, synonyms)]
        question = ask_similar(dict.fromkeys(similar), " and ")
        return f"unrecognized arguments: {' '.join(names or left)}{question}"

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a value that is none of the choices, and name the nearest of them."""
        if action.choices is not None and value not in action.choices:
            known = list(map(str, action.choices))
            nearest = suggest_similar(str(value), known)
            raise argparse.ArgumentError(
                action, f"{value!r} is none of {', '.join(known)}{nearest}"
            )

    def error(self, message: str) -> NoReturn:
        """Raise a usage error instead of ending the process."""
        # Imported here, as above.
        from ampctl.settings.foreign import find_meant

        message = message.replace("ignored explicit argument", "it takes no value, such as")
        message += ask_similar(find_meant(message, self._option_string_actions))
        raise UsageError(message, hint=f"{self.prog} --help")

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        """Raise instead of ending the process: argparse has printed the help."""
        raise HelpShown(status)

    def print_help(self, file: Any = None) -> None:
        """Print help to the application's stream."""
        stream = file or self._stdout or sys.stdout
        stream.write(self.format_help())
        stream.flush()


def _name_option(text: str) -> str:
    """Return the name of an option without a value that is attached to it."""
    return text.partition("=")[0] if text.startswith("--") else text[:2]


def list_options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """Yield each option that the help of a parser shows, such as ``-l, --limit N``, and its text.

    The option for help itself is left out.
    """
    formatter = parser._get_formatter()
    for action in parser._actions:
        names = action.option_strings
        if not names or "--help" in names or action.help in (None, argparse.SUPPRESS):
            continue
        value = (
            "" if action.nargs == 0 else f" {formatter._format_args(action, action.dest.upper())}"
        )
        yield ", ".join(names) + value, " ".join(formatter._expand_help(action).split())
