"""``-f table``."""

from __future__ import annotations

import datetime
import json

import pytest
from cliff.columns import FormattableColumn
from wcwidth import wcswidth

from ampctl.output.cells import Lines, Number, Percent, Size, Timestamp
from ampctl.output.screen import Screen
from ampctl.output.table import TableFormatter

GOLDEN_80 = """\
   id status         dataset             kind    worker    created_at updated_at
--------------------------------------------------------------------------------
12345 STOP_REQUESTED eth_mainnet/blocks@ raw     worker-1  2h         3m
                     0123abc
12344 RUNNING        eth_mainnet/logs@   derived worker-12 12d        4s
                     89ab012
    9 COMPLETED      -                   -       worker-1  400d       in 4s
"""
GOLDEN_200 = """\
   id  status          dataset                     kind     worker     created_at  updated_at
---------------------------------------------------------------------------------------------
12345  STOP_REQUESTED  eth_mainnet/blocks@0123abc  raw      worker-1   2h ago      3m ago
12344  RUNNING         eth_mainnet/logs@89ab012    derived  worker-12  12d ago     4s ago
    9  COMPLETED       -                           -        worker-1   400d ago    in 4s
"""
GOLDEN_PIPE = """\
id  updated_at
------------------------------------
 9  2026-03-01T09:14:26.000000+00:00
"""
GOLDEN_ONE = """\
field       value
-------------------------------------------------------
id          9223372036854775807
name        blocks, "raw" 日本
is_live     true
end_block   -
rate        1.5
number      1,234,567
size        1.4 GiB
percent     42.1 %
descriptor  {"kind":"materialize-raw","end_block":null}
trace       at one
            at two
seen_at     now (2026-03-01 09:14:22 UTC)
"""


@pytest.fixture(scope="module")
def emit(emit_with):
    return emit_with(TableFormatter(Screen({})))


@pytest.mark.parametrize(("width", "golden"), [(80, GOLDEN_80), (200, GOLDEN_200)])
def test_a_list_fits_the_terminal(emit_with, job_names, job_rows, width, golden) -> None:
    emit = emit_with(TableFormatter(Screen({"COLUMNS": str(width)})))
    assert emit.list(job_names, job_rows, tty=True) == golden


def test_one_record_has_a_row_for_each_field(emit, mixed) -> None:
    assert emit.one(*mixed, tty=True) == GOLDEN_ONE


def test_a_pipe_gets_the_forms_of_machines_and_no_fitting(emit, job_names, job_rows) -> None:
    assert emit.list(["id", "updated_at"], [(9, job_rows[2][6])]) == GOLDEN_PIPE
    assert max(map(len, emit.list(job_names, job_rows).splitlines())) > 140


@pytest.mark.parametrize("options", [("--max-width", "60"), ("--fit-width",)], ids=" ".join)
def test_a_pipe_is_fitted_on_request(emit_with, options) -> None:
    emit = emit_with(TableFormatter(Screen({"COLUMNS": "60"})))
    lines = emit.value("word " * 40, *options).splitlines()
    assert 50 < max(map(len, lines)) <= 60


def test_max_width_goes_before_the_width_of_the_terminal(emit) -> None:
    lines = emit.value("word " * 40, "--max-width", "30", tty=True).splitlines()
    assert max(map(len, lines)) <= 30


@pytest.mark.parametrize("tty", [True, False])
def test_an_empty_list_prints_nothing_at_all(emit, tty) -> None:
    assert emit.list(["id", "status"], [], tty=tty) == ""


def test_an_empty_list_prints_its_header_on_request(emit) -> None:
    assert emit.list(["id", "status"], [], "--print-empty") == "id  status\n----------\n"


@pytest.mark.parametrize("tty", [True, False])
def test_numbers_are_aligned_right_in_cells_too_and_none_is_a_dash(emit, tty) -> None:
    names = ["n", "x", "text", "on"]
    rows = [(Size(None), None, "1", True), (Number(10), Percent(5), "22", False)]
    lines = emit.list(names, rows, tty=tty).splitlines()
    assert lines[0].split() == names
    assert lines[2].startswith(" -  ")
    assert lines[2].endswith("-  1     true")
    assert lines[3].endswith("22    false")


