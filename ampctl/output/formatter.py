"""The base of all formats, those of plugins among them."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from cliff.formatters.base import ListFormatter, SingleFormatter


class Formatter(ListFormatter, SingleFormatter):
    """Base of formatters: ``emit_list`` writes many rows, ``emit_one`` a single record.

    Both get the names of the columns, the rows or the values of the one record, the stream to
    write to and the parsed arguments. Values may be cells: :func:`~ampctl.plugin.machine_text`
    and :func:`~ampctl.plugin.plain` read them; :func:`~ampctl.plugin.printable` makes text safe.

    A format for long exports may also have ``emit_columns(column_names, batches, stdout,
    parsed_args)``. It is called instead of ``emit_list`` where the rows of a list come in batches.
    Each batch is a list of columns, each column a sequence of plain values: the rows are
    ``zip(*columns)``. A batch must have been written when the next one is asked for, since a
    listing that breaks off says after how many rows.
    """

    def add_argument_group(self, parser: argparse.ArgumentParser) -> None:
        """Add the options that the format has; none, unless it overrides this."""

    def emit_one(
        self,
        column_names: Sequence[str],
        data: Sequence[Any],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write one record, which is a list of one unless a format says otherwise."""
        self.emit_list(column_names, [data], stdout, parsed_args)


class DocumentFormatter(Formatter):
    """Base of formats that write one document when all rows are there: a list, or one mapping."""

    def emit_list(
        self,
        column_names: Sequence[str],
        data: Iterable[Sequence[Any]],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write a list with one mapping for each row."""
        records = [dict(zip(column_names, row, strict=True)) for row in data]
        self.write(records, stdout, parsed_args)

    def emit_one(
        self,
        column_names: Sequence[str],
        data: Sequence[Any],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write one mapping."""
        self.write(dict(zip(column_names, data, strict=True)), stdout, parsed_args)

    def write(self, document: Any, stdout: TextIO, parsed_args: argparse.Namespace) -> None:
        """Write the document; its leaves may be cells."""
        raise NotImplementedError
