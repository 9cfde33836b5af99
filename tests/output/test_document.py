"""``--json``: documents of the API on one line."""

from __future__ import annotations

import io
import json

import pytest

from ampctl.output.document import write_document, write_stream


def test_a_document_is_one_compact_ascii_line() -> None:
    stdout = io.StringIO()
    write_document(stdout, {"jobs": [{"id": 2**63 - 1, "x": "é\u202e\ud800"}], "next_cursor": None})
    assert stdout.getvalue() == (
        '{"jobs":[{"id":9223372036854775807,"x":"\\u00e9\\u202e\\ud800"}],"next_cursor":null}\n'
    )


@pytest.mark.parametrize(
    ("items", "tail", "expected"),
    [
        (
            [{"id": 2}, {"id": 1}],
            {"next_cursor": 1},
            '{"jobs":[{"id":2},{"id":1}],"next_cursor":1}',
        ),
        ([], {}, '{"jobs":[]}'),
        ([1], {"a": 1, "b": [2]}, '{"jobs":[1],"a":1,"b":[2]}'),
    ],
)
def test_a_stream_is_one_document(items, tail, expected) -> None:
    stdout = io.StringIO()
    write_stream(stdout, "jobs", ([item] for item in items), lambda: tail)
    assert stdout.getvalue() == f"{expected}\n"


def test_items_are_written_as_they_arrive_and_the_tail_is_asked_for_last() -> None:
    stdout = io.StringIO()
    taken = []

    def items():
        yield [1]
        assert stdout.getvalue() == '{"jobs":[1'
        taken.append(True)
        yield [2]

    write_stream(stdout, "jobs", items(), lambda: {"all": taken == [True]})
    assert json.loads(stdout.getvalue()) == {"jobs": [1, 2], "all": True}


def test_a_stream_that_breaks_off_is_no_valid_document(failing_rows) -> None:
    stdout = io.StringIO()

    def items():
        yield [1]
        yield from failing_rows

    with pytest.raises(ConnectionError):
        write_stream(stdout, "jobs", items(), dict)
    with pytest.raises(ValueError):
        json.loads(stdout.getvalue())


def test_nothing_is_written_if_the_first_item_fails(failing_rows) -> None:
    stdout = io.StringIO()
    with pytest.raises(ConnectionError):
        write_stream(stdout, "jobs", failing_rows, dict)
    assert stdout.getvalue() == ""
