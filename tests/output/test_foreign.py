"""Formats of others: their faults are theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ampctl.errors import AmpError, InvalidAnswer
from ampctl.output.foreign import Blamed


class Boom:
    """A format that fails after two rows."""

    screen: object = None

    def emit_list(self, names: Any, rows: Any, stdout: Any, parsed_args: Any) -> None:
        for number, _ in enumerate(rows):
            if number == 2:
                raise ValueError("boom")


def emit(rows: Any) -> None:
    Blamed(Boom(), "the format 'boom' of pets").emit_list(["a"], rows, None, None)


def test_its_failure_is_told_as_its_own() -> None:
    with pytest.raises(AmpError, match="bug in the format 'boom' of pets: ValueError: boom") as it:
        emit(iter("abc"))

    assert it.value.message.endswith("what was written is not complete")


@pytest.mark.parametrize("error", [ValueError("rows"), InvalidAnswer("page 2")], ids=str)
def test_what_the_rows_fail_of_stays_what_it_is(error: Exception) -> None:
    def break_off() -> Iterator[str]:
        yield "a"
        raise error

    with pytest.raises(type(error)) as caught:
        emit(break_off())

    assert caught.value is error


def test_it_has_what_the_formatter_has_and_no_more() -> None:
    formatter = Boom()
    blamed = Blamed(formatter, "it")

    blamed.screen = 7

    assert formatter.screen == 7
    assert not hasattr(blamed, "emit_one")
