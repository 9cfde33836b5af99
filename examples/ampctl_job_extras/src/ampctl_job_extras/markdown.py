"""``-f markdown``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from ampctl.plugin import Formatter, machine_text, printable


class MarkdownFormatter(Formatter):
    """A table as Markdown writes it, row by row as they arrive."""

    def emit_list(
        self,
        column_names: Sequence[str],
        data: Iterable[Sequence[Any]],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write the header and the rows."""
        stdout.write(_line(column_names))
        stdout.write(_line(["---"] * len(column_names)))
        stdout.writelines(map(_line, data))

    def emit_one(
        self,
        column_names: Sequence[str],
        data: Sequence[Any],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write a row for each field."""
        self.emit_list(
            ("field", "value"), zip(column_names, data, strict=True), stdout, parsed_args
        )


def _line(values: Iterable[Any]) -> str:
    texts = [printable(machine_text(value)).replace("|", "\\|") for value in values]
    return f"| {' | '.join(texts)} |\n"
