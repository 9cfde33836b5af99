"""``ampctl help``: the overview, a group's verbs, or one command in full."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import ClassVar

from ampctl.console.text import printable
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
            page = self._overview()
        elif len(words) == 1 and (group := self.registry.group_named(words[0])):
            page = self._group(group)
        else:
            page = self.app.command_help(words)
        self.app.stdout.write(page)
        self.app.stdout.flush()

    def _overview(self) -> str:
        registry = self.registry
        groups = [(name, registry.group_summary(name)) for name in registry.groups()]
        lines = ["command groups:", *_columns(groups)] if groups else []
        if "job" not in registry.groups():
            lines.append("The job commands are not installed: pip install ampctl-job")
        lines += ["", "core commands:", *_columns([("help", "Show help of a group or a command")])]
        lines += ["", "See `ampctl GROUP --help` for the verbs of a group."]
        return self.app.parser.format_help() + "\n" + "\n".join(lines) + "\n"

    def _group(self, group: str) -> str:
        lines = [f"usage: ampctl {group} VERB [options]"]
        if summary := self.registry.group_summary(group):
            lines += ["", f"{printable(summary)}."]
        if aliases := self.registry.group_aliases(group):
            lines += ["", f"Also: {', '.join(aliases)}."]
        verbs = [(verb.names, verb.summary) for verb in self.registry.verbs(group)]
        lines += ["", "verbs:", *_columns(verbs)]
        lines += ["", f"See `ampctl {group} VERB --help` for one of them."]
        return "\n".join(lines) + "\n"


def _columns(rows: Iterable[tuple[str, str]]) -> list[str]:
    rows = [(printable(name), printable(text)) for name, text in rows]
    width = max((len(name) for name, _ in rows), default=0)
    return [f"  {name:<{width}}  {text}".rstrip() for name, text in rows]
