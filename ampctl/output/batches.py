"""Batches of rows, column by column: what formats can write a thousand rows at a time.

A batch is a list of columns, each a sequence of plain values: None, whole numbers and texts here,
anything that :func:`~ampctl.plugin.plain` gives in general.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TextIO

Columns = Sequence[Sequence[Any]]

# Neither a control nor a quote nor a backslash: what formats write as it is.
_PLAIN = bytes(set(range(ord(" "), 127)) - set(b'"\\'))


def is_plain(texts: Sequence[str], separator: str = "\n") -> bool:
    """Tell whether all texts are ASCII without controls, quotes, backslashes and separators."""
    joined = "".join(texts)
    return (
        joined.isascii() and separator not in joined and not joined.encode().translate(None, _PLAIN)
    )


def to_texts(column: Sequence[Any], null: str) -> Sequence[str] | None:
    """Return the values as texts; None if there are others than texts, whole numbers and None.

    Args:
        column: the values.
        null: the text of None.
    """
    types = set(map(type, column))
    if types == {str}:
        return column
    if types == {int}:
        return list(map(str, column))
    if types <= {str, type(None)}:
        return [null if value is None else value for value in column]
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
    texts = [to_texts(column, null) for column in columns]
    for column in texts:
        if column is None or not is_plain(column, separator) or needs_care(column):
            return None
    return "".join(f"{line}\n" for line in map(separator.join, zip(*texts, strict=True)))


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
