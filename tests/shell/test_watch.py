"""A command that is run again and again."""

from __future__ import annotations

import dataclasses

import pytest

from ampctl.runtime import Runtime
from ampctl.testing import Api, FakeClock, fake_runtime, invoke
from ampctl_job.testing import job


class Impatient(FakeClock):
    """A clock at which a person presses Ctrl-C in the sleep after so many others."""

    left = 1

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1


def watching(clock: FakeClock, *, is_terminal: bool = False) -> Runtime:
    runtime = fake_runtime(clock=clock, is_terminal=is_terminal)
    return dataclasses.replace(runtime, sleep=clock.sleep)


@pytest.fixture
def jobs(api: Api) -> Api:
    api.on("GET", "/jobs/7", job(7))
    return api


def test_in_a_pipe_the_outputs_follow_each_other_until_ctrl_c(jobs: Api) -> None:
    clock = Impatient()
    words = ("watch", "5", "job", "inspect", "7", "-f", "value", "-c", "status")

    result = invoke(*words, runtime=watching(clock))

    assert result.stdout == "RUNNING\n\nRUNNING\n"
    assert clock.slept == [5, 5]


@pytest.mark.parametrize(
    "words", [("job", "list", "--watch"), ("job", "progress", "7", "-w"), ("job", "events", "7")]
)
@pytest.mark.parametrize("is_terminal", [True, False])
def test_what_goes_on_by_itself_is_refused(
    words: tuple[str, ...], is_terminal: bool, unused_url: str
) -> None:
    more = ("--follow",) if "events" in words else ()
    runtime = watching(Impatient(), is_terminal=is_terminal)

    result = invoke("watch", "--admin-url", unused_url, *words, *more, runtime=runtime, expect=2)

    assert "what goes on by itself can't be watched" in result.stderr


def test_on_a_terminal_each_picture_replaces_the_one_before_without_clearing(jobs: Api) -> None:
    runtime = watching(Impatient(), is_terminal=True)

    shown = invoke("watch", "job", "inspect", "7", "-c", "status", runtime=runtime).stdout

    assert shown.count("\033[H") == 2
    assert "every 2s: job inspect, " in shown
    assert "at 12:00:02 UTC" in shown
    assert "\033[2J" not in shown
    assert "\033[J" not in shown


def test_a_server_that_is_away_leaves_the_last_picture_and_its_age(api: Api) -> None:
    answers = [{"json": job(7)}, {"status_code": 503}]
    api.mocker.register_uri("GET", f"{api.url}/jobs/7", answers)

    shown = invoke(
        *("--retries", "0", "watch", "30", "job", "inspect", "7", "-c", "status"),
        runtime=watching(Impatient(), is_terminal=True),
    ).stdout

    last = shown.rpartition("\033[H")[2]
    assert "HTTP 503" in last
    assert "below is what it was 30s ago" in last
    assert "RUNNING" in last


@pytest.mark.parametrize(
    "words",
    [
        ("job", "stop", "7"),
        ("job", "prune", "--yes"),
        ("run", "x"),
        ("shell",),
        ("watch", "job", "list"),
        ("1ms", "job", "list"),
        ("5parsecs", "job", "list"),
        ("5",),
        (),
        ("job", "nope"),
    ],
    ids=" ".join,
)
def test_what_changes_something_or_is_not_a_command_is_refused(words: tuple[str, ...]) -> None:
    assert invoke("watch", *words, expect=2).stdout == ""


def test_a_wrong_option_of_the_command_ends_it_and_is_told(api: Api) -> None:
    result = invoke("watch", "job", "list", "--nope", is_terminal=True, expect=2)

    assert "--nope" in result.stderr
    assert result.stdout == ""
