"""Commands that ask before they act."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl.plugin import Confirming

from .running import do


class Remove(Confirming):
    """Remove a thing."""

    done = 0
    asked = False

    def take_action(self, parsed_args: Any) -> None:
        type(self).asked = self.confirm(parsed_args, "Remove the thing?")
        type(self).done += 1


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    Remove.done, Remove.asked = 0, False


@pytest.mark.parametrize(("typed", "code", "done"), [("y\n", 0, 1), ("n\n", 1, 0), ("", 1, 0)])
def test_a_person_is_asked_and_the_answer_decides(typed: str, code: int, done: int) -> None:
    result = do(Remove, stdin=typed, is_terminal=True, expect=code)

    assert "Remove the thing? [y/N]" in result.stderr
    assert (Remove.done, Remove.asked) == (done, bool(done))


def test_yes_answers_beforehand() -> None:
    assert "[y/N]" not in do(Remove, "--yes", is_terminal=True).stderr
    assert (Remove.done, Remove.asked) == (1, False)


def test_nobody_is_asked_where_nobody_is() -> None:
    assert do(Remove).stderr == ""
    assert (Remove.done, Remove.asked) == (1, False)
