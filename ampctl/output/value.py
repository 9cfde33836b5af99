"""``-f value``: bare values, for ``read`` and ``$(…)``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from ampctl.console.text import printable
from ampctl.output.batches import Columns, join_plain, write_batches
from ampctl.output.cells import UNKNOWN
from ampctl.output.formatter import Formatter
from ampctl.output.values import machine_text


class ValueFormatter(Formatter):
    """A line for each row, its values apart by spaces; of a single record a line for each value.

    What isn't known, and text that is empty, is ``-``: fields don't move, and no value can break
    its line.
    """

    def emit_list(
        self,
        column_names: Sequence[str],
        data: Iterable[Sequence[Any]],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write each row as it arrives."""
        for row in data:
            stdout.write(
                " ".join(printable(machine_text(value)) or UNKNOWN for value in row) + "\n"
            )

    def emit_columns(
        self,
        column_names: Sequence[str],
        batches: Iterable[Columns],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write each batch when it is there."""
        write_batches(
            batches,
            stdout,
            join=_join_plain,
            write_rows=lambda rows: self.emit_list(column_names, rows, stdout, parsed_args),
        )

    def emit_one(
        self,
        column_names: Sequence[str],
        data: Sequence[Any],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write the values of one record."""
        self.emit_list(column_names, [[value] for value in data], stdout, parsed_args)


def _join_plain(columns: Columns) -> str | None:
    """Return all rows of a batch, if none of their values has to be changed to be shown."""
    return join_plain(columns, " ", null=UNKNOWN, needs_care=lambda texts: "" in texts)