@pytest.mark.parametrize("tty", [True, False])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m\x9b\x00", r"\x1b[31m\x9b\x00"),
        ("\x1b]8;;http://x\x07", r"\x1b]8;;http://x\x07"),
        ("\u202e\ud800", r"\u202e\ud800"),
        ("two\r\nlines\t", r"two\r\nlines\t"),
        (r"C:\t", r"C:\t"),
        ("None", "None"),
    ],
    ids=ascii,
)
def test_no_text_reaches_the_terminal_raw(emit, text, shown, tty) -> None:
    assert emit.value(text, tty=tty).splitlines()[2:] == [shown]
    assert emit.value([text], tty=tty).splitlines()[2:] == [
        json.dumps([text], separators=(",", ":"))
    ]
    assert emit.one(["name"], [text], tty=tty).splitlines()[2:] == [f"name   {shown}"]
    assert emit.list([text], [[1]], tty=tty).splitlines()[0].strip() == shown


class _Careless(FormattableColumn):
    def human_readable(self) -> str:
        return f"<{self._value}>"


def test_a_cell_of_somebody_else_is_made_printable_too(emit) -> None:
    assert emit.value(_Careless("\n\x1b"), tty=True).splitlines()[2:] == [r"<\n\x1b>"]


@pytest.mark.parametrize("tty", [True, False])
def test_only_our_own_lines_are_below_each_other(emit, tty) -> None:
    output = emit.list(["a", "b"], [(Lines(["1\n", "2"]), "x\ny")], tty=tty)
    assert output.splitlines()[2:] == [r"1\n  x\ny", "2"]


def test_wide_characters_keep_the_columns_straight(emit) -> None:
    lines = emit.list(["a", "b"], [("日本", "x"), ("abcd", "x"), ("👨‍👩‍👧", "x")]).splitlines()
    assert lines[2:] == ["日本  x", "abcd  x", "👨‍👩‍👧    x"]


@pytest.mark.parametrize(
    "text", ["e\u0301te\u0301", "שלום", "مرحبا", "ひらがな", "हिन्दी", "𝒻𝓊𝓃"], ids=ascii
)
def test_text_of_any_script_keeps_the_columns_straight(emit, text: str) -> None:
    header, _, *lines = emit.list(["a", "b"], [(text, "x"), ("abcdefghij", "x")]).splitlines()

    assert {wcswidth(line[: line.rindex("x")]) for line in lines} == {header.index("b")}


def test_one_record_tells_the_moment_beside_the_age(emit) -> None:
    moment = datetime.datetime(2026, 3, 1, 9, 14, 22, tzinfo=datetime.UTC)
    values = (Timestamp(moment, moment + datetime.timedelta(hours=3)), Timestamp(None, moment))

    shown = emit.one(["at", "never"], values, tty=True).splitlines()

    assert [line.split(maxsplit=1)[1] for line in shown[2:]] == [
        "3h ago (2026-03-01 09:14:22 UTC)",
        "-",
    ]
    machine = emit.one(["at", "never"], values)
    assert machine.splitlines()[2].split() == ["at", "2026-03-01T09:14:22.000000+00:00"]


def test_the_stream_decides_and_not_the_standard_output(emit, monkeypatch, job_rows) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert emit.list(["id", "updated_at"], [(9, job_rows[2][6])]) == GOLDEN_PIPE


def test_a_value_that_would_fill_the_screen_is_cut_on_a_terminal_only(emit) -> None:
    huge = "x" * 3_000_000

    shown = emit.one(["name"], [huge], tty=True)

    assert len(shown) < 4_000
    assert "… (3,000,000 characters; -f json shows all)" in " ".join(shown.split())
    assert huge in emit.one(["name"], [huge])
    assert len(emit.one(["name"], [Lines([huge])], tty=True)) < 4_000
