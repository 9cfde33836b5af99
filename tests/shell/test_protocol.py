"""What shells hand over, and what they are given."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from ampctl.runtime import measure_process_s
from ampctl.settings.completing import Candidate
from ampctl.shell.complete.engine import Completion
from ampctl.shell.complete.protocol import Bash, format_answer, list_plainly, read_text

_IMPORTED_S = time.monotonic()
BREAKS = " \t\n\"'><=;|&(:"


def in_bash(
    text: str, *words: str, kind: str = "9", width: int = 40, breaks: str = BREAKS
) -> list[str]:
    """Return what bash is given for a line, if these words are offered."""
    candidates = [Candidate(word, f"about {word}") for word in words]
    return list(Bash(kind, width, breaks).list_words(candidates, text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ampctl job l", ("job", "l")),
        ("ampctl ", ("",)),
        ("ampctl", ()),
        ("A=1 B=2 ampctl job ", ("job", "")),
        ("ampctl job list -f 'j", ("job", "list", "-f", "j")),
        ("ampctl job list --status=ru", ("job", "list", "--status=ru")),
    ],
)
def test_a_line_is_read_without_its_program(text: str, words: tuple[str, ...]) -> None:
    assert read_text(text).words == words


@pytest.mark.parametrize("text", ["ampctl job list > f", "ampctl job list 2> f", "ampctl job < f"])
def test_a_file_follows_what_only_shells_do(text: str) -> None:
    assert read_text(text).path is not None


@pytest.mark.parametrize(
    ("completion", "directive"),
    [
        (Completion(), ":4\n"),
        (Completion(files=True), ":0\n"),
        (Completion(space=False), ":6\n"),
    ],
)
def test_the_directive_says_what_follows(completion: Completion, directive: str) -> None:
    assert format_answer([], completion) == directive


def test_hints_follow_a_tab() -> None:
    assert list(list_plainly([Candidate("a", "b"), Candidate("c")])) == ["a\tb", "c"]


@pytest.mark.parametrize(
    ("text", "word", "given"),
    [
        ("ampctl job list --status=ru", "--status=running", "running"),
        ("ampctl job list --status=", "--status=running", "running"),
        ('ampctl job list "--status=ru', "--status=running", "--status=running"),
        ('ampctl job list --status="ru', "--status=running", "running"),
        ("ampctl x a:b", "a:bc", "bc"),
        ("ampctl x a", "a b$c", "a\\ b\\$c"),
        ("ampctl x 'a", "a b$c", "a b$c"),
        ('ampctl x "a', "a b$c", "a b\\$c"),
        ("ampctl x a,b", "a,b,c", "a,b,c"),
    ],
)
def test_bash_is_given_the_end_of_its_own_word(text: str, word: str, given: str) -> None:
    assert in_bash(text, word) == [given]


def test_bash_without_breaks_is_given_the_whole_word() -> None:
    assert in_bash("ampctl x --a=b", "--a=bc", breaks=" ") == ["--a=bc"]


@pytest.mark.parametrize("kind", ["9", "33", "37", "64"])
def test_bash_is_given_hints_in_a_list_only(kind: str) -> None:
    assert in_bash("ampctl x ", "one", "two", kind=kind) == ["one", "two"]
    assert in_bash("ampctl x ", "one", kind="63") == ["one"]


def test_a_list_has_one_column_that_fits() -> None:
    listed = in_bash("ampctl x ", "a", "bcd", kind="63")

    assert [line.rstrip() for line in listed] == ["a    (about a)", "bcd  (about bcd)"]
    assert {len(line) for line in listed} == {20}
    assert max(map(len, in_bash("ampctl x ", "a" * 50, "b", kind="63"))) == 38


def complete(*argv: str) -> subprocess.CompletedProcess[str]:
    """Run the hidden command as a shell does."""
    return subprocess.run(
        [sys.executable, "-m", "ampctl", "__complete", *argv], capture_output=True, text=True
    )


@pytest.mark.measured
@pytest.mark.parametrize(
    ("argv", "answer"),
    [
        (["--", "job", "li"], "list\tList jobs, newest first\n:4\n"),
        (["text", "ampctl run "], ":0\n"),
        (["text", "ampctl job list > x"], ":0\n"),
        (["text", "ampctl job list | x"], ":4\n"),
        (["bash", "9", "80", BREAKS, "ampctl job list --status=ru"], "running\n:4\n"),
        (["--", "--no-plugins", "j"], ":4\n"),
        (["--"], ":4\n"),
        (["--", "--plugins=", "j"], ":4\n"),
        (["bash", "9"], ":4\n"),
        ([], ":4\n"),
    ],
    ids=" ".join,
)
def test_a_shell_is_always_answered_and_never_told_more(argv: list[str], answer: str) -> None:
    done = complete(*argv)

    assert (done.stdout, done.stderr, done.returncode) == (answer, "", 0)


def test_the_age_of_a_process_counts_from_its_start() -> None:
    assert time.monotonic() - _IMPORTED_S <= measure_process_s() < 24 * 3600
