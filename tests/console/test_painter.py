"""Pictures on a terminal."""

from __future__ import annotations

import io

import pytest

from ampctl.console.painter import Painter, cut


def test_lines_are_cut_to_the_terminal_also_where_letters_are_wide() -> None:
    assert cut("abcdef", 4) == "abcd"
    assert cut("ab漢字c", 5) == "ab漢"
    assert cut("é", 5) == "é"


def test_colours_take_no_room_and_are_not_cut_off() -> None:
    assert cut("\033[33mabcdef\033[0m", 4) == "\033[33mabcd\033[0m"
    assert cut("ab\033[33m漢字\033[0m", 5) == "ab\033[33m漢\033[0m"


def test_colors_take_no_room_and_end_where_a_line_is_cut() -> None:
    line = "\033[1mid\033[0m  \033[1;31m✗ ERROR\033[0m"

    assert cut(line, 11) == line
    assert cut(line, 6) == "\033[1mid\033[0m  \033[1;31m✗ \033[0m"


@pytest.mark.parametrize(
    ("count", "last"),
    [(23, "line 22"), (24, "… 2 more lines: the terminal is too low for them")],
)
def test_a_picture_that_is_too_high_says_how_much_of_it_is_missing(count: int, last: str) -> None:
    terminal = io.StringIO()  # which tells no size, so that 80x24 is taken

    Painter(terminal, float).paint([f"line {number}" for number in range(count)])

    assert terminal.getvalue().rstrip("\r\n").split("\r\n")[-1].startswith(last)
