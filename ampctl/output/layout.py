"""How a table is laid out: how it fits into a width, where text breaks, and its lines."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

_NARROWEST = 8

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
    names: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[bool], gap: int
) -> Iterator[str]:
    """Yield the lines of a table: the names, a rule, and the rows, without blanks at the end.

    Args:
        names: the names of the columns.
        rows: their cells, each of one line or several.
        numeric: for each column whether it is aligned right.
        gap: the number of blanks between two columns.
    """
    widths = [max(map(display_width, column)) for column in zip(names, *rows, strict=True)]

    def draw_row(row: Sequence[str]) -> Iterator[str]:
        for parts in itertools.zip_longest(*(cell.split("\n") for cell in row), fillvalue=""):
            yield (" " * gap).join(map(_pad, parts, widths, numeric)).rstrip(" ")

    yield from draw_row(names)
    yield "-" * (sum(widths) + gap * (len(widths) - 1))
    yield from itertools.chain.from_iterable(map(draw_row, rows))


def _pad(text: str, width: int, is_right: bool) -> str:
    blanks = " " * (width - display_width(text))
    return blanks + text if is_right else text + blanks


def fit_columns(
    names: Sequence[str], rows: Sequence[Sequence[str]], width: int
) -> tuple[list[int], int]:
    """Return the widths of the columns and of the gap between them for a table of ``width``.

    First the gap gets narrower, then the widest columns break between words, then words are
    cut, down to eight columns. Headers are not cut: a table of many columns may be too wide.
    """
    columns = list(zip(names, *rows, strict=True))
    natural = [max(map(display_width, column)) for column in columns]
    headers = list(map(display_width, names))
    whole = [max(map(_longest_piece, column)) for column in columns]
    whole = list(map(max, headers, whole))
    cut = [
        max(header, min(_NARROWEST, most)) for header, most in zip(headers, natural, strict=True)
    ]

    joints = len(names) - 1
    gap = 2 if joints < 2 or sum(natural) + 2 * joints <= width else 1
    widths = shrink(natural, whole, width - gap * joints)
    return shrink(widths, cut, width - gap * joints), gap


def _longest_piece(text: str) -> int:
    return max((display_width(piece.rstrip(" ")) for piece in _pieces(text)), default=0)


def _pieces(text: str) -> list[str]:
    return [piece for line in text.split("\n") for piece in _PIECE.findall(line)]


def shrink(widths: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Take from the widest columns, the last one first, until all have ``room`` together."""
    shrunk = [min(now, max(room, low)) for now, low in zip(widths, least, strict=True)]
    while sum(shrunk) > room:
        wide = [index for index, low in enumerate(least) if shrunk[index] > low]
        if not wide:
            break
        shrunk[max(wide, key=lambda index: (shrunk[index], index))] -= 1
    return shrunk


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
