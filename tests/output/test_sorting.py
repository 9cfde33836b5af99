"""The order of rows."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from cliff.columns import FormattableColumn

from ampctl.output.cells import Cell, Number, Short, Timestamp
from ampctl.output.sorting import sort_rows
from ampctl.testing import NOW

MIXED: list[Any] = ["b", None, {"a": 1}, 10, "a", 2.5, True, [1]]
RISING: list[Any] = [True, 2.5, 10, "a", "b", [1], {"a": 1}, None]


@pytest.mark.parametrize(
    ("descending", "expected"),
    [(False, RISING), (True, [*RISING[-2::-1], None])],
    ids=["smallest first", "largest first"],
)
def test_values_of_any_types_have_an_order_and_none_is_last(
    descending: bool, expected: list[Any]
) -> None:
    rows = sort_rows([(value,) for value in MIXED], [0], descending=descending)

    assert [value for (value,) in rows] == expected


def test_cells_are_sorted_by_what_machines_are_given() -> None:
    rows = [(Number(10), Short("b", "1")), (Number(9), Short("a", "2")), (Number(None), None)]

    assert sort_rows(rows, [0], descending=False) == [rows[1], rows[0], rows[2]]
    assert sort_rows(rows, [1], descending=True) == [rows[0], rows[1], rows[2]]


def test_a_later_column_counts_where_the_first_is_equal() -> None:
    now = Timestamp(NOW, NOW)
    rows = [("b", 1, now), ("a", 2, now), ("a", 1, now)]

    assert sort_rows(rows, [2, 0, 1], descending=False) == [rows[2], rows[1], rows[0]]


class Total(Cell[list[int]]):
    """A cell that is sorted by something else than it shows."""

    def rank(self, value: list[int]) -> int:
        return sum(value)


def test_a_cell_may_say_what_it_is_sorted_by() -> None:
    rows = [[Total([9])], [Total(None)], [Total([1, 2])], [Total([10, 0])]]

    ordered = sort_rows(rows, [0], descending=False)

    assert [row[0].machine_readable() for row in ordered] == [[1, 2], [9], [10, 0], None]


class Named(FormattableColumn[Any]):
    """A cell of somebody else's."""

    def human_readable(self) -> str:
        return f"<{self._value}>"


@pytest.mark.parametrize(
    "rising",
    [
        [Decimal("9.5"), Decimal("10.25")],
        [(1, 9), (1, 10)],
        [[2], [10]],
        [datetime.date(999, 1, 1), datetime.date(2026, 1, 1)],
        [Named(9), Named(10)],
        [{"a": 1}, {"a": 2}],
        [Named({"a": 1}), Named({"a": 2})],
        [Named(9), Named(None)],
    ],
    ids=repr,
)
def test_values_of_one_type_are_in_its_own_order(rising: list[Any]) -> None:
    rows = [(value,) for value in reversed(rising)]

    assert [value for (value,) in sort_rows(rows, [0], descending=False)] == rising
