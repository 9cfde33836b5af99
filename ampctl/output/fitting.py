"""How a table gets as narrow as its terminal: which columns give way, in which order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ampctl.output.layout import cut, cut_front, display_width, find_longest_piece, shrink, wrap
from ampctl.output.screen import Look

_NARROWEST = 8

Forms = Sequence[str]
"""The texts that can stand in a cell, from the one that tells most to the shortest."""


class Fitted(NamedTuple):
    """A table as it can be drawn.

    Attributes:
        indexes: of the columns that are left.
        names: their headers.
        rows: their texts, row by row.
        gap: the number of blanks between two columns.
    """

    indexes: Sequence[int]
    names: Sequence[str]
    rows: Sequence[Sequence[str]]
    gap: int


class _Column:
    """One column: the forms that it has now, and the width that it is to get."""

    def __init__(self, index: int, name: str, forms: Sequence[Forms], look: Look) -> None:
        self.index = index
        self.look = look
        self.header = name
        self._forms = forms
        self.texts = [of_cell[0] for of_cell in forms]
        self._measure()

    def take_short_header(self) -> bool:
        """Take the shorter header if that makes the column narrower, and tell whether it did."""
        if not self.look.header or self.width > max(map(display_width, self.texts), default=0):
            return self._change(self.look.header or self.header, self.texts)
        return False

    def take_forms(self, level: int) -> bool:
        """Take forms that are shorter by so many steps, and tell whether there are any."""
        texts = [of_cell[min(level, len(of_cell) - 1)] for of_cell in self._forms]
        return texts != self.texts and self._change(self.header, texts)

    def fit_texts(self) -> list[str]:
        """Return the texts, in the width that the column has."""
        fit = wrap if self.look.least is None else cut_front if self.look.keeps_end else cut
        return [fit(text, self.width) for text in self.texts]

    @property
    def levels(self) -> int:
        """How many steps of shorter forms its cells have."""
        return max(map(len, self._forms), default=1) - 1

    @property
    def whole(self) -> int:
        """The narrowest width in which no word breaks, and nothing is cut."""
        if self.look.least is not None:
            return self.natural
        return max(display_width(self.header), *map(find_longest_piece, self.texts), 0)

    @property
    def least(self) -> int:
        """The narrowest width that it can have at all."""
        least = _NARROWEST if self.look.least is None else self.look.least
        return max(display_width(self.header), min(least, self.natural))

    def _change(self, header: str, texts: list[str]) -> bool:
        self.header, self.texts = header, texts
        self._measure()
        return True

    def _measure(self) -> None:
        self.natural = max(map(display_width, (self.header, *self.texts)))
        self.width = self.natural


def fit(
    names: Sequence[str], rows: Sequence[Sequence[Forms]], looks: Sequence[Look], width: int
) -> Fitted:
    """Return the table in a form that is not wider than ``width``, if there is any.

    First the gap gets narrower, then headers and cells take shorter forms. Then text breaks
    between words, and cells are cut. Columns for which there is no room are left out, except the
    first one.

    Args:
        names: the names of the columns.
        rows: the forms of their cells.
        looks: how the columns give way.
        width: how wide the table may be.
    """
    kept = list(range(len(names)))
    while True:
        columns = [_Column(i, names[i], [row[i] for row in rows], looks[i]) for i in kept]
        gap = _give_way(columns, width)
        if _measure(columns, gap) <= width or len(kept) == 1:
            texts = zip(*(column.fit_texts() for column in columns), strict=True)
            return Fitted(kept, [column.header for column in columns], list(texts), gap)
        # The first one says what a row is about.
        kept.remove(max(kept[1:], key=lambda index: (looks[index].gives_way, index)))


def _give_way(columns: Sequence[_Column], width: int) -> int:
    """Let the columns get narrower, as far as it takes, and return the gap between them."""
    joints = len(columns) - 1
    gap = 2 if joints < 2 or _measure(columns, 2) <= width else 1
    for _ in _take_shorter_forms(columns):
        if _measure(columns, gap) <= width:
            return gap
    room = width - gap * joints
    _shrink([column for column in columns if column.look.least is None], "whole", columns, room)
    for column in _order(columns):
        if column.look.least is not None:
            excess = _measure(columns, 0) - room
            column.width = max(column.least, column.width - max(0, excess))
    _shrink([column for column in columns if column.look.least is None], "least", columns, room)
    return gap


def _take_shorter_forms(columns: Sequence[_Column]) -> Iterator[None]:
    """Yield before the first change, and after each."""
    yield
    for column in _order(columns):
        if column.take_short_header():
            yield
    for level in range(1, max((column.levels for column in columns), default=0) + 1):
        for column in _order(columns):
            if column.take_forms(level):
                yield


def _order(columns: Iterable[_Column]) -> list[_Column]:
    """Return the columns, the one that gives way first before the others."""
    return sorted(columns, key=lambda column: (column.look.gives_way, column.index), reverse=True)


def _shrink(some: Sequence[_Column], to: str, columns: Sequence[_Column], room: int) -> None:
    """Take from the widest of some columns until all of them have room, or have their least."""
    others = _measure(columns, 0) - _measure(some, 0)
    least = [getattr(column, to) for column in some]
    for column, width in zip(
        some, shrink([column.width for column in some], least, room - others), strict=True
    ):
        column.width = width


def _measure(columns: Sequence[_Column], gap: int) -> int:
    return sum(column.width for column in columns) + gap * max(0, len(columns) - 1)
