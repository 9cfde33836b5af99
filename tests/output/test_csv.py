"""``-f csv``."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampctl.errors import OutputError
from ampctl.output.csv import CsvFormatter

GOLDEN_LIST = """\
id,status,dataset,kind,worker,created_at,updated_at
12345,STOP_REQUESTED,eth_mainnet/blocks@0123abc,materialize-raw,worker-1,\
2026-03-01T07:12:42.000000+00:00,2026-03-01T09:11:12.000000+00:00
12344,RUNNING,eth_mainnet/logs@89ab012,materialize-derived,worker-12,\
2026-02-17T09:14:22.000000+00:00,2026-03-01T09:14:18.000000+00:00
9,COMPLETED,,,worker-1,2025-01-25T09:14:22.000000+00:00,2026-03-01T09:14:26.000000+00:00
"""
GOLDEN_ONE = (
    "id,name,is_live,end_block,rate,number,size,percent,descriptor,trace,seen_at\n"
    '9223372036854775807,"blocks, ""raw"" 日本",true,,1.5,1234567,1500000000,42.12,'
    '"{""kind"":""materialize-raw"",""end_block"":null}","[""at one"",""at two""]",'
    "2026-03-01T09:14:22.000000+00:00\n"
)


@pytest.fixture(scope="module")
def emit(emit_with):
    return emit_with(CsvFormatter())


def test_a_list_has_a_header_and_a_record_for_each_row(emit, job_names, job_rows) -> None:
    assert emit.list(job_names, job_rows) == GOLDEN_LIST


def test_one_record_has_a_header_and_one_row(emit, mixed) -> None:
    assert emit.one(*mixed) == GOLDEN_ONE


def test_an_empty_list_still_has_a_header(emit) -> None:
    assert emit.list(["id", "status"], []) == "id,status\n"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", r"'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1+1", "'＝1+1"),
        ("＠SUM(A1)", "'＠SUM(A1)"),
        ("－5", "'－5"),
        ("=\x1b", r"'=\x1b"),
        ("a=1", "a=1"),
        ("-100", "-100"),
        ("-1.5", "-1.5"),
        (-5, "-5"),
        (-0.5, "-0.5"),
    ],
    ids=repr,
)
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(emit, text, field) -> None:
    assert _read(emit.value(text)) == [["name"], [field]]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("\x1b[31m\x00\x9b", r"\x1b[31m\x00\x9b"),
        ("\u202e", r"\u202e"),
        ("\ud800", r"\ud800"),
        ("a\r\nb\tc", "a\r\nb\tc"),
        ("a\rb", r"a\rb"),
        ("\u3164", r"\u3164"),
        (r"C:\t", r"C:\t"),
        ('say "hi"', 'say "hi"'),
        ("日本 🚀", "日本 🚀"),
    ],
    ids=ascii,
)
def test_controls_are_visible_and_all_else_reads_back(emit, text, field) -> None:
    output = emit.value(text)
    output.encode("utf-8")
    assert _read(output) == [["name"], [field]]


@given(
    st.lists(
        st.tuples(st.text(st.characters(categories=("L", "N", "P")) | st.sampled_from(' ,"\n')))
    )
)
def test_every_ordinary_text_reads_back(emit, rows) -> None:
    output = emit.list(["name"], rows)
    guarded = [[f"'{text}" if _is_guarded(text) else text] for (text,) in rows]
    assert _read(output) == [["name"], *guarded]


def _is_guarded(text: str) -> bool:
    number = text.startswith("-") and text[1:].replace(".", "", 1).isdigit() and text.isascii()
    return text.startswith(tuple("=+-@\n＝＋－＠")) and not (
        number and text[-1] != "." and text[1] != "."
    )


@pytest.mark.parametrize(
    ("mode", "record"),
    [
        ("all", '"1","a","","true"'),
        ("nonnumeric", '1,"a","","true"'),
        ("minimal", "1,a,,true"),
        ("none", "1,a,,true"),
    ],
)
def test_quote_chooses_what_is_quoted(emit, mode, record) -> None:
    output = emit.list(["id", "x", "y", "z"], [(1, "a", None, True)], "--quote", mode)
    assert output.split("\n")[1] == record


def test_a_value_that_needs_quotes_is_refused_without_them(emit) -> None:
    with pytest.raises(OutputError, match="without quotes"):
        emit.value('a,"b"', "--quote", "none")


def test_rows_are_written_as_they_arrive(emit) -> None:
    stdout = io.StringIO(newline="")

    def rows() -> Iterator[tuple[int]]:
        yield (1,)
        assert stdout.getvalue() == "id\n1\n"
        yield (2,)

    emit.list(["id"], rows(), stdout=stdout)
    assert stdout.getvalue() == "id\n1\n2\n"


def test_nothing_is_written_if_the_first_row_fails(emit, failing_rows) -> None:
    stdout = io.StringIO()
    with pytest.raises(ConnectionError):
        emit.list(["id"], failing_rows, stdout=stdout)
    assert stdout.getvalue() == ""


def _read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))
