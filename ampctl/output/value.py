"""``-f value``: bare values, for ``read`` and ``$(…)``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from ampctl.console.text import printable
from ampctl.output.batches import Columns, is_plain, join_rows
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
            stdout.write(" ".join(_write_values(row)) + "\n")

    def emit_columns(
        self,
        column_names: Sequence[str],
        batches: Iterable[Columns],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write each batch when it is there."""
        for columns in batches:
            text = join_rows(columns, " ", null=UNKNOWN, is_ready=_is_ready, write=_write_values)
            stdout.write(text)

    def emit_one(
        self,
        column_names: Sequence[str],
        data: Sequence[Any],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write the values of one record."""
        self.emit_list(column_names, [[value] for value in data], stdout, parsed_args)


def _is_ready(texts: Sequence[str]) -> bool:
    return "" not in texts and is_plain(texts)


def _write_values(values: Iterable[Any]) -> list[str]:
    return [printable(machine_text(value)) or UNKNOWN for value in values]
