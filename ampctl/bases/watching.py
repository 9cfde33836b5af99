"""Lists that are looked at again and again: redrawn on a terminal, changes alone elsewhere."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from ampctl.bases.answer import Answer
from ampctl.bases.display import Lister
from ampctl.errors import ExitCode, UsageError
from ampctl.settings.values import parse_interval

INTERVAL_S = 2.0
"""How long there is between two looks unless it is said, in seconds."""


def add_watch(parser: argparse.ArgumentParser, text: str) -> None:
    """Add ``--watch [SECONDS]`` as ``watch``: None without it, 0 where no time is named.

    Args:
        parser: what to add it to.
        text: what it does.
    """
    parser.add_argument(
        "-w", "--watch", nargs="?", const=0, type=parse_interval, metavar="SECONDS", help=text
    )


class Watching(Lister):
    """Base of lists that can be watched: ``--watch``.

    ``take_action`` is then called again and again. On a terminal each table replaces the one
    before, and rows that have changed are marked. Elsewhere rows are added, those of items that
    are new or have changed. ``columns`` has to be declared; an item is known by the first of them.
    Ctrl-C ends it, with exit code 0.

    Attributes:
        words: the words of the command, such as ``job list``.
    """

    words = ""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with ``--watch``."""
        self.words = prog_name.partition(" ")[2]
        parser = super().get_parser(prog_name)
        add_watch(
            parser,
            "go on until Ctrl-C: look again every SECONDS"
            f" (default: {INTERVAL_S:g}), and show what has changed",
        )
        return parser

    def make_document(self, item: Any) -> Any:
        """Return what ``--json`` prints of an item that has changed, if not its columns."""
        raise NotImplementedError

    def find_gone(self, items: Sequence[Any]) -> Iterable[Any]:
        """Return what has become of items that are not in the list any more, if it is known."""
        return ()

    def run(self, parsed_args: argparse.Namespace) -> int:
        """Do the command's work, once or until Ctrl-C."""
        try:
            return super().run(parsed_args)
        except KeyboardInterrupt:
            if parsed_args.watch is None:
                raise
            return ExitCode.OK

    def _take_answer(self, parsed_args: argparse.Namespace) -> Any:
        if parsed_args.watch is None:
            return super()._take_answer(parsed_args)
        # Imported here, as below: most lists are looked at once.
        from ampctl.bases.changes import iterate_changes

        is_table = parsed_args.formatter == "table" and not parsed_args.json
        if is_table and self.console.can_redraw:
            from ampctl.bases.redrawing import Redraw

            Redraw(self, parsed_args).go_on()
        if parsed_args.sort_columns:
            raise UsageError(
                "changes come in the order of time, and can't be sorted",
                hint="leave out --sort-column",
            )
        has_documents = type(self).make_document is not Watching.make_document
        return Answer(
            iterate_changes(self, parsed_args),
            document=self.make_document if has_documents else None,
            is_live=True,
        )
