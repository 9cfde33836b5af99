"""Waiting at a real terminal: what a person sees of it, and what is left when it ends."""

from __future__ import annotations

import signal
import sys

import pytest

from ampctl_sandbox.database import transitions
from ampctl_sandbox.testing import Sandbox, make_job

from .terminals import Screen, person_at

COLUMNS = 80
GOING_ON = "1 of 1 jobs not yet stopped: 1 STOP_REQUESTED"


@pytest.fixture
def job_id(sandbox: Sandbox) -> int:
    return make_job(sandbox.store, "RUNNING")


@pytest.fixture
def stop(sandbox: Sandbox, job_id: int) -> list[str]:
    """The command that stops the job, and waits for that."""
    program = [sys.executable, "-m", "ampctl", "--admin-url", sandbox.url]
    return [*program, "job", "stop", str(job_id), "--wait", "--interval", "100ms"]


def test_the_line_that_tells_of_the_waiting_is_gone_when_it_is_over(
    sandbox: Sandbox, job_id: int, stop: list[str]
) -> None:
    with person_at(stop, environ={"NO_COLOR": "1"}) as person:
        screen = Screen(person, COLUMNS)
        screen.wait_for(GOING_ON)
        for status in ("STOPPING", "STOPPED"):
            sandbox.store.write(transitions.move, job_id, status, sandbox.store.now())
        code = screen.wait_for_end()

    assert code == 0
    assert not any("not yet stopped" in line for line in screen.lines)
    assert screen.lines[-1].split()[-1] == "stopped"


def test_ctrl_c_shows_what_was_requested_and_leaves_the_terminal_as_it_was(
    job_id: int, stop: list[str]
) -> None:
    with person_at(stop, environ={"NO_COLOR": "1"}) as person:
        modes = person.read_modes()
        screen = Screen(person, COLUMNS)
        screen.wait_for(GOING_ON)
        screen.type("\x03")
        code = screen.wait_for_end()

        assert person.read_modes() == modes
    assert code == -signal.SIGINT
    assert not any("not yet stopped" in line for line in screen.lines)
    assert "ampctl: interrupted while waiting" in screen.lines
    assert screen.lines[-1].split()[-1] == "requested"
    assert screen.line == ""
