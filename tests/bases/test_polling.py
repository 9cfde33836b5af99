"""Asking again and again, through outages, within a time limit."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl.errors import Terminated
from ampctl.plugin import Answer, Column, Lister
from ampctl.testing import Api, FakeClock, Result

from .running import do

THING = "/things/7"


class WaitForThing(Lister):
    """Wait until a thing is done."""

    columns = (Column("state", lambda state, now: state),)
    timeout_s: float | None = None

    def take_action(self, parsed_args: Any) -> Answer[str]:
        for state in self.poll(
            self._read, interval_s=2, goal="the end of thing 7", timeout_s=self.timeout_s
        ):
            if state == "done":
                break
        return Answer([state])

    def _read(self) -> str:
        state: str = self.client.get("things", 7, action="read thing 7").document["state"]
        return state


def wait(timeout_s: float | None = None, **options: Any) -> Result:
    members = {"timeout_s": timeout_s, "__doc__": "Wait.", "__module__": __name__}
    command = type("Wait", (WaitForThing,), members)
    return do(command, "-f", "value", "--retries", "0", **options)


def answer(api: Api, *answers: Any) -> None:
    """Answer with states, and with HTTP statuses where a number is given."""
    api.mocker.get(
        api.url + THING,
        [
            {"status_code": one} if isinstance(one, int) else {"json": {"state": one}}
            for one in answers
        ],
    )


def test_it_is_asked_at_an_interval_until_it_is_so(api: Api) -> None:
    answer(api, "new", "new", "done")
    clock = FakeClock()

    assert wait(clock=clock).stdout == "done\n"
    assert clock.slept == [2, 2]


def test_when_the_time_is_up_it_is_asked_once_more(api: Api) -> None:
    answer(api, "new")
    clock = FakeClock()

    result = wait(5, clock=clock, expect=124)

    assert clock.slept == [2, 2, 1]
    assert len(api.requests) == 4
    told = "the time is up after 5 s, still waiting for the end of thing 7"
    assert result.stderr == f"ampctl: {told}\n"


@pytest.mark.parametrize(("state", "code"), [("done", 0), ("new", 124)])
def test_no_time_at_all_is_one_look(api: Api, state: str, code: int) -> None:
    answer(api, state)
    clock = FakeClock()

    wait(0, clock=clock, expect=code)

    assert (len(api.requests), clock.slept) == (1, [])


def test_each_outage_is_one_line_in_a_log(api: Api) -> None:
    answer(api, "new", 503, 503, 500, "new", 429, "done")

    result = wait()

    assert result.stdout == "done\n"
    lines = [line for line in result.stderr.splitlines() if "asking on" in line]
    assert lines == result.stderr.splitlines()
    assert len(lines) == 2


def test_on_a_terminal_the_age_of_the_latest_answer_goes_on_and_is_erased(api: Api) -> None:
    answer(api, "new", 503, "done")
    clock = FakeClock()

    stderr = wait(clock=clock, stderr_is_terminal=True).stderr

    assert clock.slept == [2, 1, 1]
    ages = [piece.partition(" ago")[0] for piece in stderr.split("\r")[1:]]
    assert ages == ["last update 2s", "last update 3s", "\x1b[K"]


def test_a_server_that_was_never_there_is_an_error_at_once(api: Api) -> None:
    answer(api, 503)
    clock = FakeClock()

    wait(60, clock=clock, expect=5)

    assert clock.slept == []


@pytest.mark.parametrize(("status", "code"), [(401, 4), (403, 4), (404, 6), (400, 6)])
def test_what_is_not_an_outage_ends_it_at_once(api: Api, status: int, code: int) -> None:
    answer(api, "new", status)

    wait(60, expect=code)

    assert len(api.requests) == 2


def test_a_time_that_is_up_during_an_outage_says_so(api: Api) -> None:
    answer(api, "new", 503)

    assert "the end of thing 7 (last update 9s ago: " in wait(9, expect=124).stderr


@pytest.mark.parametrize(("signal", "code"), [(KeyboardInterrupt(), 130), (Terminated(), 143)])
def test_a_signal_leaves_no_line_behind(api: Api, signal: BaseException, code: int) -> None:
    class Impatient(FakeClock):
        def sleep(self, seconds: float) -> None:
            super().sleep(seconds)
            if len(self.slept) == 2:
                raise signal

    answer(api, "new", 503)

    stderr = wait(clock=Impatient(), stderr_is_terminal=True, expect=code).stderr

    assert stderr.rstrip("\n").endswith("\r\x1b[K")
