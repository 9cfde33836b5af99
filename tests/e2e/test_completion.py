"""Completion in real shells: bash, zsh and fish, each at its own terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ampctl_sandbox.testing import Sandbox, live_sandbox, make_descriptor, make_job

from .others import install_others
from .servers import silent_server
from .shells import SHELLS, Shell, running_shell


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install a plugin with many commands in a folder of its own, and return its package."""
    return install_others(tmp_path_factory.mktemp("others"))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A server with one active job and two finished ones, whose dataset has a hostile name."""
    with live_sandbox() as sandbox:
        make_job(sandbox.store, status="RUNNING")
        for _ in range(2):
            hostile = {**make_descriptor(), "dataset_name": "x\x1b[2Jy\nz$(touch touched)"}
            make_job(sandbox.store, status="COMPLETED", descriptor=hostile)
        yield sandbox


@pytest.fixture(scope="module", params=SHELLS)
def shell(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    plugin: Path,
    sandbox: Sandbox,
) -> Iterator[Shell]:
    """A shell on a terminal, which completes ampctl."""
    home = tmp_path_factory.mktemp(request.param)
    (home / "two words.amp").touch()
    variables = {"PYTHONPATH": str(plugin.parent), "AMP_ADMIN_URL": sandbox.url}
    with running_shell(request.param, home, **variables) as shell:
        yield shell


@pytest.fixture(autouse=True)
def empty_line(request: pytest.FixtureRequest) -> None:
    """Begin each test that uses the shell with an empty screen."""
    if "shell" in request.fixturenames:
        request.getfixturevalue("shell").clear()


def test_groups_and_verbs_complete_and_nothing_is_imported(shell: Shell, plugin: Path) -> None:
    trace = plugin / "imported"
    trace.unlink(missing_ok=True)

    shell.type("ampctl oth\t")
    shell.wait_for_typed("ampctl others")
    shell.type("q\t")
    shell.wait_for_typed("ampctl others query")
    assert not trace.exists()

    shell.type("--sp\t")
    shell.wait_for_typed("ampctl others query --speak")
    assert trace.exists()


def test_verbs_are_listed_with_their_summaries(shell: Shell) -> None:
    shell.type("ampctl job \t\t")

    shell.wait_for("Show how far jobs are, table by table", "Remove all finished jobs")
    assert "Show" not in shell.line


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("ampctl job list --lim", "ampctl job list --limit"),
        ("ampctl job list -c st", "ampctl job list -c status"),
        ("ampctl job list --status=ru", "ampctl job list --status=running"),
        ("ampctl job list -s scheduled,ru", "ampctl job list -s scheduled,running"),
        ("ampctl job list -f 't", "ampctl job list -f 'table'"),
        ('ampctl job list -f "j', 'ampctl job list -f "json'),
        ('ampctl job list "--status=ru', 'ampctl job list "--status=running"'),
        ("ampctl --color never help job li", "ampctl --color never help job list"),
        ("ampctl job list > two", "ampctl job list > two\\ words.amp"),
        ("ampctl run two", "ampctl run two\\ words.amp"),
        ('ampctl run "two', 'ampctl run "two words.amp"'),
        ("ampctl job list --log-file=two", "ampctl job list --log-file=two\\ words.amp"),
        ("ampctl job list two", "ampctl job list two"),
    ],
)
def test_options_values_and_files_complete(shell: Shell, typed: str, completed: str) -> None:
    shell.type(f"{typed}\t")

    shell.wait_for_typed(completed)


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("sp\tx", "space/x"),
        ("a:b\tx", "a:bc x"),
        ("tw\tx", "two\\ words\\ \\$x x"),
        ("'tw\tx", "'two words $x' x"),
    ],
)
def test_parts_of_words_and_special_characters(shell: Shell, typed: str, completed: str) -> None:
    shell.type(f"ampctl others query --name {typed}")

    shell.wait_for_typed(f"ampctl others query --name {completed}")


def test_a_lone_id_is_inserted_at_once(shell: Shell) -> None:
    shell.type("ampctl job stop \t")

    shell.wait_for_typed("ampctl job stop 1")


def test_ids_are_shown_with_what_they_are_and_not_offered_again(shell: Shell) -> None:
    shell.type("ampctl job rm \t\t")
    shell.wait_for(
        "2  (" if shell.name == "bash" else "2", "COMPLETED", "x\\x1b[2Jy\\nz$(touch touched)"
    )
    assert "COMPLETED" not in shell.line

    shell.clear()
    shell.type("ampctl job rm 3 \t")
    shell.wait_for_typed("ampctl job rm 3 2")
    assert not (shell.home / "touched").exists()


def test_the_line_says_which_server_is_asked(shell: Shell, sandbox: Sandbox) -> None:
    shell.run_here("export AMP_ADMIN_URL=http://127.0.0.1:1")
    try:
        shell.type("ampctl job stop \t1\t")
        shell.wait_for_typed("ampctl job stop 1")
        shell.clear()
        shell.type(f"ampctl --admin-url {sandbox.url} job stop \t")
        shell.wait_for_typed(f"ampctl --admin-url {sandbox.url} job stop 1")
    finally:
        shell.run_here(f"export AMP_ADMIN_URL={sandbox.url}")


def test_a_completer_that_fails_leaves_the_screen_clean(shell: Shell) -> None:
    shell.type("ampctl others query --fail \tx")

    shell.wait_for_typed("ampctl others query --fail x")
    assert len(shell.lines) == 1


def test_what_a_completer_prints_is_not_seen(shell: Shell) -> None:
    shell.type("ampctl others query --speak \t")

    shell.wait_for_typed("ampctl others query --speak value")
    assert len(shell.lines) == 1


@pytest.mark.long
def test_a_server_that_hangs_is_asked_once_and_keys_are_kept(shell: Shell) -> None:
    with silent_server() as (url, asked):
        # Long enough for a slow machine to send a request, and short enough to wait for.
        shell.run_here("export AMPCTL_COMPLETION_TIMEOUT=4s")
        try:
            shell.type(f"ampctl --admin-url {url} job stop \t12 3")
            shell.wait_for_typed(f"ampctl --admin-url {url} job stop 12 3")
        finally:
            shell.run_here("export AMPCTL_COMPLETION_TIMEOUT=20s")

    assert asked.qsize() == 1


def complete(*words: str, **variables: str) -> str:
    """Return what a shell would be answered, with more variables in the environment."""
    command = [sys.executable, "-m", "ampctl", "__complete", "--", *words]
    done = subprocess.run(command, env={**os.environ, **variables}, capture_output=True, text=True)
    assert (done.stderr, done.returncode) == ("", 0)
    return done.stdout


@pytest.mark.parametrize(
    ("option", "answer"),
    [("--fail", ""), ("--leave", ""), ("--speak", "value\n"), ("--hang", "")],
)
def test_a_bad_completer_is_not_heard(plugin: Path, option: str, answer: str) -> None:
    variables = {"PYTHONPATH": str(plugin.parent)}

    assert complete("others", "query", option, "", **variables) == f"{answer}:4\n"


def test_time_counts_from_the_start_of_the_process() -> None:
    script = (
        "from ampctl.shell.complete import process\n"
        "process.measure_process_s = lambda: 30.0\n"
        "process.answer_shell(['--', 'job', 'stop', ''])\n"
    )
    with silent_server() as (url, asked):
        variables = {"AMP_ADMIN_URL": url, "AMPCTL_COMPLETION_TIMEOUT": "20s"}
        done = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, **variables},
            capture_output=True,
            text=True,
        )

    # It was over before there was anything to send.
    assert (done.stdout, done.stderr, asked.qsize()) == (":4\n", "", 0)


@pytest.mark.parametrize("name", SHELLS)
def test_installing_twice_changes_nothing_and_starts_no_process(name: str, tmp_path: Path) -> None:
    programs, trace = tmp_path / "programs", tmp_path / "started"
    programs.mkdir()
    (programs / "ampctl").write_text(f"#!/bin/sh\necho run >>{trace}\n")
    (programs / "ampctl").chmod(0o755)

    with running_shell(name, tmp_path) as shell:
        (script,) = [path for path in tmp_path.rglob("*ampctl*") if path.parent != programs]
        before = script.stat().st_mtime_ns, script.stat().st_ino
        shell.run_here(f"{sys.executable} -m ampctl completion {name} --install")
        assert (script.stat().st_mtime_ns, script.stat().st_ino) == before

    with running_shell(name, tmp_path, PATH=f"{programs}:{os.environ['PATH']}") as shell:
        assert not trace.exists()
        shell.type("ampctl jo\tx")
        # Its answer is nonsense, and is not inserted.
        shell.wait_for_typed("ampctl jox")
        assert trace.exists()


@pytest.mark.parametrize(
    ("setting", "line"),
    [
        ("set show-all-if-ambiguous on", "ampctl job pr"),
        ("TAB: menu-complete", "ampctl job progress"),
    ],
)
def test_hints_never_land_on_the_line_of_bash(tmp_path: Path, setting: str, line: str) -> None:
    with running_shell("bash", tmp_path) as shell:
        shell.run_here(f"bind '{setting}'")
        shell.type("ampctl job p\t")

        shell.wait_for_typed(line)
