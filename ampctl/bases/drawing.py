"""Tables as lines of a picture, in the form that they have on a terminal."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterable, Sequence
from typing import Any, TextIO, TypeVar

from ampctl.bases.answer import Column
from ampctl.bases.printing import make_screen
from ampctl.console.painter import Canvas
from ampctl.console.text import printable, strip_colors
from ampctl.output.cells import Marked
from ampctl.output.layout import cut, display_width, wrap
from ampctl.output.table import TableFormatter

T = TypeVar("T")

_END, _REVERSED = "\033[0m", "\033[7m"


class Drawing:
    """Draws what a picture of a whole screen is made of.

    Text of others is made safe in tables and by :meth:`wrap`, :meth:`cut` and :meth:`mark`, and in
    no other place.

    Args:
        terminal: where it will be shown.
        has_color: whether it may be painted.
    """

    def __init__(self, terminal: TextIO, *, has_color: bool) -> None:
        self._terminal = terminal
        self._has_color = has_color
        self.is_ascii = not (terminal.encoding or "utf-8").lower().startswith("utf")

    def draw_list(
        self, columns: Sequence[Column[T]], items: Sequence[T], now: datetime.datetime, width: int
    ) -> list[str]:
        """Return the lines of a table: the header, a rule, and the rows."""
        formatter, canvas, options = self._prepare(columns, width)
        rows = [[column.cell(item, now) for column in columns] for item in items]
        formatter.emit_list([column.name for column in columns], rows, canvas, options)
        return canvas.getvalue().splitlines()

    def draw_one(
        self, columns: Sequence[Column[T]], item: T, now: datetime.datetime, width: int
    ) -> list[str]:
        """Return the lines of a table with a row for each column of one item."""
        formatter, canvas, options = self._prepare(columns, width)
        cells = [column.cell(item, now) for column in columns]
        formatter.emit_one([column.name for column in columns], cells, canvas, options)
        return canvas.getvalue().splitlines()

    def wrap(self, text: str, width: int) -> list[str]:
        """Return a text as lines that fit."""
        return wrap(printable(text), width).splitlines()

    def cut(self, text: str, width: int) -> str:
        """Return as much of a text as fits into one line."""
        return cut(printable(text), width)

    def flow(self, pieces: Iterable[str], width: int) -> list[str]:
        """Return lines of pieces, two blanks apart, none of which breaks; they may be painted."""
        lines: list[str] = []
        taken = width
        for piece in pieces:
            taken += 2 + display_width(strip_colors(piece))
            if taken > width:
                lines.append(piece)
                taken = display_width(strip_colors(piece))
            else:
                lines[-1] += f"  {piece}"
        return lines

    def mark(self, text: str, cell: Marked) -> str:
        """Return a text with the sign and the color of a cell."""
        sign, in_ascii, color = cell.mark.value
        return self.paint(f"{in_ascii if self.is_ascii else sign} {printable(text)}", color)

    def paint(self, text: str, style: str) -> str:
        """Return a text in a style, which is the parameter of an ANSI escape sequence (SGR)."""
        return f"\033[{style}m{text}{_END}" if self._has_color and text else text

    def select(self, line: str) -> str:
        """Return a line that stands out, where there are colors."""
        if not self._has_color:
            return line
        inner = line.replace(_END, _END + _REVERSED)
        return f"{_REVERSED}{inner}{_END}"

    def _prepare(
        self, columns: Sequence[Column[Any]], width: int
    ) -> tuple[TableFormatter, Canvas, argparse.Namespace]:
        environ = {"COLUMNS": str(width)}
        screen = make_screen(columns, environ, has_color=self._has_color)
        options = argparse.Namespace(max_width=0, fit_width=True, print_empty=True)
        return TableFormatter(screen), Canvas(self._terminal), options
