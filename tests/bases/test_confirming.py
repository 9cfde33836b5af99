"""Commands that ask before they act."""

from __future__ import annotations

import dataclasses
import io
from typing import Any, TextIO

import pytest

from ampctl.plugin import Answer, Column, Confirming, Lister, NotFoundError
from ampctl.testing import fake_runtime
from ampctl.testing.fakes import FakeTerminal, MemoryStream

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


@pytest.mark.parametrize("stream", ["stdin", "stdout", "stderr"])
@pytest.mark.parametrize(("typed", "code", "done"), [("y\n", 0, 1), ("n\n", 1, 0)])
def test_one_terminal_is_enough_to_be_asked_and_what_is_piped_in_is_no_answer(
    stream: str, typed: str, code: int, done: int
) -> None:
    piped_in = "" if stream == "stdin" else "y\n" * 3

    do(Remove, stdin=piped_in, answers=typed, expect=code, **{f"{stream}_is_terminal": True})

    assert Remove.done == done


def test_the_question_names_the_server() -> None:
    shown = do(
        Remove, "--admin-url", "http://amp-prod:1610", answers="y\n", is_terminal=True
    ).stderr

    assert shown == "http://amp-prod:1610: Remove the thing? [y/N] "


def test_a_url_with_a_password_is_refused_before_it_is_shown() -> None:
    shown = do(Remove, "--admin-url", "http://me:s3cret@prod", is_terminal=True, expect=2).stderr

    assert "s3cret" not in shown


def test_where_the_terminal_cannot_be_opened_nothing_is_done() -> None:
    def fail() -> TextIO:
        raise OSError("no terminal can be opened")

    runtime = dataclasses.replace(fake_runtime(stdin="y\n", is_terminal=True), open_terminal=fail)

    told = do(Remove, runtime=runtime, expect=1).stderr

    assert "nothing was done" in told
    assert "no terminal can be opened" in told
    assert "Try: --yes" in told
    assert Remove.done == 0


def test_an_interrupt_at_the_question_does_nothing() -> None:
    class Interrupted(io.StringIO):
        def readline(self, size: int = -1, /) -> str:  # type: ignore[override]
            raise KeyboardInterrupt

    runtime = fake_runtime(is_terminal=True)
    runtime = dataclasses.replace(runtime, open_terminal=lambda: FakeTerminal(Interrupted()))

    do(Remove, runtime=runtime, expect=130)

    assert Remove.done == 0


def test_yes_answers_beforehand() -> None:
    assert "[y/N]" not in do(Remove, "--yes", is_terminal=True).stderr
    assert (Remove.done, Remove.asked) == (1, False)


def test_nobody_is_asked_where_nobody_is() -> None:
    assert do(Remove).stderr == ""
    assert (Remove.done, Remove.asked) == (1, False)


class RemoveAndList(Confirming, Lister):
    """Remove a thing, and list what was removed."""

    columns = (Column("name", lambda name, now: name),)
    fails = False

    def take_action(self, parsed_args: Any) -> Answer[str]:
        self.confirm(parsed_args, "Remove the thing?")
        if self.fails:
            self.note_failure(NotFoundError("no such thing"))
        return Answer(["thing"])


@pytest.mark.parametrize(("fails", "is_told"), [(False, True), (True, False)])
def test_a_lost_answer_says_that_what_was_agreed_to_was_done(
    monkeypatch: pytest.MonkeyPatch, fails: bool, is_told: bool
) -> None:
    class Full(MemoryStream):
        def write(self, text: str, /) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(RemoveAndList, "fails", fails)
    runtime = dataclasses.replace(fake_runtime(), stdout=Full())

    told = do(RemoveAndList, runtime=runtime, expect=8).stderr

    assert ("the changes were carried out, but" in told) is is_told


def test_the_order_of_the_bases_does_not_matter() -> None:
    class RemoveAll(Lister, Confirming):
        """Remove all things."""

        columns = (Column("name", lambda name, now: name),)

        def take_action(self, parsed_args: Any) -> Answer[str]:
            self.confirm(parsed_args, "Remove all?")
            return Answer(["a"])

    assert do(RemoveAll, "--yes", "-f", "value", is_terminal=True).stdout == "a\n"
