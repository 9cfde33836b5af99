"""Batches of rows, column by column: what formats can write a thousand rows at a time.

A batch is a list of columns, each a sequence of plain values: None, whole numbers and texts here,
anything that :func:`~ampctl.plugin.plain` gives in general.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

Columns = Sequence[Sequence[Any]]

# What is seen as it is, and is a single column wide.
_VISIBLE_ASCII = bytes(range(ord(" "), 127))


def is_plain(texts: Sequence[str], special: str = "") -> bool:
    """Tell whether all texts are ASCII without controls and without the special characters."""
    joined = "".join(texts)
    if not joined.isascii() or joined.encode().translate(None, _VISIBLE_ASCII):
        return False
    return not any(map(joined.__contains__, special))


def join_rows(
    columns: Columns,
    separator: str,
    *,
    null: str,
    is_ready: Callable[[Sequence[str]], bool],
    write: Callable[[Sequence[Any]], Sequence[str]],
) -> str:
    """Return the rows of a batch, a line for each.

    Args:
        columns: the batch.
        separator: what stands between two values.
        null: the text of None.
        is_ready: tells of the texts of a column whether all of them stand in a line as they are.
        write: makes the texts of the values of any other column, one by one.
    """

    def to_texts(column: Sequence[Any]) -> Sequence[str]:
        try:
            return column if is_ready(column) else write(column)
        except TypeError:  # texts are joined to be looked at, and nothing else can be
            texts = _to_texts(column, null)
            return write(column) if texts is None or not is_ready(texts) else texts

    lines = map(separator.join, zip(*map(to_texts, columns), strict=True))
    return "".join(f"{line}\n" for line in lines)


def join_between(pieces: Sequence[str], texts: Sequence[Sequence[str]]) -> str:
    """Return the rows of a batch, each of them the pieces with a text between every two."""
    parts: list[Iterable[str]] = [itertools.repeat(pieces[0])]
    for column, piece in zip(texts, pieces[1:], strict=True):
        parts += [column, itertools.repeat(piece)]
    # What is repeated has no end, so that the lengths differ.
    return "".join(map("".join, zip(*parts, strict=False)))


def _to_texts(column: Sequence[Any], null: str) -> Sequence[str] | None:
    """Return whole numbers as texts, or texts among which are None; None for any other values."""
    types = set(map(type, column))
    if types == {int}:
        return list(map(str, column))
    if types <= {str, type(None)}:
        return [null if value is None else value for value in column]
    return None
