"""``-f table``: columns for the eye, fitted to the terminal."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from cliff.columns import FormattableColumn

from ampctl.console.streams import terminal_width
from ampctl.console.text import printable
from ampctl.output.cells import UNKNOWN, Lines
from ampctl.output.formatter import Formatter
from ampctl.output.layout import draw, fit_columns, wrap
from ampctl.output.values import machine_text, plain

# More than a screen of one value hides all others.
_LONGEST_SHOWN = 2_000


class TableFormatter(Formatter):
    """A table without frame: people's forms on a terminal, machines' forms in a pipe.

    Unknown values are ``-`` in both: without lines between the columns an empty place would
    shift the fields for the eye as for ``awk``.

    Args:
        environ: where ``COLUMNS`` is looked up. Commands set the one of their runtime.
    """

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self.environ = os.environ if environ is None else environ

    def emit_list(
        self,
        column_names: Sequence[str],
        data: Iterable[Sequence[Any]],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write all rows; without any row nothing at all, or the header if ``--print-empty``."""
        rows = [list(row) for row in data]
        if rows or parsed_args.print_empty:
            columns = list(zip(*rows, strict=True)) or [()] * len(column_names)
            numeric = list(map(_is_numeric, columns))
            self._write(column_names, rows, numeric, stdout, parsed_args)

    def emit_one(
        self,
        column_names: Sequence[str],
        data: Sequence[Any],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write one record, a row for each of its fields."""
        rows = list(zip(column_names, data, strict=True))
        self._write(("field", "value"), rows, (False, False), stdout, parsed_args)

    def _write(
        self,
        names: Sequence[str],
        rows: Sequence[Sequence[Any]],
        numeric: Sequence[bool],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        for_people = stdout.isatty()
        names = list(map(printable, names))
        texts = [[_format_value(value, for_people=for_people) for value in row] for row in rows]
        gap = 2
        width = self._width(stdout, parsed_args)
        if width is not None:
            widths, gap = fit_columns(names, texts, width)
            texts = [list(map(wrap, row, widths)) for row in texts]
        lines = draw(names, texts, numeric, gap)
        stdout.write("".join(f"{line}\n" for line in lines))

    def _width(self, stdout: TextIO, parsed_args: argparse.Namespace) -> int | None:
        if parsed_args.max_width > 0:
            return int(parsed_args.max_width)
        if parsed_args.fit_width or stdout.isatty():
            return terminal_width(stdout, self.environ)
        return None


def _is_numeric(column: Iterable[object]) -> bool:
    kinds = {type(plain(value)) for value in column} - {type(None)}
    return bool(kinds) and kinds <= {int, float}


def _format_value(value: object, *, for_people: bool) -> str:
    if isinstance(value, Lines):
        return _shorten(value.human_readable()) if for_people else value.human_readable()
    if for_people and isinstance(value, FormattableColumn):
        return _shorten(printable(value.human_readable()))
    if plain(value) is None:
        return UNKNOWN
    text = printable(machine_text(value))
    return _shorten(text) if for_people else text


def _shorten(text: str) -> str:
    if len(text) <= _LONGEST_SHOWN:
        return text
    return f"{text[:_LONGEST_SHOWN]}… ({len(text):,} characters; -f json shows all)"
