"""Tables as lines of a picture."""

from __future__ import annotations

import io

import pytest

from ampctl.plugin import UNCUT, Column, Drawing, Look, Mark, Marked
from ampctl.testing.fakes import NOW, MemoryStream

COLUMNS: tuple[Column[str], ...] = (
    Column("name", lambda name, now: name, look=Look(least=4)),
    Column("state", lambda name, now: Marked("FATAL", Mark.FAILED), look=UNCUT),
)
HOSTILE = "a\x1b[2J\nb"


@pytest.fixture
def drawing() -> Drawing:
    return Drawing(MemoryStream(is_terminal=True), has_color=False)


def test_a_list_fits_the_width(drawing: Drawing) -> None:
    lines = drawing.draw_list(COLUMNS, ["one", "a name of some length"], NOW, 20)

    assert lines == [
        "name         state",
        "--------------------",
        "one          ✗ FATAL",
        "a name of …  ✗ FATAL",
    ]


def test_a_list_of_nothing_has_a_header(drawing: Drawing) -> None:
    assert drawing.draw_list(COLUMNS, [], NOW, 20) == ["name  state", "-----------"]


def test_one_thing_has_a_row_for_each_column(drawing: Drawing) -> None:
    lines = drawing.draw_one(COLUMNS, "one", NOW, 40)

    assert [line.split() for line in lines[2:]] == [["name", "one"], ["state", "✗", "FATAL"]]


def test_text_of_others_is_made_safe(drawing: Drawing) -> None:
    safe = "a\\x1b[2J\\nb"

    assert drawing.wrap(HOSTILE, 40) == [safe]
    assert drawing.cut(HOSTILE, 40) == safe
    assert drawing.mark(HOSTILE, Marked("FATAL", Mark.FAILED)) == f"✗ {safe}"
    assert drawing.draw_list(COLUMNS, [HOSTILE], NOW, 40)[2].startswith(safe)


def test_colors_are_for_those_who_want_them() -> None:
    drawing = Drawing(MemoryStream(is_terminal=True), has_color=True)
    mark = drawing.mark("FATAL", Marked("FATAL", Mark.FAILED))

    assert mark == "\033[1;31m✗ FATAL\033[0m"
    assert drawing.select(f"{mark} b") == f"\033[7m{mark}\033[7m b\033[0m"
    assert drawing.paint("", "1") == ""


def test_a_terminal_of_ascii_gets_signs_that_it_can_show() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    drawing = Drawing(stream, has_color=False)

    assert drawing.is_ascii
    assert drawing.mark("FATAL", Marked("FATAL", Mark.FAILED)) == "! FATAL"
    assert "! FATAL" in drawing.draw_list(COLUMNS, ["one"], NOW, 40)[2]


def test_pieces_flow_into_lines_and_none_breaks() -> None:
    drawing = Drawing(MemoryStream(is_terminal=True), has_color=True)
    painted = drawing.paint("bb", "1")

    assert drawing.flow(["aa", painted, "c c", "a longer one"], 8) == [
        f"aa  {painted}",
        "c c",
        "a longer one",
    ]
    assert drawing.flow([], 8) == []
