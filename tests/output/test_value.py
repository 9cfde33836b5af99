"""``-f value``."""

from __future__ import annotations

import io

import pytest

from ampctl.output.value import ValueFormatter

GOLDEN_LIST = """\
12345 STOP_REQUESTED eth_mainnet/blocks@0123abc materialize-raw worker-1 \
2026-03-01T07:12:42.000000+00:00 2026-03-01T09:11:12.000000+00:00
12344 RUNNING eth_mainnet/logs@89ab012 materialize-derived worker-12 \
2026-02-17T09:14:22.000000+00:00 2026-03-01T09:14:18.000000+00:00
9 COMPLETED - - worker-1 2025-01-25T09:14:22.000000+00:00 2026-03-01T09:14:26.000000+00:00
"""
GOLDEN_ONE = """\
9223372036854775807
blocks, "raw" 日本
true
-
1.5
1234567
1500000000
42.12
{"kind":"materialize-raw","end_block":null}
["at one","at two"]
2026-03-01T09:14:22.000000+00:00
"""


@pytest.fixture(scope="module")
def emit(emit_with):
    return emit_with(ValueFormatter())


def test_a_list_has_a_line_for_each_row_with_a_dash_for_nulls(emit, job_names, job_rows) -> None:
    assert emit.list(job_names, job_rows) == GOLDEN_LIST


def test_one_record_has_a_line_for_each_value(emit, mixed) -> None:
    assert emit.one(*mixed) == GOLDEN_ONE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m\x9b\x00", r"\x1b[31m\x9b\x00"),
        ("\u202e\ud800", r"\u202e\ud800"),
        ("two\nlines", r"two\nlines"),
        (r"C:\t", r"C:\t"),
        ("", "-"),
    ],
    ids=ascii,
)
def test_no_value_reaches_the_terminal_or_another_line(emit, text, shown) -> None:
    assert emit.value(text) == f"{shown}\n"
    assert emit.one(["name"], [text]) == f"{shown}\n"


def test_rows_are_written_as_they_arrive(emit) -> None:
    stdout = io.StringIO()

    def rows():
        yield ("a",)
        assert stdout.getvalue() == "a\n"
        yield ("b",)

    emit.list(["id"], rows(), stdout=stdout)
    assert stdout.getvalue() == "a\nb\n"
