"""Ids on the command line: single ones, ranges, and those on standard input."""

from __future__ import annotations

import argparse
import io

import pytest

from ampctl.bases.ids import MOST_IDS
from ampctl.plugin import UsageError, expand_ids, parse_ids


def expand(*texts: str, stdin: str = "") -> list[int]:
    return expand_ids(map(parse_ids, texts), io.StringIO(stdin))


@pytest.mark.parametrize(
    ("texts", "stdin", "ids"),
    [
        (("7",), "", [7]),
        (("9-12",), "", [9, 10, 11, 12]),
        (("7-7", "9223372036854775807"), "", [7, 2**63 - 1]),
        (("8", "7", "7-9", "8"), "", [8, 7, 9]),
        (("5", "-", "6"), "9\n7 8\n\n 5-6 \n", [5, 9, 7, 8, 6]),
        (("-",), "", []),
        (("-", "-"), "3\n", [3]),
        ((f"1-{MOST_IDS}",), "", list(range(1, MOST_IDS + 1))),
    ],
    ids=str,
)
def test_each_id_is_taken_once_in_the_order_in_which_it_was_named(
    texts: tuple[str, ...], stdin: str, ids: list[int]
) -> None:
    assert expand(*texts, stdin=stdin) == ids


@pytest.mark.parametrize(
    "text",
    ["", "x", "0", "-1", "1-", "1-2-3", "1 - 2", "+7", "1_0", "７", "9223372036854775808", "1-0"],
)
def test_what_is_neither_an_id_nor_a_range_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        parse_ids(text)


@pytest.mark.parametrize("text", ["1-1000000000", "1-9223372036854775807", f"1-{MOST_IDS + 1}"])
def test_a_range_of_too_many_is_refused_before_it_takes_memory(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="a range of more than 100,000 ids"):
        parse_ids(text)


def test_ranges_that_are_too_many_together_are_refused() -> None:
    with pytest.raises(UsageError, match="more than 100,000 ids"):
        expand(f"1-{MOST_IDS}", str(MOST_IDS + 1))


def test_a_stream_without_an_end_is_not_read_to_the_end() -> None:
    class Endless(io.StringIO):
        lines = 0

        def __next__(self) -> str:
            self.lines += 1
            return f"{self.lines}\n"

    with pytest.raises(UsageError, match="more than 100,000 ids"):
        expand_ids(["-"], Endless())


@pytest.mark.parametrize("text", ["7\nx\n", "7 -\n", "id\n"])
def test_standard_input_with_something_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="standard input"):
        expand("-", stdin=text)


def test_standard_input_that_can_not_be_read_is_refused() -> None:
    closed = io.StringIO("7\n")
    closed.close()

    with pytest.raises(UsageError, match="can't read standard input: I/O operation on closed"):
        expand_ids(["-"], closed)
