"""``-f jsonl``."""

from __future__ import annotations

import io
import json
import math

import pytest

from ampctl.output.jsonl import JsonLinesFormatter

GOLDEN_ONE = (
    '{"id":9223372036854775807,"name":"blocks, \\"raw\\" \\u65e5\\u672c","is_live":true,'
    '"end_block":null,"rate":1.5,"number":1234567,"size":1500000000,"percent":42.12,'
    '"descriptor":{"kind":"materialize-raw","end_block":null},"trace":["at one","at two"],'
    '"seen_at":"2026-03-01T09:14:22.000000+00:00"}\n'
)


@pytest.fixture(scope="module")
def emit(emit_with):
    return emit_with(JsonLinesFormatter())


def test_one_record_is_one_compact_line(emit, mixed) -> None:
    assert emit.one(*mixed) == GOLDEN_ONE


def test_a_list_has_a_line_for_each_row(emit, job_names, job_rows) -> None:
    lines = emit.list(job_names, job_rows).splitlines()
    assert [json.loads(line)["id"] for line in lines] == [12345, 12344, 9]
    assert list(json.loads(lines[0])) == job_names


def test_an_empty_list_prints_nothing(emit) -> None:
    assert emit.list(["id"], []) == ""


@pytest.mark.parametrize("row", [(1,), (1, 2, 3)], ids=["short", "long"])
def test_a_row_of_another_length_than_the_header_loses_nothing_unseen(emit, row) -> None:
    with pytest.raises(ValueError, match="zip"):
        emit.list(["id", "name"], [row])


def test_a_number_that_is_not_finite_is_null(emit) -> None:
    assert emit.value([math.nan, 1]) == '{"name":[null,1]}\n'


def test_every_record_is_flushed_before_the_next_is_asked_for(emit) -> None:
    raw = io.BytesIO()
    stdout = io.TextIOWrapper(raw, encoding="utf-8")
    seen = []

    def rows():
        for number in (1, 2):
            yield (number,)
            seen.append(raw.getvalue())

    JsonLinesFormatter().emit_list(["id"], rows(), stdout, None)
    assert seen == [b'{"id":1}\n', b'{"id":1}\n{"id":2}\n']
