"""What may be typed at a place among arguments: the one reader of argparse's private parts."""

from __future__ import annotations

import argparse
import collections
import math
from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple

from ampctl.settings.completing import Candidate
from ampctl.settings.values import parse_path

# How many values an argument takes at most.
_MOST = {None: 1, "?": 1, "*": math.inf, "+": math.inf, argparse.REMAINDER: math.inf}
_REPEATABLE = (argparse._AppendAction, argparse._CountAction)


class Place(NamedTuple):
    """Where the last of some words stands.

    Attributes:
        action: the argument whose value is being typed; None for an option's name, or for a word
            too many.
        prefix: what was typed of it.
        begun: what stands before it in the same word, such as ``--status=``.
        given: the values that the argument has already.
        is_option: whether an option's name is being typed.
    """

    action: argparse.Action | None
    prefix: str
    begun: str = ""
    given: Sequence[str] = ()
    is_option: bool = False


class Arguments:
    """Words for a parser, of which the last one is being typed.

    Args:
        parser: what reads them.
        words: the words after the command's, the last of them possibly empty.
    """

    def __init__(self, parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
        self._parser = parser
        self._by_name = parser._option_string_actions
        self._given: dict[argparse.Action, list[str]] = collections.defaultdict(list)
        self._positional = [action for action in parser._actions if not action.option_strings]
        self._waiting: argparse.Action | None = None
        self._has_ended_options = False
        for word in words[:-1]:
            self._take(word)
        self.place = self._locate(words[-1])

    @property
    def given(self) -> Sequence[argparse.Action]:
        """The arguments that were given before the last word."""
        return list(self._given)

    def values_of(self, dest: str) -> Sequence[str]:
        """Return the values that were given to an argument before the last word."""
        return [
            text for action in self._given if action.dest == dest for text in self._given[action]
        ]

    def list_options(self) -> Iterator[Candidate]:
        """Yield the options that may follow and that the help explains, each by one name."""
        excluded = self._find_excluded()
        for action in self._parser._actions:
            is_shown = action.option_strings and action.help != argparse.SUPPRESS
            if is_shown and (action not in excluded or isinstance(action, _REPEATABLE)):
                yield Candidate(self._choose_name(action), self._describe(action))

    def _describe(self, action: argparse.Action) -> str:
        return self._parser._get_formatter()._expand_help(action) if action.help else ""

    def _choose_name(self, action: argparse.Action) -> str:
        names = action.option_strings
        if self.place.prefix in names:
            return self.place.prefix
        return next((name for name in names if name.startswith("--")), names[0])

    def _find_excluded(self) -> set[argparse.Action]:
        """Return the arguments that were given, and those that exclude each other with them."""
        given = set(self._given)
        for group in self._parser._mutually_exclusive_groups:
            if given.intersection(group._group_actions):
                given.update(group._group_actions)
        return given

    def _take(self, word: str) -> None:
        if self._is_option(word) and word != "--":
            self._take_option(word)
        elif word == "--" and not self._has_ended_options:
            self._has_ended_options, self._waiting = True, None
        elif action := self._find_next():
            self._give(action, word)
            # All that follows is for it, whatever it looks like.
            self._has_ended_options |= action.nargs == argparse.REMAINDER

    def _take_option(self, word: str) -> None:
        name, sign, value = word.partition("=")
        if not word.startswith("--") and name not in self._by_name:
            self._take_cluster(word)
        elif action := self._by_name.get(name):
            self._give(action)
            if sign:
                self._give(action, value)

    def _take_cluster(self, word: str) -> None:
        """Take short options in one word: ``-vs`` before a value, or ``-vsactive`` with it."""
        for at, letter in enumerate(word[1:], 2):
            action = self._by_name.get(f"-{letter}")
            if action is None:
                return
            self._give(action)
            if _count_most(action) and word[at:]:
                self._give(action, word[at:])
                return

    def _give(self, action: argparse.Action, *values: str) -> None:
        given = self._given[action]
        given.extend(values)
        is_full = len(values) >= _count_most(action)
        if action.option_strings:
            self._waiting = None if is_full else action

    def _find_next(self) -> argparse.Action | None:
        """Return the argument that the next word is a value of."""
        if self._waiting:
            return self._waiting
        for action in self._positional:
            if len(self._given[action]) < _count_most(action):
                return action
        return None

    def _locate(self, word: str) -> Place:
        if not self._is_option(word):
            action = self._find_next()
            return Place(action, word, given=self._given[action] if action else ())
        name, sign, value = word.partition("=")
        if not sign and not word.startswith("--"):
            name, value = word[:2], word[2:]
        action = self._by_name.get(name)
        if action and (sign or value) and _count_most(action):
            return Place(action, value, word.removesuffix(value), self._given[action])
        return Place(None, word, is_option=True)

    def _is_option(self, word: str) -> bool:
        # -5 is a number.
        return word[:1] == "-" and not word[1:2].isdigit() and not self._has_ended_options


def _count_most(action: argparse.Action) -> float:
    return action.nargs if isinstance(action.nargs, int) else _MOST.get(action.nargs, 1)


def takes_file(action: argparse.Action) -> bool:
    """Tell whether the type of an argument says that it is a file."""
    kind: Any = action.type
    while hasattr(kind, "__wrapped__"):
        kind = kind.__wrapped__
    is_path = isinstance(kind, type) and issubclass(kind, PurePath)
    return is_path or kind is parse_path or isinstance(kind, argparse.FileType)
