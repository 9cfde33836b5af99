"""What a person sees of commands that watch, on a real terminal."""

from __future__ import annotations

import contextlib
import signal
import sys
from typing import Any

import pytest

from ampctl_sandbox.database import transitions
from ampctl_sandbox.testing import Sandbox, blocks, live_sandbox, make_descriptor, make_job

from .terminals import Screen, screen_at

AMPCTL = [sys.executable, "-m", "ampctl"]


@pytest.fixture
def job_id(sandbox: Sandbox) -> int:
    """A job half-way to its end, which no worker touches."""
    descriptor = make_descriptor(end_block="5999")
    tables = {"blocks": blocks(3), "logs": blocks(2)}
    return make_job(sandbox.store, status="RUNNING", descriptor=descriptor, tables=tables)


def at(sandbox: Sandbox, *words: str, columns: int = 80) -> Any:
    return screen_at([*AMPCTL, "--admin-url", sandbox.url, *words], columns=columns)


def hides_cursor(screen: Screen) -> bool:
    return screen.screen.rfind("\033[?25l") > screen.screen.rfind("\033[?25h")


@pytest.mark.measured
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
@pytest.mark.parametrize(
    "words", [("job", "progress", "--watch", "0.5"), ("job", "events", "--follow")], ids=" ".join
)
def test_a_terminal_is_left_as_it_was_found(
    sandbox: Sandbox, job_id: int, number: signal.Signals, words: tuple[str, ...]
) -> None:
    group, verb, *options = words
    with at(sandbox, group, verb, str(job_id), *options) as screen:
        modes = screen.read_modes()
        screen.wait_for("RUNNING")
        if number == signal.SIGINT:
            screen.type("\x03")
        else:
            screen.process.send_signal(number)

        assert screen.wait_for_end() == -number
        assert not hides_cursor(screen)
        assert screen.read_modes() == modes
        assert screen.line == ""


@pytest.mark.parametrize("columns", [40, 300])
def test_bars_follow_a_job_to_its_end_in_their_place(
    sandbox: Sandbox, job_id: int, columns: int
) -> None:
    words = ("job", "progress", str(job_id), "--watch", "0.5")
    with at(sandbox, *words, columns=columns) as screen:
        screen.wait_for("RUNNING")
        screen.wait_for("%")
        sandbox.store.write(transitions.move, job_id, "COMPLETED", sandbox.store.now())

        assert screen.wait_for_end() == 0
        shown = [line for line in screen.lines if line]

    assert len(shown) == 3
    assert "COMPLETED" in shown[0]
    assert all("%" in line for line in shown[1:])


@pytest.mark.measured
def test_an_age_is_shown_while_the_server_is_away() -> None:
    with contextlib.ExitStack() as left:
        with live_sandbox() as sandbox:
            job_id = str(make_job(sandbox.store, status="RUNNING", tables={"blocks": blocks(3)}))
            words = ("job", "progress", job_id, "--watch", "0.5", "--retries", "0")
            screen = left.enter_context(at(sandbox, *words))
            screen.wait_for("blocks")
        screen.wait_for("last update ")
        screen.type("\x03")

        assert screen.wait_for_end() == -signal.SIGINT
        assert not hides_cursor(screen)


@pytest.mark.measured
def test_a_watched_list_marks_what_has_changed_until_ctrl_c(sandbox: Sandbox, job_id: int) -> None:
    make_job(sandbox.store, status="RUNNING")
    with at(sandbox, "job", "list", "-s", "all", "--watch", "0.5") as screen:
        screen.wait_for("RUNNING")
        modes = screen.read_modes()
        sandbox.store.write(transitions.move, job_id, "STOP_REQUESTED", sandbox.store.now())
        screen.wait_until(lambda screen: any(line.startswith("*") for line in screen.lines))
        marked = [line.split()[:4] for line in screen.lines if line.startswith("*")]
        heads = [line for line in screen.lines if line.startswith("every ")]
        screen.type("\x03")

        assert screen.wait_for_end() == 0
        assert screen.read_modes() == modes
        assert not hides_cursor(screen)

    assert marked == [["*", str(job_id), "◌", "STOP_REQUESTED"]]
    assert len(heads) == 1
