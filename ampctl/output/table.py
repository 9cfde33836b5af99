"""``-f table``: columns for the eye, fitted to the terminal."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterable, Sequence
from types import NoneType
from typing import Any, TextIO

from cliff.columns import FormattableColumn

from ampctl.client.numbers import WrittenNumber
from ampctl.console.streams import terminal_width
from ampctl.console.text import printable
from ampctl.output.cells import (
    UNKNOWN,
    Cell,
    Duration,
    Lines,
    Marked,
    Number,
    Percent,
    Size,
)
from ampctl.output.fitting import Fitted, Forms, fit
from ampctl.output.formatter import Formatter
from ampctl.output.layout import display_width, draw, draw_row
from ampctl.output.options import add_table_options
from ampctl.output.screen import UNCUT, Look, Screen
from ampctl.output.values import machine_text, plain

# More than a screen of one value hides all others.
_LONGEST_SHOWN = 2_000
_GAP = 2
_NUMBERS = (int, float, WrittenNumber)
_HEADER = "1"
_NUMBER_CELLS = (Number, Size, Percent, Duration)


class TableFormatter(Formatter):
    """A table without frame: people's forms on a terminal, machines' forms in a pipe.

    Unknown values are ``-`` in both: without lines between the columns an empty place would
    shift the fields for the eye as for ``awk``.

    Attributes:
        screen: where it is drawn. Commands set the one of their terminal.
    """

    def __init__(self, screen: Screen | None = None) -> None:
        self.screen = screen or Screen(os.environ)

    def add_argument_group(self, parser: argparse.ArgumentParser) -> None:
        """Add the options of this format; our own commands have them already."""
        add_table_options(parser, self.screen.environ)

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
            looks = [self.screen.looks.get(name, Look()) for name in column_names]
            self._write(column_names, rows, numeric, looks, stdout, parsed_args)

    def emit_one(
        self,
        column_names: Sequence[str],
        data: Sequence[Any],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write one record, a row for each of its fields; there is room to tell all of each."""
        values = [value.expand() if isinstance(value, Cell) else value for value in data]
        rows = list(zip(column_names, values, strict=True))
        names, looks = ("field", "value"), (UNCUT, Look())
        self._write(names, rows, (False, False), looks, stdout, parsed_args, shortens=False)

    def emit_live(
        self,
        column_names: Sequence[str],
        data: Iterable[Sequence[Any]],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write each row when it arrives.

        What comes next is not known: where the table is fitted, the first row decides how wide the
        columns are; elsewhere they get wider where they must.
        """
        list_forms = _choose_forms(stdout)
        names = list(map(printable, column_names))
        width = self._width(stdout, parsed_args)
        if width is not None:
            self._fit_each(names, data, stdout, width)
            return
        widths = list(map(display_width, names))
        left = [False] * len(names)
        for number, row in enumerate(data):
            texts = [list_forms(value)[0].replace("\n", " | ") for value in row]
            widths = list(map(max, widths, map(display_width, texts)))
            lines = [] if number else [*draw_row(names, widths, left, _GAP, self._paint_header)]
            lines += draw_row(texts, widths, left, _GAP, self._choose_paint(row))
            stdout.write("".join(f"{line}\n" for line in lines))

    def _fit_each(
        self,
        names: Sequence[str],
        data: Iterable[Sequence[Any]],
        stdout: TextIO,
        width: int,
    ) -> None:
        # Imported here: most tables are complete when they are drawn.
        from ampctl.output.live import LiveTable

        list_forms = _choose_forms(stdout)
        table = LiveTable(names, [self.screen.looks.get(name, Look()) for name in names], width)
        for number, row in enumerate(data):
            forms = [list_forms(value) for value in row]
            lines: list[str] = []
            if not number:
                numeric = [isinstance(one, _NUMBER_CELLS) or _is_numeric([one]) for one in row]
                lines += table.begin(forms, numeric, self._paint_header)
                self._note_left_out(names, table.indexes)
            lines += table.draw(forms, self._choose_paint(row))
            stdout.write("".join(f"{line}\n" for line in lines))

    def _note_left_out(self, names: Sequence[str], indexes: Sequence[int]) -> None:
        self.screen.left_out = [name for at, name in enumerate(names) if at not in indexes]

    def _paint_header(self, column: int, text: str) -> str:
        return _paint(text, _HEADER) if self.screen.has_color else text

    def _choose_paint(self, row: Sequence[Any]) -> Callable[[int, str], str]:
        """Return what gives a text of a row the colors of its column."""
        if not self.screen.has_color:
            return lambda column, text: text
        styles = list(map(_find_style, row))
        return lambda column, text: _paint(text, styles[column])

    def _write(
        self,
        names: Sequence[str],
        rows: Sequence[Sequence[Any]],
        numeric: Sequence[bool],
        looks: Sequence[Look],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
        *,
        shortens: bool = True,
    ) -> None:
        list_forms = _choose_forms(stdout)
        names = list(map(printable, names))
        width = self._width(stdout, parsed_args)
        if width is None:
            texts = [[list_forms(value)[0] for value in row] for row in rows]
            shown = Fitted(range(len(names)), names, texts, _GAP)
        else:
            most = None if shortens else 1
            forms = [[list_forms(value)[:most] for value in row] for row in rows]
            shown = fit(names, forms, looks, width)
        self._note_left_out(names, shown.indexes)

        def paint(row: int, column: int, text: str) -> str:
            value = rows[row][shown.indexes[column]] if row >= 0 else None
            style = _HEADER if row < 0 else _find_style(value)
            return _paint(text, style)

        lines = draw(
            shown.names,
            shown.rows,
            [numeric[index] for index in shown.indexes],
            shown.gap,
            paint if self.screen.has_color else None,
        )
        stdout.write("".join(f"{line}\n" for line in lines))

    def _width(self, stdout: TextIO, parsed_args: argparse.Namespace) -> int | None:
        if parsed_args.max_width > 0:
            return int(parsed_args.max_width)
        if parsed_args.fit_width or stdout.isatty():
            return terminal_width(stdout, self.screen.environ)
        return None


def _paint(text: str, style: str) -> str:
    return f"\033[{style}m{text}\033[0m" if style and text else text


def _is_numeric(column: Iterable[object]) -> bool:
    has_number = False
    for value in column:
        kind = type(plain(value))
        if kind in _NUMBERS:
            has_number = True
        elif kind is not NoneType:
            return False  # most columns tell with their first value
    return has_number


def _find_style(value: object) -> str:
    return value.mark.value[2] if isinstance(value, Marked) else ""


def _choose_forms(stdout: TextIO) -> Callable[[object], Forms]:
    """Return what lists the texts that can stand for a value, the one that tells most first."""
    if not stdout.isatty():
        return _list_forms_for_machines
    has_signs = (stdout.encoding or "utf-8").lower().startswith("utf")

    def list_forms(value: object) -> Forms:
        if not isinstance(value, FormattableColumn):
            return [*map(_shorten, _list_forms_for_machines(value))]
        forms = [value.human_readable()]
        if isinstance(value, Cell):
            forms += value.list_shorter()
        if isinstance(value, Lines):
            return [*map(_shorten, forms)]
        sign = f"{value.mark.value[not has_signs]} " if isinstance(value, Marked) else ""
        return [sign + _shorten(printable(form)) for form in forms]

    return list_forms


def _list_forms_for_machines(value: object) -> Forms:
    if type(value) is str:  # at once: whether it is a cell takes long to tell
        return (printable(value),)
    if isinstance(value, Lines):
        return (value.human_readable(),)
    value = plain(value)
    return (UNKNOWN if value is None else printable(machine_text(value)),)


def _shorten(text: str) -> str:
    if len(text) <= _LONGEST_SHOWN:
        return text
    return f"{text[:_LONGEST_SHOWN]}… ({len(text):,} characters; -f json shows all)"
