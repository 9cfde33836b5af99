"""Many targets: as many at a time as was asked for, and an end at the first failure on wish."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ampctl.plugin import Answer, Bulk, Column, Lister, NotFoundError
from ampctl.testing import FakeClock, Result

from .running import do

PATIENCE_S = 30


class CallEach(Bulk, Lister):
    """Call a function for each of forty numbers."""

    columns = (Column("number", lambda number, now: number),)
    call: Any

    def take_action(self, parsed_args: Any) -> Answer[int]:
        return Answer(self.for_each(range(40), self.call, concurrent=True))


def call_each(call: Any, *options: str, **settings: Any) -> Result:
    members = {"call": call, "__doc__": "Call.", "__module__": __name__}
    return do(type("CallSome", (CallEach,), members), "-f", "value", *options, **settings)


@pytest.mark.parametrize(("options", "most"), [((), 8), (("--parallel", "13"), 13)], ids=str)
def test_so_many_calls_are_in_flight(options: tuple[str, ...], most: int) -> None:
    # The first call is made alone, and 39 are three times 13, which is not true of more.
    together = threading.Barrier(most)

    def call(command: CallEach, number: int) -> int:
        if 0 < number <= 39 - 39 % most:
            together.wait(PATIENCE_S)
        return number

    assert len(call_each(call, *options).stdout.split()) == 40


def test_one_at_a_time_stays_on_one_thread() -> None:
    threads = set()

    def call(command: CallEach, number: int) -> int:
        threads.add(threading.current_thread())
        return number

    call_each(call, "--parallel", "1")

    assert threads == {threading.main_thread()}


@pytest.mark.parametrize("text", ["0", "17", "-1", "x", "", "9999999999999999", "８", "1.5"])
def test_another_number_of_requests_is_refused(text: str) -> None:
    stderr = do(CallEach, f"--parallel={text}", expect=2).stderr

    assert "is not a number of requests from 1 to 16" in stderr


def fail_at_three(command: CallEach, number: int) -> int:
    if number >= 3:
        raise NotFoundError(f"no {number}")
    return number


def test_after_a_failure_all_others_are_tried() -> None:
    assert call_each(fail_at_three, expect=3).stderr.count("ampctl: no ") == 37


def test_on_wish_nothing_begins_after_a_failure() -> None:
    result = call_each(fail_at_three, "--fail-fast", "--parallel", "1", expect=3)

    assert result.stdout.split() == ["0", "1", "2"]
    assert result.stderr == "ampctl: no 3\nampctl: ended at the first failure: 36 not tried\n"


def test_what_is_in_flight_at_a_failure_is_finished() -> None:
    together, is_told = threading.Barrier(8), threading.Event()

    def call(command: CallEach, number: int) -> int:
        if number == 0:
            command.console.log = lambda text: is_told.set()
            return number
        together.wait(PATIENCE_S)
        if number == 1:
            raise NotFoundError("no 1")
        assert is_told.wait(PATIENCE_S)
        return number

    result = call_each(call, "--fail-fast", expect=3)

    assert result.stdout.split() == ["0", "2", "3", "4", "5", "6", "7", "8"]
    assert result.stderr.endswith("ampctl: ended at the first failure: 31 not tried\n")


def test_a_failure_that_has_a_result_ends_it_too() -> None:
    def call(command: CallEach, number: int) -> int:
        if number == 3:
            command.note_failure(NotFoundError("no 3"))
        return number

    result = call_each(call, "--fail-fast", "--parallel", "1", expect=3)

    assert result.stdout.split() == ["0", "1", "2", "3"]


def test_a_person_sees_how_far_it_is_when_it_takes_longer_than_a_second() -> None:
    clock = FakeClock()

    def call(command: CallEach, number: int) -> int:
        clock.sleep(0.3)
        return number

    stderr = call_each(call, "--parallel", "1", clock=clock, stderr_is_terminal=True).stderr

    shown = stderr.split("\r")[1:]
    assert shown[0] == "[###...........................] 4 of 40\x1b[K"
    assert shown[-2:] == ["[##############################] 40 of 40\x1b[K", "\x1b[K"]


@pytest.mark.parametrize(("pause_s", "is_terminal"), [(0.01, True), (1, False)])
def test_nothing_is_shown_where_it_is_soon_done_or_no_terminal_is(
    pause_s: float, is_terminal: bool
) -> None:
    clock = FakeClock()

    def call(command: CallEach, number: int) -> int:
        clock.sleep(pause_s)
        return number

    result = call_each(call, "--parallel", "1", clock=clock, stderr_is_terminal=is_terminal)

    assert result.stderr == ""
