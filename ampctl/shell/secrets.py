"""Which lines give a secret, and so are kept nowhere."""

from __future__ import annotations

import argparse
import contextlib
import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ampctl.client.secret import Secret
from ampctl.errors import UsageError
from ampctl.settings.options import SETTINGS
from ampctl.shell.complete.arguments import Arguments
from ampctl.shell.line import parse_line

if TYPE_CHECKING:
    from ampctl.app import AmpApp

_OPTIONS = tuple(setting.flag for setting in SETTINGS if setting.parse is Secret)


def gives_secret(app: AmpApp, command: str) -> bool:
    """Tell whether a command, as it was typed, gives an argument whose type is a secret.

    The module of the command is imported for it, which is going to be run.
    """
    try:
        words: Sequence[str] = parse_line(command).words
    except UsageError:
        # Nothing is known of such a line but what it looks like.
        if any(option in command for option in _OPTIONS):
            return True
        words = command.split()
    is_core = any(word.partition("=")[0] in _OPTIONS for word in words)
    return is_core or any(map(_is_secret, _list_given(app, words)))


def _list_given(app: AmpApp, words: Sequence[str]) -> Iterator[argparse.Action]:
    """Yield the arguments that are given, of the command and of one that it runs."""
    for at, word in enumerate(words[:-2]):
        if app.registry.find_group(word):
            # What can't be read now can't be run either.
            with contextlib.suppress(Exception):
                read = functools.partial(_read_given, [*words[at + 2 :], ""])
                yield from app.read_parser(words[at : at + 2], read)


def _read_given(words: Sequence[str], parser: argparse.ArgumentParser) -> Sequence[argparse.Action]:
    return Arguments(parser, words).given


def _is_secret(action: argparse.Action) -> bool:
    return isinstance(action.type, type) and issubclass(action.type, Secret)
