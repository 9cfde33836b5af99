"""Batches are written as their rows would be, one by one."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ampctl.output.csv import CsvFormatter
from ampctl.output.jsonl import JsonLinesFormatter
from ampctl.output.value import ValueFormatter

NAMES = ["id", "a%s", "b"]
TEXTS = st.text() | st.sampled_from(
    ["", "a,b", "=1", "-5", "-x", 'say "x"', "\\", "a b", "\x1b", "日本", "\ud800", "a\nb", "a\rb"]
)
PLAIN = st.text("abc/@:._-0", min_size=1)
# Plain but for one of them, which is enough for the batch.
NEARLY_PLAIN = st.sampled_from(
    ["a", "b", "-5", "\\", '"', "a,b", "a b", "", "=1", "\x7f", "\n", "ä", "\ud800"]
)
VALUES = TEXTS | PLAIN | st.none() | st.integers() | st.booleans() | st.floats() | st.just([1, "x"])


def batches_of(values: Any) -> Any:
    rows = st.lists(st.tuples(st.integers(-5), values, values), min_size=1, max_size=4)
    return st.lists(rows, min_size=1, max_size=3)


def write(formatter: Any, method: str, data: Any, width: int, mode: str) -> str:
    parsed_args: Any = type("Parsed", (), {"quote_mode": mode})
    stdout = io.StringIO(newline="")
    getattr(formatter, method)(NAMES[:width], data, stdout, parsed_args)
    return stdout.getvalue()


@pytest.mark.parametrize(
    "formatter",
    [CsvFormatter(), ValueFormatter(), JsonLinesFormatter()],
    ids=["csv", "value", "jsonl"],
)
@settings(max_examples=200, deadline=None)
@given(
    batches=batches_of(VALUES) | batches_of(PLAIN | st.none()) | batches_of(NEARLY_PLAIN),
    width=st.integers(1, 3),
    mode=st.sampled_from(["minimal", "all", "nonnumeric"]),
)
def test_a_batch_is_written_as_its_rows(
    formatter: Any, batches: Any, width: int, mode: str
) -> None:
    cut = [[row[:width] for row in rows] for rows in batches]
    columns = [list(map(list, zip(*rows, strict=True))) for rows in cut]

    together = write(formatter, "emit_columns", columns, width, mode)

    assert together == write(formatter, "emit_list", [r for rows in cut for r in rows], width, mode)


@pytest.mark.parametrize("formatter", [CsvFormatter(), ValueFormatter(), JsonLinesFormatter()])
def test_a_batch_is_written_before_the_next_one_is_asked_for(formatter: Any) -> None:
    stdout = io.StringIO(newline="")
    seen: list[int] = []

    def batches() -> Any:
        for number in range(3):
            seen.append(stdout.getvalue().count("worker"))
            yield [[number], ["worker"]]

    formatter.emit_columns(
        ["id", "node"], batches(), stdout, type("P", (), {"quote_mode": "minimal"})
    )

    assert seen == [0, 1, 2]
