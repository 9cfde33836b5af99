"""Tables whose rows come one by one on a terminal: how wide columns are is decided once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from ampctl.output.fitting import Forms, fit
from ampctl.output.layout import cut, cut_front, display_width, draw_row, wrap
from ampctl.output.screen import UNCUT, Look

Paint = Callable[[int, str], str]
"""Returns a text with the colors of the column that it is in, which is counted from 0."""


class LiveTable:
    """Fits rows to the widths that the first of them, and the looks, have decided.

    Args:
        names: the names of the columns.
        looks: how they give way.
        width: how wide the table may be.

    Attributes:
        indexes: of the columns that there is room for.
    """

    def __init__(self, names: Sequence[str], looks: Sequence[Look], width: int) -> None:
        self._names = names
        self._looks = looks
        self._width = width
        self._widths: list[int] = []
        self._gap = 0
        self.indexes: Sequence[int] = ()

    def begin(self, first: Sequence[Forms], numeric: Sequence[bool], paint: Paint) -> Iterator[str]:
        """Decide the widths, and yield the header and a rule.

        Args:
            first: the forms of the cells of the first row.
            numeric: for each column whether it is aligned right, and so does not break.
            paint: colors a name.
        """
        self._numeric = numeric
        # What comes later may be wider than what comes first.
        rooms = [("x" * look.room,) for look in self._looks]
        shown = fit(self._names, [first, rooms], self._looks, self._width)
        columns = zip(shown.names, *shown.rows, strict=True)
        self.indexes, self._gap = shown.indexes, shown.gap
        self._widths = [max(map(display_width, column)) for column in columns]
        self._widen()
        yield from self._draw(shown.names, paint)
        yield "-" * self._measure()

    def draw(self, row: Sequence[Forms], paint: Paint) -> Iterator[str]:
        """Yield the lines of a row, more than one where text breaks."""
        places = zip(self.indexes, self._widths, strict=True)
        yield from self._draw([self._fit(row[at], at, width) for at, width in places], paint)

    def _draw(self, texts: Sequence[str], paint: Paint) -> Iterator[str]:
        numeric = [self._numeric[at] for at in self.indexes]

        def paint_shown(position: int, text: str) -> str:
            return paint(self.indexes[position], text)

        return draw_row(texts, self._widths, numeric, self._gap, paint_shown)

    def _fit(self, forms: Forms, at: int, width: int) -> str:
        """Return the longest form that has room, or a part of the shortest one."""
        for form in forms:
            if display_width(form) <= width:
                return form
        look = self._looks[at]
        if self._numeric[at] or look == UNCUT._replace(room=look.room):
            # It is never cut, and moves those behind it.
            return forms[-1]
        if look.least is None:
            return wrap(forms[0], width)
        return (cut_front if look.keeps_end else cut)(forms[-1], width)

    def _widen(self) -> None:
        """Give what is left of the line to the column of text that most is said in."""
        breaking = [
            position
            for position, at in enumerate(self.indexes)
            if self._looks[at].least is None and self._looks[at].room
        ]
        if breaking:
            widest = max(breaking, key=lambda position: self._looks[self.indexes[position]].room)
            self._widths[widest] += self._width - self._measure()

    def _measure(self) -> int:
        return sum(self._widths) + self._gap * (len(self._widths) - 1)
