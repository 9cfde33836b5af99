"""``ampctl help``: the overview, a group's verbs, one command in full, or a search in all help."""

from __future__ import annotations

import argparse
import functools
import operator
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from ampctl.bases.hosted import CommandParser
from ampctl.commands.searching import CommandHelp, Option, find_hits
from ampctl.console.text import printable
from ampctl.discovery.builtin import SHOWN_COMMANDS
from ampctl.discovery.commands import Group, Verb
from ampctl.discovery.declared import Facts, read_summary
from ampctl.discovery.entry_points import EntryPoint
from ampctl.errors import AmpError, UsageError
from ampctl.plugin import Command
from ampctl.settings.options import GLOBAL_OPTIONS
from ampctl.settings.parser import list_options

_EXAMPLES = (
    ("ampctl job list --status failed", "find failed jobs"),
    ("ampctl job inspect 12345", "see why one of them failed"),
    ("ampctl job stop 12345 --wait", "stop a job, and know that it stopped"),
)


class Help(Command):
    """Show what ampctl can do, a group's verbs, or the help of one command.

    With --search it lists the commands and options that have all the words in their help, the best
    ones first. A word is found where another one begins with it: in names, also those that other
    programs have for the same, in explanations and in examples. Nothing found is not an error.
    """

    examples: ClassVar[Sequence[str]] = (
        "ampctl help",
        "ampctl help job",
        "ampctl help job list",
        "ampctl help --search token",
        "ampctl help --search list status",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare the words to explain, or to search for."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "words", nargs="*", metavar="WORD", help="a group, or a group and a verb"
        )
        parser.add_argument(
            "--search", action="store_true", help="find the words in the help of all commands"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Print the page that the words ask for."""
        words = parsed_args.words
        if parsed_args.search:
            page = self._search(words)
        elif not words:
            page = self._describe_all()
        elif len(words) == 1 and (group := self.registry.find_group(words[0])):
            page = self._describe_group(group)
        else:
            page = self.app.read_parser(words, operator.methodcaller("format_help"))
        self.app.stdout.write(page)
        self.app.stdout.flush()

    def _describe_all(self) -> str:
        groups = self.registry.groups
        usage, _, options = self.app.parser.format_help().partition(GLOBAL_OPTIONS)
        lines = []
        if groups:
            rows = [(name, _summarize(group)) for name, group in groups.items()]
            lines += ["command groups:", *self._align(rows)]
        if "job" not in groups:
            lines.append("The job commands are not installed: pip install ampctl-job")
        own = [(entry.name, read_summary(entry)) for entry in SHOWN_COMMANDS]
        lines += ["", "core commands:", *self._align(own), ""]
        if "job" in groups:
            lines += ["examples:", *self._align(_EXAMPLES), ""]
        lines += ["See `ampctl GROUP --help` for the verbs of a group, and"]
        lines += ["`ampctl help --search WORD` for what has to do with a word.", "", ""]
        return usage + "\n".join(lines) + GLOBAL_OPTIONS + options

    def _describe_group(self, group: Group) -> str:
        lines = [f"usage: ampctl {group.name} VERB [options]"]
        if summary := _summarize(group):
            lines += ["", f"{printable(summary)}."]
        if group.aliases:
            lines += ["", f"Also: {', '.join(group.aliases)}."]
        unusable = {one: f"({one.owner}: {why})" for one, why in group.list_unusable()}
        verbs = [
            (", ".join(verb.names), facts.summary)
            for verb, facts in _list_shown(group)
            if verb.entry_point not in unusable
        ]
        lines += ["", "verbs:", *self._align(verbs)]
        if unusable:
            lines += [
                "",
                "can't be used:",
                *self._align(sorted((one.name, why) for one, why in unusable.items())),
            ]
        lines += ["", f"See `ampctl {group.name} VERB --help` for one of them."]
        return "\n".join(lines) + "\n"

    def _search(self, words: Sequence[str]) -> str:
        wanted = [word.lstrip("-") for word in " ".join(words).split()]
        if not any(wanted):
            raise UsageError("there is no word to search for", hint="ampctl help --search WORD")
        hits = find_hits(self._read_helps(), wanted)
        if not hits:
            self.console.say(f"nothing was found for {' '.join(words)!r}")
        # In a pipe each of them is one line, for grep and the like.
        width = self.app.session.help_width if self.console.shows_output else None
        return "".join(f"{line}\n" for line in _align(hits, width))

    def _align(self, rows: Iterable[tuple[str, str]]) -> list[str]:
        return _align(rows, self.app.session.help_width)

    def _read_helps(self) -> Iterator[CommandHelp]:
        """Yield the help of all commands; each distribution that can't be used is told of once."""
        options = [Option(*option) for option in list_options(self.app.parser)]
        yield CommandHelp("", options=options)
        told: set[str] = set()
        for name, entry, other_names in self._list_commands():
            known = CommandHelp(name, other_names, read_summary(entry))
            try:
                yield self.app.read_parser(name.split(), functools.partial(_read_help, known))
            except AmpError as error:
                if entry.owner not in told:
                    told.add(entry.owner)
                    self.console.warn(error.message)
                yield known

    def _list_commands(self) -> Iterator[tuple[str, EntryPoint, Sequence[str]]]:
        """Yield the words, the entry point and the other names of each command."""
        for entry in SHOWN_COMMANDS:
            yield entry.name, entry, ()
        for group in self.registry.groups.values():
            for verb, _ in _list_shown(group):
                words = [word for word, name in group.synonyms.items() if name in verb.names]
                yield f"{group.name} {verb.name}", verb.entry_point, [*verb.aliases, *words]


def _read_help(known: CommandHelp, parser: argparse.ArgumentParser) -> CommandHelp:
    # A help that can't be shown is a fault of the plugin, whatever can be found in it.
    parser.format_help()
    return known._replace(
        description=parser.description or "",
        examples=parser.examples if isinstance(parser, CommandParser) else (),
        options=[Option(*option) for option in list_options(parser)],
    )


def _list_shown(group: Group) -> Iterator[tuple[Verb, Facts]]:
    """Yield the verbs that are not deprecated, each with what it says of itself."""
    for verb in group.verbs:
        facts = verb.read_facts()
        if not facts.is_deprecated:
            yield verb, facts


def _summarize(group: Group) -> str:
    return f"(declared by {group.owners})" if group.is_disputed else group.summary


def _align(rows: Iterable[tuple[str, str]], width: int | None) -> list[str]:
    """Return lines with names and, beside or below them, texts; not wider than ``width``."""
    rows = [(printable(name), printable(text)) for name, text in rows]
    indent = max((len(name) for name, _ in rows), default=0) + 4
    if width is None:
        return [f"  {name:<{indent - 2}}{text}".rstrip() for name, text in rows]
    indent = min(indent, width // 2)
    lines = []
    for name, text in rows:
        first = f"  {name:<{indent - 2}}"
        parts = textwrap.wrap(text, width - indent, break_on_hyphens=False) or [""]
        if len(name) > indent - 4:
            lines.append(first.rstrip())
        else:
            parts[0] = first + parts[0]
        lines += [part if part.startswith(first) else " " * indent + part for part in parts]
    return [line.rstrip() for line in lines]
