"""``-f yaml``."""

from __future__ import annotations

import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ampctl.client.numbers import WrittenNumber
from ampctl.output.yaml import YamlFormatter

GOLDEN_ONE = """\
id: 9223372036854775807
name: 'blocks, "raw" 日本'
is_live: true
end_block: null
rate: 1.5
number: 1234567
size: 1500000000
percent: 42.12
descriptor:
  kind: materialize-raw
  end_block: null
trace:
- 'at one'
- 'at two'
seen_at: '2026-03-01T09:14:22.000000+00:00'
"""
GOLDEN_ROW = """\
- id: 9
  status: COMPLETED
  dataset: null
  kind: null
  worker: worker-1
  created_at: '2025-01-25T09:14:22.000000+00:00'
  updated_at: '2026-03-01T09:14:26.000000+00:00'
"""


@pytest.fixture(scope="module")
def emit(emit_with):
    return emit_with(YamlFormatter())


def test_a_list_is_a_list_of_mappings(emit, job_names, job_rows) -> None:
    assert emit.list(job_names, job_rows[-1:]) == GOLDEN_ROW


def test_one_record_is_one_mapping_with_its_columns_in_order(emit, mixed) -> None:
    assert emit.one(*mixed) == GOLDEN_ONE


def test_an_empty_list_is_an_empty_list(emit) -> None:
    assert emit.list(["id"], []) == "[]\n"


AMBIGUOUS = """
1e3 1E3 12e03 1 1.5 +1 -1 .5 5. 07 0o7 0x1F 0b1 1_000 12:30 1:2:3 .inf -.INF .nan
~ null NULL Null yes No on OFF y N true False 2026-03-01 2026-03-01T09:14:22Z
= << - ? : --- ... #x &a *a !t |x >x %x @x `x {} [] a:
"""


@pytest.mark.parametrize("text", [*AMBIGUOUS.split(), "", " ", "a: b", "a #b", " a", "a "])
def test_text_that_a_reader_could_take_for_something_else_is_quoted(emit, text) -> None:
    assert emit.one(["name"], [text]) == f"name: '{text}'\n"
    assert yaml.safe_load(emit.one(["name"], [{text: text}])) == {"name": {text: text}}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("\x1b[31m", r'"\e[31m"'),
        ("\x9b\x00", r'"\x9B\0"'),
        ("\u202e日", r'"\u202E\u65E5"'),
        ("\ud800", r'"\uD800"'),
        ("\u2028\x85", r'"\L\N"'),
        ("two\nlines", r'"two\nlines"'),
        (r"C:\t", r"'C:\t'"),
        ("日本 🚀", "'日本 🚀'"),
        ("it's", "'it''s'"),
    ],
    ids=ascii,
)
def test_controls_are_escaped_and_letters_stay(emit, text, written) -> None:
    output = emit.one(["name"], [text])
    output.encode("utf-8")
    assert output == f"name: {written}\n"
    assert yaml.safe_load(output) == {"name": text}


def test_shared_objects_are_written_twice_and_not_as_aliases(emit) -> None:
    shared = {"a": [1]}
    assert emit.list(["left", "right"], [(shared, shared)]) == (
        "- left:\n    a:\n    - 1\n  right:\n    a:\n    - 1\n"
    )


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_number_that_is_not_finite_is_null(emit, number) -> None:
    assert emit.one(["name"], [number]) == "name: null\n"


def test_long_text_stays_on_one_line(emit) -> None:
    text = "word " * 100 + "end"
    assert emit.one(["name"], [text]) == f"name: '{text}'\n"
    escaped = emit.one(["name"], [text + "\x1b"])
    assert escaped.count("\n") == 1


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON_VALUES)
def test_every_document_reads_back(emit, value) -> None:
    output = emit.one(["name"], [value])
    assert yaml.safe_load(output) == {"name": value}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("1.10", "1.10"),
        ("1E5", "1.0e+5"),
        ("-1.50e-7", "-1.50e-7"),
        ("1e400", "1.0e+400"),
        ("9" * 5000, "9" * 5000),
    ],
    ids=["zero", "capital", "negative", "large", "long"],
)
def test_a_number_keeps_all_digits_that_were_written(emit, text, written) -> None:
    assert emit.one(["name"], [WrittenNumber(text)]) == f"name: {written}\n"


def test_a_written_number_is_a_number_to_a_reader(emit) -> None:
    assert yaml.safe_load(emit.one(["name"], [WrittenNumber("1E5")])) == {"name": 1e5}
