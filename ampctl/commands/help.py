"""``ampctl help``: the overview, a group's verbs, or one command in full."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import ClassVar

from ampctl.console.text import printable
from ampctl.discovery.builtin import BUILTIN, CORE, HIDDEN
from ampctl.discovery.commands import Group
from ampctl.discovery.declared import read_summary
from ampctl.plugin import Command


class Help(Command):
    """Show what ampctl can do, a group's verbs, or the help of one command."""

    examples: ClassVar[Sequence[str]] = ("ampctl help", "ampctl help job", "ampctl help job list")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare the words to explain."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "words", nargs="*", metavar="WORD", help="a group, or a group and a verb"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Print the page that the words ask for."""
        words = parsed_args.words
        if not words:
            page = self._describe_all()
        elif len(words) == 1 and (group := self.registry.find_group(words[0])):
            page = self._describe_group(group)
        else:
            page = self.app.command_help(words)
        self.app.stdout.write(page)
        self.app.stdout.flush()

    def _describe_all(self) -> str:
        groups = self.registry.groups
        rows = [(name, _summarize(group)) for name, group in groups.items()]
        lines = ["command groups:", *_align(rows)] if rows else []
        if "job" not in groups:
            lines.append("The job commands are not installed: pip install ampctl-job")
        shown = [entry for entry in BUILTIN if entry.group == CORE and entry.name not in HIDDEN]
        own = [(entry.name, read_summary(entry)) for entry in shown]
        lines += ["", "core commands:", *_align(own)]
        lines += ["", "See `ampctl GROUP --help` for the verbs of a group."]
        return self.app.parser.format_help() + "\n" + "\n".join(lines) + "\n"

    def _describe_group(self, group: Group) -> str:
        lines = [f"usage: ampctl {group.name} VERB [options]"]
        if summary := _summarize(group):
            lines += ["", f"{printable(summary)}."]
        if group.aliases:
            lines += ["", f"Also: {', '.join(group.aliases)}."]
        verbs = [(", ".join(verb.names), verb.summary) for verb in group.verbs]
        lines += ["", "verbs:", *_align(verbs)]
        lines += ["", f"See `ampctl {group.name} VERB --help` for one of them."]
        return "\n".join(lines) + "\n"


def _summarize(group: Group) -> str:
    return f"(declared by {group.owners})" if group.is_disputed else group.summary


def _align(rows: Iterable[tuple[str, str]]) -> list[str]:
    rows = [(printable(name), printable(text)) for name, text in rows]
    width = max((len(name) for name, _ in rows), default=0)
    return [f"  {name:<{width}}  {text}".rstrip() for name, text in rows]
