"""How a table fits into a terminal."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import termios

import prettytable
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampctl.console.streams import terminal_width
from ampctl.output.layout import cut, cut_front, display_width, draw, shrink, wrap


@pytest.mark.parametrize(
    ("columns", "expected"),
    [("132", 132), ("0", 80), ("-5", 80), ("wide", 80), ("１２", 80), ("9" * 5_000, 80)],
    ids=lambda value: str(value)[:5],
)
def test_columns_decides_if_it_is_a_sensible_number(columns: str, expected: int) -> None:
    assert terminal_width(io.StringIO(), {"COLUMNS": columns}) == expected


@pytest.mark.parametrize(("actual", "expected"), [(97, 97), (0, 80)])
def test_the_terminal_of_the_very_stream_is_asked(actual: int, expected: int) -> None:
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, actual, 0, 0))
    with os.fdopen(leader, "rb"), os.fdopen(follower, "w") as stdout:
        assert terminal_width(stdout, {}) == expected


def test_wide_characters_count_twice_and_the_widest_line_counts() -> None:
    assert display_width("日本") == 4
    assert display_width("a\nabc") == 3
    assert display_width("") == 0


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("eth_mainnet/blocks@0123abc", 19, "eth_mainnet/blocks@\n0123abc"),
        ("one two three", 7, "one two\nthree"),
        ("one two", 3, "one\ntwo"),
        ("abcdefgh", 3, "abc\ndef\ngh"),
        ("a bcdefgh", 3, "a b\ncde\nfgh"),
        ("日本語", 4, "日本\n語"),
        ("a\nlong line", 4, "a\nlong\nline"),
        ("", 5, ""),
    ],
)
def test_text_breaks_between_words_and_in_them_only_if_it_must(text, width, expected) -> None:
    assert wrap(text, width) == expected


@given(st.text(alphabet="ab /@-日"), st.integers(2, 9))
def test_no_wrapped_line_is_too_wide_and_nothing_but_blanks_is_lost(text, width) -> None:
    wrapped = wrap(text, width)
    assert display_width(wrapped) <= width
    assert wrapped.replace("\n", "").replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("日本語", 4, "日…"),
        ("日本語", 5, "日本…"),
        ("one\ntwo", 9, "one…"),
        ("", 1, ""),
    ],
)
def test_what_is_cut_ends_in_an_ellipsis(text: str, width: int, expected: str) -> None:
    assert cut(text, width) == expected


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("worker-1", 8, "worker-1"),
        ("worker-17", 8, "…rker-17"),
        ("日本語", 4, "…語"),
        ("日本語", 5, "…本語"),
        ("one\ntwo", 9, "one…"),
        ("", 1, ""),
        ("x" * 3_000_000, 4, "…xxx"),
        ("cafe\u0301s", 2, "…s"),
        ("cafe\u0301s", 3, "…e\u0301s"),
        ("\u0301", 1, "\u0301"),
    ],
)
def test_what_is_cut_at_the_front_keeps_its_end(text: str, width: int, expected: str) -> None:
    assert cut_front(text, width) == expected


def test_a_huge_width_is_not_walked_down_step_by_step() -> None:
    assert shrink([10**15, 5], [8, 5], 80) == [75, 5]


def draw_with_prettytable(names, rows, numeric, gap) -> list[str]:
    """Return the lines of the same table as prettytable draws it, without its frame."""
    table = prettytable.PrettyTable(names, print_empty=True)
    table.hrules = prettytable.HRuleStyle.HEADER
    table.vertical_char = " "
    table.junction_char = table.horizontal_char
    table.right_junction_char = " "
    table.left_padding_width, table.right_padding_width = gap - 1, 0
    for name, is_number in zip(names, numeric, strict=True):
        table.align[name] = "r" if is_number else "l"
    table.add_rows(rows)
    return [line[gap:].rstrip(" ") for line in table.get_string().split("\n")]


# Ordinary, wide, combining and joined characters, as text has them after printable().
_PIECES = st.sampled_from([*"aB9 -é日ｱ", "e\u0301", "☺\ufe0f", "👨\u200d👩\u200d👧"])
_LINE = st.lists(_PIECES, max_size=6).map("".join)
_CELL = st.lists(_LINE, min_size=1, max_size=3).map("\n".join)


@st.composite
def make_tables(draw_from):
    names = draw_from(st.lists(_LINE, min_size=1, max_size=4, unique=True))
    row = st.lists(_CELL, min_size=len(names), max_size=len(names))
    numeric = st.lists(st.booleans(), min_size=len(names), max_size=len(names))
    return names, draw_from(st.lists(row, max_size=4)), draw_from(numeric)


@given(make_tables(), st.integers(1, 2))
def test_a_table_is_drawn_as_prettytable_draws_it(table, gap) -> None:
    assert list(draw(*table, gap)) == draw_with_prettytable(*table, gap)
