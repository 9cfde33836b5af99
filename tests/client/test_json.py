"""Only strict JSON is taken, and at about the speed of json.loads."""

import copy
import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampctl.client import _json
from ampctl.client._json import JsonError, decode
from ampctl.client.numbers import WrittenNumber

DOCUMENTS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.text(alphabet='"\\[]{}:'),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text() | st.text(alphabet='"\\[]{}:'), inner)
    ),
)


@given(DOCUMENTS, st.sampled_from([None, 2]), st.booleans())
def test_reads_whatever_json_can_say(document, indent, ensure_ascii):
    text = json.dumps(document, indent=indent, ensure_ascii=ensure_ascii)

    assert decode(text.encode("utf-8", "surrogatepass")) == document


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Expecting value"),
        (b"{", "Expecting property name"),
        (b"{} {}", "Extra data"),
        (b"nul", "Expecting value"),
        (b"[1,]", "at line 1 column"),
        (b'"a\nb"', "Invalid control character"),
        (b"\xef\xbb\xbf{}", "byte order mark"),
        ("{}".encode("utf-16"), "not UTF-8"),
        (b'{"a": "\xff"}', "not UTF-8"),
        (b'"\xed\xa0\x80"', "not UTF-8"),
        (b"NaN", "NaN"),
        (b"[Infinity]", "Infinity"),
        (b"[-Infinity]", "Infinity"),
    ],
)
def test_refuses_what_is_not_plain_json(data, reason):
    with pytest.raises(JsonError, match=reason):
        decode(data)


@pytest.mark.parametrize(
    "text", ["1.10", "1E5", "1e16", "1e400", "-1e400", "0.10000000000000000001", "9" * 5000]
)
def test_a_number_that_python_would_change_keeps_its_text(text):
    number = decode(f'{{"a": [{text}]}}'.encode())["a"][0]

    assert (type(number), str(number)) == (WrittenNumber, text)
    assert number == float(text)


@pytest.mark.parametrize("text", ["0", "-7", "1.1", "-0.0", "1e+16", "1e-07", "9" * 4000])
def test_a_number_that_python_keeps_is_an_ordinary_one(text):
    number = decode(text.encode())

    assert type(number) in (int, float)
    assert repr(number) == text


def test_minus_zero_is_the_integer_zero():
    assert decode(b"-0") == 0


def test_a_document_with_an_endless_integer_is_checked_like_any_other():
    with pytest.raises(JsonError, match="two members with one name"):
        decode(b'{"a": %s, "a": 1}' % (b"9" * 5000))


@pytest.mark.parametrize(
    "remake", [copy.deepcopy, lambda number: pickle.loads(pickle.dumps(number))]
)
def test_copies_of_a_number_keep_its_text(remake):
    assert str(remake(decode(b"1e400"))) == "1e400"


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1, "a": 1}',
        '{"a":1,"a":2}',
        '[{"b": {"a" : 1, "\\u0061": 2}}]',
        '{"a\\\\":1, "a\\\\":2}',
        '{":": 1, ":": 2, "x": ":"}',
        '{"\\"": ":", "\\"": 1}',
        '{"": 1, "": 2}',
    ],
)
def test_refuses_two_members_with_one_name(text):
    with pytest.raises(JsonError, match="two members with one name"):
        decode(text.encode())


def nested(depth: int, opener: str = "[", closer: str = "]", middle: str = "") -> bytes:
    return (opener * depth + middle + closer * depth).encode()


@pytest.mark.parametrize(
    ("opener", "closer", "middle"),
    [("[", "]", ""), ('{"a":', "}", "1"), ('["]",', "]", "1"), ('["\\"]",', "]", "1")],
)
def test_takes_64_levels_and_no_more(opener, closer, middle):
    decode(nested(64, opener, closer, middle))

    with pytest.raises(JsonError, match="nests deeper than 64 levels"):
        decode(nested(65, opener, closer, middle))


@pytest.mark.parametrize("data", [b"[" * 200_000, nested(200_000), b'[{"a":' * 200_000])
def test_depth_without_end_is_an_error_like_any_other(data):
    with pytest.raises(JsonError):
        decode(data)


def test_brackets_in_strings_are_not_levels():
    assert decode(json.dumps(["[" * 100, "}" * 100]).encode())


def test_errors_do_not_hold_the_document():
    with pytest.raises(JsonError) as caught:
        decode(b'{"password": "SECRET')
    assert "SECRET" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_recursion_of_the_parser_is_caught_even_if_the_depth_is_not_seen(monkeypatch):
    monkeypatch.setattr(_json, "_is_deeper", lambda *_: False)

    with pytest.raises(JsonError):
        decode(b"[" * 200_000)
