"""``job top`` at a real terminal."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from ampctl_sandbox.testing import Sandbox, blocks, live_sandbox, make_descriptor, make_job

from .terminals import Screen, screen_at

AMPCTL = [sys.executable, "-m", "ampctl"]
ALTERNATE, ORDINARY = "\033[?1049h", "\033[?1049l"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox with jobs that no worker touches."""
    with live_sandbox() as sandbox:
        descriptor = make_descriptor(end_block="5999")
        make_job(sandbox.store, "FATAL", descriptor=descriptor)
        for _ in range(30):
            make_job(sandbox.store, "RUNNING", descriptor=descriptor, tables={"blocks": blocks(3)})
        yield sandbox


def top_at(url: str, *options: str) -> Any:
    return screen_at([*AMPCTL, "--admin-url", url, "job", "top", *options], columns=80, rows=24)


def is_ordinary(screen: Screen) -> bool:
    """Tell whether the terminal shows what it did before, and its cursor."""
    shown = screen.screen
    hides_cursor = shown.rfind("\033[?25l") > shown.rfind("\033[?25h")
    return shown.count(ALTERNATE) == shown.count(ORDINARY) and not hides_cursor


@pytest.mark.measured
@pytest.mark.parametrize(
    ("end", "status"),
    [("q", 0), ("\x03", -signal.SIGINT), (signal.SIGTERM, -signal.SIGTERM)],
    ids=["q", "Ctrl-C", "SIGTERM"],
)
def test_the_terminal_is_left_as_it_was_found(
    sandbox: Sandbox, end: str | signal.Signals, status: int
) -> None:
    with top_at(sandbox.url) as screen:
        modes = screen.read_modes()
        screen.wait_for("RUNNING", "workers: ", "> ")
        assert screen.read_modes() != modes
        assert len(screen.lines) >= 22
        assert screen.lines[-2].startswith("↑↓ choose")
        if isinstance(end, str):
            screen.type(end)
        else:
            screen.process.send_signal(end)

        assert screen.wait_for_end() == status
        assert is_ordinary(screen)
        assert screen.read_modes() == modes
        assert screen.screen.endswith(ORDINARY)


def test_a_job_is_stopped_and_removed_from_within_the_shell(sandbox: Sandbox) -> None:
    job_id = make_job(sandbox.store, "FATAL", descriptor=make_descriptor())
    command = [*AMPCTL, "--admin-url", sandbox.url, "shell"]
    with screen_at(command, columns=80, rows=24, environ={"HOME": os.devnull}) as screen:
        screen.wait_for_prompt()
        screen.type("job top\r")
        screen.wait_for(f"> {job_id} ✗ FATAL")
        screen.type("r")
        screen.wait_for(f"{sandbox.url}: Remove 1 FATAL: job {job_id}? [y/N]")
        screen.type("n")
        screen.wait_for(f"job {job_id}: nothing was done")
        screen.type("r")
        screen.wait_for("[y/N]")
        screen.type("y")
        screen.wait_for(f"job {job_id}: removed")
        screen.wait_for(f"> {job_id - 1} ▶ RUNNING")
        screen.type("s")
        screen.wait_for(f"Stop 1 RUNNING: job {job_id - 1}? [y/N]")
        screen.type("y")
        screen.wait_for(f"job {job_id - 1}: requested")
        screen.wait_for(f"> {job_id - 1} ◌ STOP_REQUESTED")
        screen.type("q")
        screen.wait_for_prompt()

        assert is_ordinary(screen)
        assert screen.leave() == 0


@pytest.mark.measured
def test_ctrl_z_gives_the_terminal_back_until_it_goes_on(sandbox: Sandbox) -> None:
    # A process that leads a session is never stopped by its terminal, so a shell has to do that.
    program = ["bash", "--norc", "--noprofile", "-i"]
    with screen_at(program, columns=80, rows=24, environ={"PS1": "ready> "}) as screen:
        screen.wait_for_prompt()
        screen.type(f"{' '.join(AMPCTL)} --admin-url {sandbox.url} job top\r")
        screen.wait_for("RUNNING", "> ")
        screen.type("\x1a")
        screen.wait_until(lambda screen: screen.screen.count(ORDINARY) == 1)
        screen.wait_for_prompt("ready> ")
        assert is_ordinary(screen)
        screen.type("fg\r")
        screen.wait_until(lambda screen: screen.screen.count(ALTERNATE) == 2)
        screen.wait_for("↑↓ choose")
        screen.type("q")
        screen.wait_until(lambda screen: screen.screen.count(ORDINARY) == 2)
        screen.wait_for_prompt("ready> ")

        assert is_ordinary(screen)


def test_another_size_is_seen_at_once(sandbox: Sandbox) -> None:
    with top_at(sandbox.url) as screen:
        screen.wait_for("RUNNING", "worker-")
        screen.resize(200)
        screen.wait_for("lately")
        screen.resize(60)
        screen.wait_until(lambda screen: not any("worker " in line for line in screen.lines))
        screen.wait_for("d datasets  w workers  q quit")


def test_an_outage_is_told_with_its_age(sandbox: Sandbox) -> None:
    with contextlib.ExitStack() as left:
        with live_sandbox() as gone:
            make_job(gone.store, "RUNNING", descriptor=make_descriptor())
            screen = left.enter_context(top_at(gone.url, "--retries", "0"))
            screen.wait_for("1 RUNNING")
        screen.wait_for("last update ")
        screen.wait_for("1 RUNNING")
        screen.type("q")

        assert screen.wait_for_end() == 0
