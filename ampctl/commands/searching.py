"""Finds commands and options by words, in all that their help says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

# How much a word counts where it is found. What counts nothing still makes an option findable by
# the name of its command and a word of its own.
_NAME, _SYNONYM, _OPTION, _SUMMARY, _HELP, _DESCRIPTION, _EXAMPLE, _CONTEXT = 8, 6, 5, 4, 3, 2, 1, 0
_MOST_NAMED = 2


class Option(NamedTuple):
    """An option as the help shows it: ``-l, --limit N`` and its explanation."""

    usage: str
    help: str


class CommandHelp(NamedTuple):
    """What the help says about one command.

    Attributes:
        name: its words.
        other_names: aliases, and synonyms, which people type and which run nothing.
        summary: its first line.
        description: the rest of what it says in sentences.
        examples: command lines.
        options: its own options.
    """

    name: str
    other_names: Sequence[str] = ()
    summary: str = ""
    description: str = ""
    examples: Sequence[str] = ()
    options: Sequence[Option] = ()


class Hit(NamedTuple):
    """Something that was found.

    Attributes:
        title: what to type: ``job list``, ``job list -l, --limit N``.
        text: what it is.
    """

    title: str
    text: str


class _Entry(NamedTuple):
    hit: Hit
    fields: Sequence[tuple[int, str]]


def find_hits(commands: Iterable[CommandHelp], words: Sequence[str]) -> list[Hit]:
    """Return the commands and options that all ``words`` are found in, the best first.

    A word is found where another one begins with it, in any case; options that commands share are
    one hit.
    """
    known = list(commands)
    entries = [*map(_enter_command, known), *_enter_options(known)]
    patterns = [_compile(word) for word in words]
    scored = [(_score(entry.fields, patterns), entry.hit) for entry in entries]
    found = [(-score, hit) for score, hit in scored if score]
    return [hit for _, hit in sorted(found)]


def _enter_command(command: CommandHelp) -> _Entry:
    fields = [
        (_NAME, command.name),
        (_SYNONYM, " ".join(command.other_names)),
        (_SUMMARY, command.summary),
        (_DESCRIPTION, command.description),
        (_EXAMPLE, " ".join(command.examples)),
    ]
    return _Entry(Hit(command.name, command.summary), fields)


def _enter_options(commands: Iterable[CommandHelp]) -> Iterable[_Entry]:
    owners: dict[Option, list[str]] = {}
    for command in commands:
        for option in command.options:
            owners.setdefault(option, []).append(command.name)
    for option, names in owners.items():
        fields = [(_OPTION, option.usage), (_HELP, option.help), (_CONTEXT, " ".join(names))]
        yield _Entry(_describe(option, names), fields)


def _describe(option: Option, names: Sequence[str]) -> Hit:
    if len(names) == 1:
        return Hit(f"{names[0]} {option.usage}".lstrip(), option.help)
    more = len(names) - _MOST_NAMED
    last = f" and {more} more" if more > 0 else ""
    return Hit(option.usage, f"{option.help} ({', '.join(names[:_MOST_NAMED])}{last})")


def _compile(word: str) -> re.Pattern[str]:
    # Within a word it would be found by chance: rm in terminal and in format.
    return re.compile(rf"(?<![^\W_]){re.escape(word)}(\b)?", re.IGNORECASE)


def _score(fields: Sequence[tuple[int, str]], patterns: Sequence[re.Pattern[str]]) -> int:
    """Return how well an entry fits; 0 if a word is missing, or if all are found by the way."""
    total = 0
    for pattern in patterns:
        scores = [
            2 * weight + bool(weight and found[1] is not None)
            for weight, text in fields
            for found in pattern.finditer(text)
        ]
        if not scores:
            return 0
        total += max(scores)
    return total
