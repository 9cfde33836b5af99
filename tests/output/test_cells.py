"""Cells: one value, one form for people and one for machines."""

from __future__ import annotations

import datetime
import math
from typing import Any

import pytest

from ampctl.output.cells import Cell, Duration, Json, Lines, Number, Percent, Short, Size, Timestamp

NOW = datetime.datetime(2026, 3, 1, 9, 14, 22, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("cell", "human", "machine"),
    [
        (
            Timestamp(NOW - datetime.timedelta(minutes=3), NOW),
            "3m ago",
            "2026-03-01T09:11:22.000000+00:00",
        ),
        (Size(0), "0 B", 0),
        (Size(1023), "1023 B", 1023),
        (Size(1024), "1.0 KiB", 1024),
        (Size(1_503_238_553), "1.4 GiB", 1_503_238_553),
        (Size(1024**2 - 1), "1.0 MiB", 1024**2 - 1),
        (Size(2**63 - 1), "8.0 EiB", 2**63 - 1),
        (Number(1234567), "1,234,567", 1234567),
        (Percent(42.1234), "42.1 %", 42.12),
        (Percent(100), "100.0 %", 100.0),
        (Short("materialize-raw", "raw"), "raw", "materialize-raw"),
        (Json({"a": [1, None]}), '{"a":[1,null]}', {"a": [1, None]}),
        (Lines(["a", "b"]), "a\nb", ["a", "b"]),
    ],
    ids=repr,
)
def test_a_cell_has_a_form_for_people_and_one_for_machines(
    cell: Cell[Any], human: str, machine: object
) -> None:
    assert cell.human_readable() == human
    assert cell.machine_readable() == machine


@pytest.mark.parametrize(
    "cell",
    [
        Timestamp(None, NOW),
        Size(None),
        Number(None),
        Percent(None),
        Percent(math.nan),
        Percent(math.inf),
        Short(None, None),
        Duration(None),
        Json(None),
        Lines(None),
    ],
    ids=repr,
)
def test_an_unknown_value_is_a_dash_for_people_and_null_for_machines(cell: Cell[Any]) -> None:
    assert cell.human_readable() == "-"
    assert cell.machine_readable() is None


def test_a_short_form_may_say_what_null_means() -> None:
    cell = Short(None, "continuous")

    assert (cell.human_readable(), cell.machine_readable()) == ("continuous", None)


@pytest.mark.parametrize(
    ("seconds", "human"),
    [(7322.12349, "2h"), (12.6, "12s"), (9.97, "9s"), (9.9, "9.9s"), (0.4, "0.4s"), (0, "0s")],
)
def test_a_duration_is_in_units_for_people_and_in_seconds_for_machines(
    seconds: float, human: str
) -> None:
    cell = Duration(seconds)

    assert (cell.human_readable(), cell.machine_readable()) == (human, round(seconds, 3))


def test_lines_may_have_other_values_for_machines() -> None:
    cell = Lines(["a  1", "b  2"], [{"a": 1}, {"b": 2}])

    assert cell.human_readable() == "a  1\nb  2"
    assert cell.machine_readable() == [{"a": 1}, {"b": 2}]


def test_a_short_text_without_a_shorter_form_is_itself() -> None:
    assert Short("derived", None).human_readable() == "derived"


def test_lines_show_control_characters_and_breaks_inside_a_line() -> None:
    assert Lines(["a\nb", "\x1b[0m"]).human_readable() == "a\\nb\n\\x1b[0m"


@pytest.mark.parametrize(
    "cells",
    [
        [Number(1), Number(3), Number(None), Number(None)],
        [Timestamp(NOW, NOW), Timestamp(NOW + datetime.timedelta(1), NOW), Timestamp(None, NOW)],
        [Json({"a": 1}), Json({"b": 1}), Json(None)],
        [Short("a", "z"), Short("b", "y"), Short(None, None)],
    ],
    ids=lambda cells: type(cells[0]).__name__,
)
def test_cells_sort_by_value_with_unknown_ones_last(cells: list[Cell[Any]]) -> None:
    # The key is the one of cliff's --sort-column.
    backwards = cells[::-1]
    assert sorted(backwards, key=lambda cell: (cell is None, cell)) == cells
    assert sorted(cells, key=lambda cell: (cell is None, cell), reverse=True)[-1] == cells[0]


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), float("-inf")])
def test_a_share_that_is_no_number_is_unknown(value: float | None) -> None:
    cell = Percent(value)

    assert (cell.human_readable(), cell.machine_readable()) == ("-", None)


class Pair(Cell[tuple[str, int]]):
    """A cell as a plugin writes it."""

    def show(self, value: tuple[str, int]) -> str:
        return f"{value[0]} {value[1]}"

    def convert(self, value: tuple[str, int]) -> dict[str, int]:
        return {value[0]: value[1]}

    def rank(self, value: tuple[str, int]) -> int:
        return value[1]


def test_a_cell_of_a_plugin_says_how_it_is_shown_converted_and_sorted() -> None:
    few, many, unknown = Pair(("b", 1)), Pair(("a", 2)), Pair(None)

    assert (few.human_readable(), unknown.human_readable()) == ("b 1", "-")
    assert (few.machine_readable(), unknown.machine_readable()) == ({"b": 1}, None)
    assert sorted([unknown, many, few]) == [few, many, unknown]
