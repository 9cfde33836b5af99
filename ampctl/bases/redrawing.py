"""A list as a picture on a terminal, redrawn in its place."""

from __future__ import annotations

import argparse
import datetime
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ampctl.bases.answer import Answer
from ampctl.bases.changes import Changes
from ampctl.bases.choosing import choose_columns
from ampctl.bases.printing import as_answer, make_screen, order_rows
from ampctl.bases.watching import INTERVAL_S
from ampctl.client.times import format_duration
from ampctl.console.painter import Canvas, Painter, measure_terminal
from ampctl.output.layout import wrap

if TYPE_CHECKING:
    from ampctl.bases.watching import Watching

# A change must be seen by who looks at the screen now and then.
_MARKED_S = 10.0
_MARK = "*"
_COLOR, _END = "\033[33m", "\033[0m"


class _Look(NamedTuple):
    """What a list was at a moment."""

    answer: Answer[Any]
    items: Sequence[Any]
    said: Sequence[str]
    remarks: Sequence[str]


class Redraw:
    """Looks at a list again and again, and paints it.

    Args:
        command: the command that lists.
        parsed_args: its arguments.
    """

    def __init__(self, command: Watching, parsed_args: argparse.Namespace) -> None:
        self._command = command
        self._arguments = parsed_args
        self._interval_s = parsed_args.watch or INTERVAL_S
        self._stdout = command.app.stdout
        self._runtime = command.runtime
        self._painter = Painter(self._stdout, self._runtime.sleep)
        self._changes = Changes(command, parsed_args)
        self._changed_s: dict[str, float] = {}
        self._picture: list[str] = []

    def go_on(self) -> None:
        """Look and paint until something ends it."""
        looks = self._command.poll(
            self._look,
            interval_s=self._interval_s,
            goal="the next look",
            sleep=self._painter.pause,
            tell=self._paint,
        )
        try:
            for look in looks:
                self._head = self._name(self._runtime.now())
                self._picture = self._draw(look)
                self._paint()
        finally:
            self._painter.end()

    def _name(self, now: datetime.datetime) -> str:
        is_short = self._interval_s < 1
        every = f"{self._interval_s:g}s" if is_short else format_duration(self._interval_s)
        place = self._command.app.session.place
        at = f"{now.astimezone(datetime.UTC):%H:%M:%S} UTC"
        return f"every {every}: {self._command.words}, {place}, {at}"

    def _look(self) -> _Look:
        command = self._command
        self._painter.measure()
        with command.console.hold_messages() as held:
            answer = as_answer(command.take_action(self._arguments), self._stdout, is_list=True)
            items = list(answer.items)
            remarks = list(answer.remarks)
            said = held[:]
            held.clear()
        return _Look(answer, items, said, remarks)

    def _draw(self, look: _Look) -> list[str]:
        """Return the lines of a picture."""
        marks = self._mark(look.items)
        names, rows = self._make_rows(look, marks)
        canvas = Canvas(self._stdout)
        paints = self._command.console.paints_output
        # A picture leaves the last column of the terminal free.
        environ = {"COLUMNS": str(self._painter.measure().columns - 1)}
        screen = make_screen(
            look.answer.columns or self._command.columns, environ, has_color=paints
        )
        if hasattr(self._command.formatter, "screen"):
            self._command.formatter.screen = screen
        self._command.formatter.emit_list(names, rows, canvas, self._arguments)
        lines = canvas.getvalue().splitlines()
        if paints:
            lines = [_paint_mark(line) for line in lines]
        return [*look.said, *look.remarks, "", *lines]

    def _mark(self, items: Sequence[Any]) -> list[str]:
        """Return a mark for each item that has changed of late, and a blank for all others."""
        now_s = self._runtime.monotonic()
        for item in items:
            if self._changes.note(item) and self._picture:
                self._changed_s[self._changes.key_of(item)] = now_s
        self._changes.forget(self._changes.find_gone(items))
        changed = (self._changed_s.get(self._changes.key_of(item)) for item in items)
        return [_MARK if at_s is not None and now_s - at_s < _MARKED_S else " " for at_s in changed]

    def _make_rows(
        self, look: _Look, marks: Sequence[str]
    ) -> tuple[list[str], list[Sequence[Any]]]:
        """Return names and rows, with the marks before all others."""
        arguments, command = self._arguments, self._command
        table = look.answer.columns or command.columns
        chosen = choose_columns(table, arguments.columns, arguments.sort_columns)
        now = self._runtime.now()
        rows = [
            [mark, *(column.cell(item, now) for column in chosen)]
            for mark, item in zip(marks, look.items, strict=True)
        ]
        names = ["", *(column.name for column in chosen)]
        ordered = order_rows(arguments, names, rows)
        # Columns that are only sorted by come last.
        shown = 1 + len(choose_columns(table, arguments.columns, ()))
        limited = itertools.islice(ordered, look.answer.limit)
        return names[:shown], [row[:shown] for row in limited]

    def _paint(self, outage: str = "") -> None:
        """Show the picture, and that it is old if it is."""
        # The reason comes last, and must not be cut off.
        width = measure_terminal(self._stdout).columns - 1
        said = wrap(outage, width).splitlines()
        self._painter.paint([self._head, *said, *self._picture])


def _paint_mark(line: str) -> str:
    if not line.startswith(_MARK):
        return line
    return f"{_COLOR}{_MARK}{_END}{line[len(_MARK) :]}"
