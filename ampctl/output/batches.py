"""Batches of rows, column by column: what formats can write a thousand rows at a time.

A batch is a list of columns, each a sequence of plain values: None, whole numbers and texts here,
anything that :func:`~ampctl.plugin.plain` gives in general.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TextIO

Columns = Sequence[Sequence[Any]]


def to_texts(
    column: Sequence[Any], null: str, show: Callable[[str], str] = str
) -> list[str] | None:
    """Return the values as texts; None if there are others than texts, whole numbers and None.

    Args:
        column: the values.
        null: the text of None.
        show: makes the text of a text.
    """
    types = set(map(type, column))
    if types == {str}:
        return list(column) if show is str else list(map(show, column))
    if types == {int}:
        return list(map(str, column))
    if types <= {str, type(None)}:
        return [null if value is None else show(value) for value in column]
    return None


def join_plain(
    columns: Columns, separator: str, *, null: str, needs_care: Callable[[Sequence[str]], bool]
) -> str | None:
    """Return the rows of a batch, a line for each; None if any text may need to be changed.

    Args:
        columns: the batch.
        separator: what stands between two values.
        null: the text of None.
        needs_care: tells of the texts of a column whether any of them is written differently.
    """
    texts = []
    for column in columns:
        text = to_texts(column, null)
        if text is None or needs_care(text):
            return None
        texts.append(text)
    return _join_rows(texts, separator)


def write_batches(
    batches: Iterable[Columns],
    stdout: TextIO,
    join: Callable[[Columns], str | None],
    write_rows: Callable[[Iterable[Sequence[Any]]], None],
) -> None:
    """Write each batch as ``join`` returns it, or its single rows where it returns None."""
    for columns in batches:
        text = join(columns)
        if text is None:
            write_rows(zip(*columns, strict=True))
        else:
            stdout.write(text)


def _join_rows(columns: Sequence[list[str]], separator: str) -> str | None:
    """Return the rows, a line for each; None if any text may need to be changed or quoted.

    Only ASCII without controls, quotes, backslashes and further separators is let through, checked
    for all rows at once.
    """
    text = "\n".join(map(separator.join, zip(*columns, strict=True)))
    rows, joints = len(columns[0]), len(columns) - 1
    is_plain = text.isascii() and text.replace("\n", "").isprintable()
    if not is_plain or '"' in text or "\\" in text or text.count("\n") != rows - 1:
        return None
    return text + "\n" if text.count(separator) == rows * joints else None
