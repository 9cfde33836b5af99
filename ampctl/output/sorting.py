"""``--sort-column``: an order that any values have, whatever their types."""

from __future__ import annotations

import contextlib
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from ampctl.output.cells import Cell
from ampctl.output.values import compact, plain

Row = Sequence[Any]

# Their machine forms are in order, and quicker to compare than they are.
_RANKED = (str, int, float, Cell)


def sort_rows(rows: Iterable[Row], indexes: Sequence[int], *, descending: bool) -> list[Row]:
    """Return the rows in the order of their machine forms, or of what their cells rank by.

    Numbers come before text and text before objects; None is last, also where the largest is first.
    Values of one type that have an order of their own, as dates and versions do, are in that order.

    Args:
        rows: what to sort.
        indexes: the columns to sort by; a later one counts where those before it are equal.
        descending: whether the largest is first.
    """
    ordered = list(rows)
    # Sorting keeps the order of what is equal, so the column that counts most is sorted last.
    for index in reversed(indexes):
        known = [row for row in ordered if _find_rank(row[index]) is not None]
        unknown = [row for row in ordered if _find_rank(row[index]) is None]
        ordered = _sort_known(known, index, descending) + unknown
    return ordered


def _sort_known(rows: list[Row], index: int, descending: bool) -> list[Row]:
    kinds = {type(row[index]) for row in rows}
    if len(kinds) == 1 and not issubclass(next(iter(kinds)), _RANKED):
        with contextlib.suppress(TypeError):
            return sorted(rows, key=operator.itemgetter(index), reverse=descending)
    return sorted(rows, key=lambda row: _rank(row[index]), reverse=descending)


def _rank(cell: object) -> tuple[int, Any]:
    value = _find_rank(cell)
    if isinstance(value, (int, float)):
        return 0, value
    return (1, value) if isinstance(value, str) else (2, compact(value))


def _find_rank(value: object) -> Any:
    return plain(value.find_rank() if isinstance(value, Cell) else value)
