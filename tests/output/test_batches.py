"""Batches are written as their rows would be, one by one."""

from __future__ import annotations

import argparse
import io
import sys
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ampctl.output.csv import CsvFormatter
from ampctl.output.jsonl import JsonLinesFormatter
from ampctl.output.value import ValueFormatter
from ampctl.output.yaml import YamlFormatter

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
    [CsvFormatter(), ValueFormatter(), JsonLinesFormatter(), YamlFormatter()],
    ids=["csv", "value", "jsonl", "yaml"],
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


@pytest.mark.parametrize(
    ("formatter", "one_by_one"),
    [
        (CsvFormatter(), "ampctl.output.csv._write_fields"),
        (ValueFormatter(), "ampctl.output.value._write_values"),
        (JsonLinesFormatter(), "ampctl.output.jsonl.compact"),
    ],
    ids=["csv", "value", "jsonl"],
)
def test_only_a_column_that_needs_care_is_written_value_by_value(
    formatter: Any, one_by_one: str
) -> None:
    ordinary: list[list[Any]] = [[1, 2], ["RUNNING", "eth/blocks@0"], ["worker-1", "2026-03-01"]]
    module, _, name = one_by_one.rpartition(".")
    care = mock.Mock(side_effect=getattr(sys.modules[module], name))
    parsed_args = argparse.Namespace(quote_mode="minimal")

    with mock.patch(one_by_one, care):
        formatter.emit_columns(NAMES, [ordinary], io.StringIO(newline=""), parsed_args)
        asked = care.call_count
        odd = [*ordinary[:2], [[1, "\x1b"], 'the "second", \x1b']]
        formatter.emit_columns(NAMES, [odd], io.StringIO(newline=""), parsed_args)

    # The names of the columns are JSON as well.
    assert asked == (len(NAMES) if name == "compact" else 0)
    assert care.call_count > 2 * asked


def test_yaml_is_written_when_all_of_it_is_there() -> None:
    stdout = io.StringIO()

    def batches() -> Any:
        yield [[1], ["worker"]]
        raise OSError

    with pytest.raises(OSError):
        YamlFormatter().emit_columns(["id", "node"], batches(), stdout, argparse.Namespace())

    assert stdout.getvalue() == ""


@pytest.mark.parametrize("name", ["0", "yes", "a: b", "it's", "\x1b", "x" * 200, ""], ids=ascii)
def test_yaml_has_any_name_as_a_key(name: str) -> None:
    one, other = io.StringIO(), io.StringIO()
    parsed_args = argparse.Namespace()

    YamlFormatter().emit_columns([name, "b"], [[[1, 2], ["x", None]]], one, parsed_args)
    YamlFormatter().emit_list([name, "b"], [(1, "x"), (2, None)], other, parsed_args)

    assert one.getvalue() == other.getvalue()


def test_yaml_of_no_rows_is_an_empty_list() -> None:
    stdout = io.StringIO()
    YamlFormatter().emit_columns(["id"], [], stdout, argparse.Namespace())
    assert stdout.getvalue() == "[]\n"
