"""How a table is laid out: the width of text, where it breaks or is cut, and the lines."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterator, Sequence

# Text may break after these: between words, and inside paths, datasets, hosts and JSON.
_PIECE = re.compile(r"[^ /@,:-]*[ /@,:-]|[^ /@,:-]+")


def display_width(text: str) -> int:
    """Return how many columns the widest line of ``text`` takes."""
    if "\n" in text:
        return max(map(display_width, text.split("\n")))
    if text.isascii():
        return len(text)
    # Imported here: it is large, and most of what is shown is ASCII.
    from wcwidth import wcswidth

    return wcswidth(text)


def draw(
    names: Sequence[str],
    rows: Sequence[Sequence[str]],
    numeric: Sequence[bool],
    gap: int,
    paint: Callable[[int, int, str], str] | None = None,
) -> Iterator[str]:
    """Yield the lines of a table: the names, a rule, and the rows, without blanks at the end.

    Args:
        names: the names of the columns.
        rows: their cells, each of one line or several.
        numeric: for each column whether it is aligned right.
        gap: the number of blanks between two columns.
        paint: returns a text with its colors; its row is counted from 0, that of the names is -1.
    """
    widths = list(map(_find_widest, zip(names, *rows, strict=True)))

    def draw_numbered(number: int, row: Sequence[str]) -> Iterator[str]:
        paint_row = functools.partial(paint, number) if paint else None
        return draw_row(row, widths, numeric, gap, paint_row)

    # A line of ASCII without colors, as in a pipe, is padded at once: tables are long there.
    template = (" " * gap).join(
        f"%{'' if is_right else '-'}{width}s"
        for width, is_right in zip(widths, numeric, strict=True)
    )
    yield from draw_numbered(-1, names)
    yield "-" * (sum(widths) + gap * (len(widths) - 1))
    for number, row in enumerate(rows):
        line = template % tuple(row)
        if paint is None and line.isascii() and "\n" not in line:
            yield line.rstrip(" ")
        else:
            yield from draw_numbered(number, row)


def draw_row(
    row: Sequence[str],
    widths: Sequence[int],
    numeric: Sequence[bool],
    gap: int,
    paint: Callable[[int, str], str] | None = None,
) -> Iterator[str]:
    """Yield the lines of one row; see :func:`draw`. A text that is too wide moves those behind it.

    Args:
        row: the texts, each of one line or several.
        widths: those of the columns.
        numeric: as for :func:`draw`, like the gap.
        gap: the number of blanks between two columns.
        paint: returns a text of a column with its colors; None if it has none.
    """
    for parts in itertools.zip_longest(*(cell.split("\n") for cell in row), fillvalue=""):
        padded = (
            _pad(paint(column, text) if paint else text, width - display_width(text), is_right)
            for column, (text, width, is_right) in enumerate(
                zip(parts, widths, numeric, strict=True)
            )
        )
        yield (" " * gap).join(padded).rstrip(" ")


def _find_widest(column: Sequence[str]) -> int:
    joined = "".join(column)
    is_simple = joined.isascii() and "\n" not in joined
    return max(map(len if is_simple else display_width, column))


def _pad(text: str, count: int, is_right: bool) -> str:
    blanks = " " * count
    return blanks + text if is_right else text + blanks


def find_longest_piece(text: str) -> int:
    """Return the width of what can't break, where that is largest in ``text``."""
    pieces = (piece for line in text.split("\n") for piece in _PIECE.findall(line))
    return max((display_width(piece.rstrip(" ")) for piece in pieces), default=0)


def shrink(widths: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Take from the widest columns, the last one first, until all have ``room`` together."""
    shrunk = [min(now, max(room, low)) for now, low in zip(widths, least, strict=True)]
    while sum(shrunk) > room:
        wide = [index for index, low in enumerate(least) if shrunk[index] > low]
        if not wide:
            break
        shrunk[max(wide, key=lambda index: (shrunk[index], index))] -= 1
    return shrunk


def cut(text: str, width: int) -> str:
    """Return the first line of ``text``, with ``…`` in the place of what is too wide."""
    first, *others = text.split("\n", 1)
    if not others and display_width(first) <= width:
        return first
    shown = ""
    for char in first:
        if display_width(shown + char) >= width:
            break
        shown += char
    return f"{shown}…"


def cut_front(text: str, width: int) -> str:
    """Return ``text`` with ``…`` in the place of what is too wide at its front."""
    if "\n" in text or display_width(text) <= width:
        return cut(text, width)
    start = len(text)
    while display_width(text[start - 1 :]) < width:
        start -= 1
    # A mark that belongs to the character before it is cut off with that.
    while display_width(text[start : start + 1]) == 0 and start < len(text):
        start += 1
    return f"…{text[start:]}"


def wrap(text: str, width: int) -> str:
    """Break the lines of ``text`` so that none is wider than ``width``."""
    return "\n".join(part for line in text.split("\n") for part in _wrap_line(line, width))


def _wrap_line(line: str, width: int) -> list[str]:
    if display_width(line) <= width:
        return [line]
    parts = [""]
    for piece in _PIECE.findall(line):
        if display_width((parts[-1] + piece).rstrip(" ")) <= width:
            parts[-1] += piece
        elif display_width(piece.rstrip(" ")) <= width:
            parts.append(piece)
        else:
            _cut(piece, width, parts)
    return [part.rstrip(" ") for part in parts if part]


def _cut(piece: str, width: int, parts: list[str]) -> None:
    """Add ``piece``, which is wider than a line, character by character."""
    for char in piece:
        if display_width(parts[-1] + char) > width:
            parts.append("")
        parts[-1] += char
