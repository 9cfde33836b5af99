"""``-f json``."""

from __future__ import annotations

import json
import math

import pytest

from ampctl.output.json import JsonFormatter

GOLDEN_ONE = """\
{
  "id": 9223372036854775807,
  "name": "blocks, \\"raw\\" \\u65e5\\u672c",
  "is_live": true,
  "end_block": null,
  "rate": 1.5,
  "number": 1234567,
  "size": 1500000000,
  "percent": 42.12,
  "descriptor": {
    "kind": "materialize-raw",
    "end_block": null
  },
  "trace": [
    "at one",
    "at two"
  ],
  "seen_at": "2026-03-01T09:14:22.000000+00:00"
}
"""
GOLDEN_ROW = """\
[
  {
    "id": 9,
    "status": "COMPLETED",
    "dataset": null,
    "kind": null,
    "worker": "worker-1",
    "created_at": "2025-01-25T09:14:22.000000+00:00",
    "updated_at": "2026-03-01T09:14:26.000000+00:00"
  }
]
"""


@pytest.fixture(scope="module")
def emit(emit_with):
    return emit_with(JsonFormatter())


def test_a_list_is_a_list_of_objects(emit, job_names, job_rows) -> None:
    assert emit.list(job_names, job_rows[-1:]) == GOLDEN_ROW


def test_one_record_is_an_object_with_its_columns_in_order(emit, mixed) -> None:
    assert emit.one(*mixed) == GOLDEN_ONE


def test_an_empty_list_is_an_empty_list(emit) -> None:
    assert emit.list(["id"], []) == "[]\n"


def test_noindent_prints_on_one_line(emit) -> None:
    assert emit.list(["id"], [[1], [2]], "--noindent") == '[{"id": 1}, {"id": 2}]\n'


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_null(emit, number) -> None:
    assert json.loads(emit.value([number])) == [{"name": [None]}]
    assert json.loads(emit.one(["name"], [number])) == {"name": None}


def test_a_row_may_come_as_any_iterable(emit) -> None:
    assert json.loads(emit.list(["id"], (iter([number]) for number in (1, 2)))) == [
        {"id": 1},
        {"id": 2},
    ]
