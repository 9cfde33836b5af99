"""Several targets of one command."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from ampctl.errors import (
    AmpError,
    ConnectError,
    ExitCode,
    GivenUp,
    NotFoundError,
    RefusedError,
    Terminated,
)
from ampctl.plugin import Answer, Column, Command, Lister, Runtime
from ampctl.testing import fake_runtime
from ampctl.testing.fakes import MemoryStream

from .running import do

HANGUP = Terminated(ExitCode.HANGUP)


class TryEach(Lister):
    """Try several targets."""

    columns = (Column("name", lambda name, now: name),)
    targets: tuple[Any, ...] = ()

    def take_action(self, parsed_args: Any) -> Answer[str]:
        return Answer(self.for_each(self.targets, _call))


class ChangeEach(TryEach):
    """Change several targets."""

    def take_action(self, parsed_args: Any) -> Answer[str]:
        return Answer(self.for_each(self.targets, _call, changes=True))


class NoteEach(TryEach):
    """Show several targets, each of them a failure."""

    def take_action(self, parsed_args: Any) -> Answer[str]:
        return Answer(self.for_each(self.targets, self._note))

    def _note(self, target: Any) -> str:
        self.note_failure(AmpError(f"{target} goes on"))
        return _call(target)


class TryPlainly(Command):
    """Try several targets, without any output."""

    tried: tuple[str, ...] = ()

    def take_action(self, parsed_args: Any) -> None:
        type(self).tried = tuple(self.for_each(("a", NotFoundError("x"), "b"), _call))


def _call(target: Any) -> str:
    if isinstance(target, BaseException):
        raise target
    return str(target)


@pytest.mark.parametrize(
    ("failures", "code"),
    [
        ([NotFoundError("x"), NotFoundError("y")], 3),
        ([NotFoundError("x"), RefusedError("y")], 1),
        ([], 0),
    ],
    ids=["one kind", "mixed", "none"],
)
def test_every_target_is_tried_and_the_code_tells_the_kind(
    monkeypatch: pytest.MonkeyPatch, failures: list[Exception], code: int
) -> None:
    monkeypatch.setattr(TryEach, "targets", ("a", *failures, "b"))

    result = do(TryEach, "-f", "value", expect=code)

    assert result.stdout == "a\nb\n"
    told = [line for line in result.stderr.splitlines() if line.startswith("ampctl:")]
    assert told[len(failures) :] == (["ampctl: 2 of 4 failed"] if failures else [])


def test_of_two_targets_failures_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TryEach, "targets", (NotFoundError("x"), NotFoundError("y")))

    assert do(TryEach, "-f", "value", expect=3).stderr.splitlines() == ["ampctl: x", "ampctl: y"]


@pytest.mark.parametrize(
    ("stop", "code"), [(KeyboardInterrupt(), 130), (Terminated(), 143), (HANGUP, 129)]
)
def test_an_interrupt_prints_what_was_done_and_says_how_far_it_came(
    monkeypatch: pytest.MonkeyPatch, stop: BaseException, code: int
) -> None:
    monkeypatch.setattr(TryEach, "targets", ("a", "b", stop, "d"))

    result = do(TryEach, "-f", "value", expect=code)

    assert result.stdout == "a\nb\n"
    assert "; 2 tried, 1 not tried" in result.stderr
    assert "may have been" not in result.stderr


def test_an_interrupted_change_may_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ChangeEach, "targets", ("a", KeyboardInterrupt(), "d"))

    result = do(ChangeEach, "-f", "value", expect=130)

    assert "which may have been carried out; 1 tried, 1 not tried" in result.stderr


@pytest.mark.parametrize(
    ("targets", "code"), [(("a", "b"), 1), (("a", NotFoundError("x")), 1), ((), 0)]
)
def test_a_failure_that_is_noted_has_a_result_too(
    monkeypatch: pytest.MonkeyPatch, targets: tuple[Any, ...], code: int
) -> None:
    monkeypatch.setattr(NoteEach, "targets", targets)

    result = do(NoteEach, "-f", "value", expect=code)

    assert result.stdout.split() == [target for target in targets if isinstance(target, str)]
    assert result.stderr.count("goes on") == len(targets)


def test_a_server_that_the_client_gave_up_on_is_not_tried_a_thousand_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    faults = [*[ConnectError("no")] * 3, *[GivenUp("not sent")] * 1_997]
    monkeypatch.setattr(TryEach, "targets", ("a", *faults))

    result = do(TryEach, "-f", "value", expect=5)

    assert result.stdout == "a\n"
    assert result.stderr.count("ampctl:") == 4
    assert "ampctl: the server does not answer: 1,997 not tried\n" in result.stderr


def test_a_bug_in_the_middle_counts_what_was_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TryEach, "targets", ["a", LookupError("odd"), "c", "d"])

    told = do(TryEach, expect=1).stderr

    assert "ampctl: ended at the first failure: 2 not tried\n" in told
    assert "this is a bug in" in told


def test_why_a_server_was_given_up_before_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TryEach, "targets", [GivenUp("not sent (refused)")] * 9)

    result = do(TryEach, "-f", "value", expect=5)

    assert result.stderr.count("not sent (refused)") == 1
    assert "ampctl: the server does not answer: 9 not tried\n" in result.stderr


@pytest.mark.parametrize(("changes", "is_told"), [(True, True), (False, False)])
def test_a_lost_answer_says_whether_changes_were_carried_out(
    monkeypatch: pytest.MonkeyPatch, changes: bool, is_told: bool
) -> None:
    command = ChangeEach if changes else TryEach
    monkeypatch.setattr(command, "targets", ("a",))

    told = do(command, runtime=runtime_of_full_disk(), expect=8).stderr

    assert "can't write to standard output: No space left" in told
    assert ("the changes were carried out, but" in told) is is_told


def runtime_of_full_disk() -> Runtime:
    class Full(MemoryStream):
        def write(self, text: str, /) -> int:
            raise OSError(28, "No space left on device")

    return dataclasses.replace(fake_runtime(), stdout=Full())


def test_a_bug_at_the_second_target_does_not_lose_the_report_of_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(TryEach, "targets", ("a", FileNotFoundError("rates.txt"), "b"))

    result = do(TryEach, "-f", "value", expect=1)

    assert result.stdout == "a\n"
    assert "this is a bug in bases: FileNotFoundError: rates.txt" in result.stderr


def test_targets_are_called_also_where_nothing_is_printed() -> None:
    do(TryPlainly, expect=3)

    assert TryPlainly.tried == ("a", "b")
