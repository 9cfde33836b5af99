"""What a value of a row is to a machine."""

from __future__ import annotations

import datetime
import enum
import json
import math
from pathlib import PurePosixPath

import pytest

from ampctl.client.numbers import WrittenNumber
from ampctl.output.cells import Json, Percent, Size
from ampctl.output.values import compact, encode, fetch_first, machine_text, plain

NOW = datetime.datetime(2026, 3, 1, 9, 14, 22, tzinfo=datetime.UTC)


class _Colour(str, enum.Enum):  # noqa: UP042 - its str() is not its value
    RED = "red"


class _Level(enum.IntEnum):
    HIGH = 3


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Size(7), 7),
        (Percent(1.005), 1.0),
        (math.nan, None),
        (-math.inf, None),
        (Json({"a": [math.inf, (1, 2)]}), {"a": [None, [1, 2]]}),
        (_Colour.RED, "red"),
        ({1: _Colour.RED}, {"1": "red"}),
        (_Level.HIGH, 3),
        (NOW, "2026-03-01T09:14:22.000000+00:00"),
        (PurePosixPath("/tmp"), "/tmp"),
        (2**80, 2**80),
    ],
    ids=repr,
)
def test_every_value_becomes_plain_data(value: object, expected: object) -> None:
    result = plain(value)
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (12, "12"),
        (1.5, "1.5"),
        ("a", "a"),
        ({"é": [1, None]}, '{"\\u00e9":[1,null]}'),
        (Json(None), ""),
        (math.nan, ""),
    ],
    ids=repr,
)
def test_every_value_has_a_text(value: object, text: str) -> None:
    assert machine_text(value) == text


def test_compact_json_is_ascii_without_controls_and_without_nan() -> None:
    text = compact({"a": "\x7f\x9b\u202e\ud800日\n", "b": [math.nan, Size(3)]})
    assert text.isascii()
    assert text.isprintable()
    assert json.loads(text) == {"a": "\x7f\x9b\u202e\ud800日\n", "b": [None, 3]}


def test_a_started_iterator_fails_at_once_and_loses_nothing() -> None:
    assert list(fetch_first(iter([1, 2, 3]))) == [1, 2, 3]
    assert list(fetch_first([])) == []
    with pytest.raises(ZeroDivisionError):
        fetch_first(1 // number for number in (0, 1))


def test_a_datetime_of_another_zone_is_written_in_utc() -> None:
    moment = datetime.datetime(2026, 3, 1, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
    assert plain(moment) == "2026-02-28T23:00:00.000000+00:00"


class Munch:
    """An object as clients of other services return it."""

    def __init__(self, method: str, value: object) -> None:
        setattr(self, method, lambda: value)


@pytest.mark.parametrize("method", ["to_dict", "toDict"])
def test_an_object_that_can_be_a_dictionary_is_one(method: str) -> None:
    assert plain(Munch(method, {"a": Munch(method, {1: None})})) == {"a": {"1": None}}
    assert plain(Munch(method, 5)) == "5"


def test_a_class_is_no_object_of_its_own() -> None:
    class Record:
        def to_dict(self) -> dict[str, int]:
            return {}

    assert plain(Record) == str(Record)


ODD = '{"NaN \\" NaN":"NaN","a":[1.10,{"b":1e400},-1E5],"c":%s,"d":1.5}' % ("9" * 5000)


def read_odd() -> dict[str, object]:
    written = WrittenNumber
    return {
        'NaN " NaN': "NaN",
        "a": [written("1.10"), {"b": written("1e400")}, written("-1E5")],
        "c": written("9" * 5000),
        "d": 1.5,
    }


def test_written_numbers_are_encoded_as_they_were_written() -> None:
    assert compact(read_odd()) == ODD
    assert encode(read_odd(), separators=(",", ":")) == ODD
    assert encode([WrittenNumber("1.10")], indent=2) == "[\n  1.10\n]"


def test_numbers_that_are_not_finite_are_null_next_to_written_ones() -> None:
    assert compact([math.nan, WrittenNumber("1.10"), math.inf]) == "[null,1.10,null]"


@pytest.mark.parametrize("text", ["1.10", "1e400", "9" * 5000])
def test_a_written_number_is_its_own_text_for_machines(text: str) -> None:
    assert machine_text(WrittenNumber(text)) == text
    assert machine_text(Json({"a": [WrittenNumber(text)]})) == f'{{"a":[{text}]}}'


def test_documents_without_such_numbers_are_encoded_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(WrittenNumber, "exists", False)
    monkeypatch.delattr("ampctl.output.values.encode")

    assert compact({"a": [1.5, Size(3)]}) == '{"a":[1.5,3]}'
