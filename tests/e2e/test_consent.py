"""Consent at a real terminal: who is asked, where, and what counts as an answer."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ampctl_sandbox.database.queries import find_page
from ampctl_sandbox.testing import Sandbox, make_job

from .terminals import person_at

QUESTION = "Remove 1 COMPLETED? [y/N] "


@pytest.fixture
def prune(sandbox: Sandbox) -> list[str]:
    """The command that removes the one job of the sandbox."""
    make_job(sandbox.store, status="COMPLETED")
    return [sys.executable, "-m", "ampctl", "--admin-url", sandbox.url, "job", "prune"]


def count_jobs(sandbox: Sandbox) -> int:
    """Return how many jobs the sandbox has."""
    return len(sandbox.store.read(find_page, limit=9))


@pytest.mark.parametrize(
    "piped",
    [(), ("stdin",), ("stdout",), ("stderr",), ("stdin", "stdout"), ("stdout", "stderr")],
    ids=lambda names: " and ".join(names) or "nothing",
)
@pytest.mark.parametrize(("answer", "left"), [("y\n", 0), ("n\n", 1)])
def test_whatever_is_piped_a_person_is_asked_and_answers(
    sandbox: Sandbox,
    prune: list[str],
    tmp_path: Path,
    piped: tuple[str, ...],
    answer: str,
    left: int,
) -> None:
    yes = tmp_path / "yes"
    yes.write_text("y\n" * 9)
    with yes.open() as stdin, (tmp_path / "log").open("w") as log:
        streams = {name: stdin if name == "stdin" else log for name in piped}
        with person_at(prune, **streams) as person:
            person.wait_for(QUESTION)
            person.type(answer)
            code = person.wait_for_end()

    assert (code, count_jobs(sandbox)) == (left, left)


def test_the_question_names_the_server(prune: list[str]) -> None:
    with person_at(prune) as person:
        person.wait_for(f"{prune[4]}: {QUESTION}")


@pytest.mark.measured
def test_a_process_without_a_terminal_of_its_own_asks_at_that_of_a_stream(
    sandbox: Sandbox, prune: list[str]
) -> None:
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with person_at(prune, is_own=False, **streams) as person:
        person.wait_for(QUESTION)
        person.type("n\n")
        code = person.wait_for_end()

    assert (code, count_jobs(sandbox)) == (1, 1)


def test_what_was_typed_before_the_question_is_no_answer(
    sandbox: Sandbox, prune: list[str]
) -> None:
    with person_at(prune, typed="y\ny\n") as person:
        person.wait_for(QUESTION)
        person.type("n\n")
        code = person.wait_for_end()

    assert (code, count_jobs(sandbox)) == (1, 1)


@pytest.mark.parametrize(
    ("key", "status"), [("\x04", 1), ("\x03", -signal.SIGINT)], ids=["Ctrl-D", "Ctrl-C"]
)
def test_a_question_that_is_left_is_a_no_and_the_terminal_stays_as_it_was(
    sandbox: Sandbox, prune: list[str], key: str, status: int
) -> None:
    with person_at(prune) as person:
        before = person.read_modes()
        person.wait_for(QUESTION)
        person.type(key)
        code = person.wait_for_end()
        after = person.read_modes()

    assert (code, count_jobs(sandbox)) == (status, 1)
    assert after == before


def test_where_no_stream_is_a_terminal_it_goes_ahead(sandbox: Sandbox, prune: list[str]) -> None:
    person = person_at(prune, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=-3)
    with person as person_away:
        code = person_away.wait_for_end()

    assert (code, count_jobs(sandbox)) == (0, 0)
    assert person_away.screen == ""
