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
from ampctl.output.cells import UNKNOWN, Cell, Lines, Marked
from ampctl.output.fitting import Fitted, Forms, fit
from ampctl.output.formatter import Formatter
from ampctl.output.layout import display_width, draw
from ampctl.output.options import add_table_options
from ampctl.output.screen import UNCUT, Look, Screen
from ampctl.output.values import machine_text, plain

# More than a screen of one value hides all others.
_LONGEST_SHOWN = 2_000
_GAP = 2
_NUMBERS = (int, float, WrittenNumber)
_HEADER = "1"


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
        rows = list(zip(column_names, data, strict=True))
        names, looks = ("field", "value"), (UNCUT, Look())
        self._write(names, rows, (False, False), looks, stdout, parsed_args, shortens=False)

    def emit_live(
        self,
        column_names: Sequence[str],
        data: Iterable[Sequence[Any]],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write each row when it arrives, on one line; columns get wider where they must.

        Nothing is fitted or cut: what comes next is not known.
        """
        list_forms = _choose_forms(stdout)
        names = list(map(printable, column_names))
        widths = list(map(display_width, names))
        for number, row in enumerate(data):
            texts = [list_forms(value)[0].replace("\n", " | ") for value in row]
            widths = list(map(max, widths, map(display_width, texts)))
            if not number:
                stdout.write(self._join(names, widths, [_HEADER] * len(names)))
            stdout.write(self._join(texts, widths, list(map(_find_style, row))))

    def _join(self, texts: Sequence[str], widths: Sequence[int], styles: Sequence[str]) -> str:
        """Return a line of texts, each in its room."""
        rooms = [
            " " * (width - display_width(text)) for text, width in zip(texts, widths, strict=True)
        ]
        rooms[-1] = ""
        has_color = self.screen.has_color
        painted = [
            _paint(text, style if has_color else "")
            for text, style in zip(texts, styles, strict=True)
        ]
        pieces = (f"{text}{room}" for text, room in zip(painted, rooms, strict=True))
        return "  ".join(pieces).rstrip(" ") + "\n"

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
        self.screen.left_out = [
            name for index, name in enumerate(names) if index not in shown.indexes
        ]

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
