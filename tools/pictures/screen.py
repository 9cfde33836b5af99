"""A terminal's screen as SVG: text that can be selected, in colours for light and dark pages."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

import pyte

_CHAR_WIDTH = 8.4
_LINE_HEIGHT = 19
_PADDING = 14
_FONTS = "ui-monospace,SFMono-Regular,Menlo,'DejaVu Sans Mono',Consolas,monospace"

# Name in pyte, colour on a light page, colour on a dark page.
_PALETTE = (
    ("black", "#24292f", "#6e7681"),
    ("red", "#c2222e", "#ff7b72"),
    ("green", "#116329", "#56d364"),
    ("brown", "#7d5700", "#e3b341"),
    ("blue", "#0756b5", "#79c0ff"),
    ("magenta", "#7d3fd0", "#d2a8ff"),
    ("cyan", "#116b74", "#56d4dd"),
    ("white", "#6e7781", "#c9d1d9"),
    ("brightblack", "#57606a", "#8b949e"),
    ("brightred", "#a40e26", "#ffa198"),
    ("brightgreen", "#1a7f37", "#7ee787"),
    ("brightbrown", "#633c01", "#f2cc60"),
    ("brightblue", "#218bff", "#a5d6ff"),
    ("brightmagenta", "#a475f9", "#e2c5ff"),
    ("brightcyan", "#3192aa", "#b3f0ff"),
    ("brightwhite", "#8c959f", "#f0f6fc"),
)
_NAMES = {name for name, _, _ in _PALETTE}


class Style(NamedTuple):
    """How a run of characters looks."""

    fore: str
    back: str
    is_bold: bool
    is_italic: bool
    is_underlined: bool


class Run(NamedTuple):
    """Characters of one style in a line, and where they begin."""

    column: int
    width: int
    text: str
    style: Style


def draw_screen(screen: pyte.Screen, *, title: str, rows: int) -> str:
    """Return an SVG document of the first lines of a screen.

    Args:
        screen: what is drawn.
        title: what the picture shows, for who can't see it.
        rows: the number of lines.
    """
    width = round(screen.columns * _CHAR_WIDTH + 2 * _PADDING)
    height = rows * _LINE_HEIGHT + 2 * _PADDING
    lines = [line for row in range(rows) for line in _draw_line(row, _split_line(screen, row))]
    size = f'width="{width}" height="{height}"'
    # The attribute for blanks is for programs that don't know the newer style.
    head = f'<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" role="img" {size}'
    return "\n".join(
        [
            f'{head} viewBox="0 0 {width} {height}" aria-label={quoteattr(title)}>',
            f"<title>{escape(title)}</title>",
            f"<style>\n{_write_style(''.join(lines))}\n</style>",
            f'<rect class="page" {size} rx="8"/>',
            *lines,
            "</svg>\n",
        ]
    )


def _split_line(screen: pyte.Screen, row: int) -> list[Run]:
    """Return the runs of a line; blanks at its end are left out."""
    line = screen.buffer[row]
    cells = [(line[column].data, _read_style(line[column])) for column in range(screen.columns)]
    plain = _read_style(screen.default_char)
    while cells and cells[-1] == (" ", plain):
        cells.pop()
    runs, column = [], 0
    for style, group in itertools.groupby(cells, key=lambda cell: cell[1]):
        texts = [text for text, _ in group]
        runs.append(Run(column, len(texts), "".join(texts), style))
        column += len(texts)
    return runs


def _read_style(char: pyte.screens.Char) -> Style:
    fore, back = char.fg, char.bg
    if char.reverse:
        fore = "page" if back == "default" else back
        back = "text" if char.fg == "default" else char.fg
    return Style(fore, back, char.bold, char.italics, char.underscore)


def _draw_line(row: int, runs: Sequence[Run]) -> Iterator[str]:
    top = _PADDING + row * _LINE_HEIGHT
    for run in runs:
        if run.style.back != "default":
            box = f'x="{_x(run.column)}" y="{top}" width="{_length(run)}" height="{_LINE_HEIGHT}"'
            yield f"<rect {box} {_name_colour(run.style.back)}/>"
    if runs:
        # One element for each line, blanks included, so that what is copied looks the same.
        yield f'<text y="{top + 14}">{"".join(map(_draw_run, runs))}</text>'


def _draw_run(run: Run) -> str:
    style = run.style
    look = "" if style.fore == "default" else f" {_name_colour(style.fore)}"
    look += ' font-weight="bold"' if style.is_bold else ""
    look += ' font-style="italic"' if style.is_italic else ""
    look += ' text-decoration="underline"' if style.is_underlined else ""
    # The reader's font may be wider or narrower than ours.
    place = f'x="{_x(run.column)}" textLength="{_length(run)}"'
    return f"<tspan {place}{look}>{escape(run.text)}</tspan>"


def _name_colour(colour: str) -> str:
    known = colour in _NAMES or colour in ("page", "text")
    return f'class="{colour}"' if known else f'fill="#{colour}"'


def _x(column: int) -> str:
    return f"{_PADDING + column * _CHAR_WIDTH:g}"


def _length(run: Run) -> str:
    return f"{run.width * _CHAR_WIDTH:g}"


def _write_style(drawn: str) -> str:
    """Return CSS of what was drawn: the light colours, and the dark ones for who prefers them."""
    used = [colour for colour in _PALETTE if f'class="{colour[0]}"' in drawn]
    light = "".join(f".{name}{{fill:{colour}}}" for name, colour, _ in used)
    dark = "".join(f".{name}{{fill:{colour}}}" for name, _, colour in used)
    return f"""text{{font:14px {_FONTS};white-space:pre}}
.page{{fill:#f6f8fa}}text,.text{{fill:#24292f}}{light}
@media(prefers-color-scheme:dark){{.page{{fill:#161b22}}text,.text{{fill:#e6edf3}}{dark}}}"""
