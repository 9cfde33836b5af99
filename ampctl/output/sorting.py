"""``--sort-column``: an order that any values have, whatever their types."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any

from ampctl.output.cells import Cell
from ampctl.output.values import compact, plain

Row = Sequence[Any]


def sort_rows(rows: Iterable[Row], indexes: Sequence[int], *, descending: bool) -> list[Row]:
    """Return the rows in the order of their machine forms, or of what their cells rank by.

    Numbers come before text and text before objects; None is last, also where the largest is first.

    Args:
        rows: what to sort.
        indexes: the columns to sort by; a later one counts where those before it are equal.
        descending: whether the largest is first.
    """
    ordered = list(rows)
    # Sorting keeps the order of what is equal, so the column that counts most is sorted last.
    for index in reversed(indexes):
        ranked = functools.partial(_rank, index=index)
        known = [row for row in ordered if _find_rank(row[index]) is not None]
        unknown = [row for row in ordered if _find_rank(row[index]) is None]
        ordered = sorted(known, key=ranked, reverse=descending) + unknown
    return ordered


def _rank(row: Row, *, index: int) -> tuple[int, Any]:
    value = _find_rank(row[index])
    if isinstance(value, (int, float)):
        return 0, value
    return (1, value) if isinstance(value, str) else (2, compact(value))


def _find_rank(value: object) -> Any:
    return plain(value.find_rank() if isinstance(value, Cell) else value)
