"""The shell at a real terminal: what a person sees, and what is left behind."""

from __future__ import annotations

import contextlib
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from ampctl_sandbox.testing import Sandbox, live_sandbox, make_job

from .terminals import Screen, screen_at

# However careless its surroundings are, what it writes is private.
AMPCTL = ["sh", "-c", 'umask 0; exec "$0" "$@"', sys.executable, "-m", "ampctl"]
# The prompt is used nowhere but in these processes.
pytestmark = pytest.mark.measured
Open = Callable[..., AbstractContextManager[Screen]]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox with a running job and a completed one, for the whole module."""
    with live_sandbox() as sandbox:
        make_job(sandbox.store, status="RUNNING")
        make_job(sandbox.store, status="COMPLETED")
        yield sandbox


@pytest.fixture
def open_shell(sandbox: Sandbox, tmp_path: Path) -> Open:
    """Open the shell, and wait for its first prompt."""

    @contextlib.contextmanager
    def open_shell(*options: str, url: str = sandbox.url, **environ: str) -> Iterator[Screen]:
        variables = {"AMP_ADMIN_URL": url, "XDG_STATE_HOME": str(tmp_path), **environ}
        # However slow the machine is, there is time for an answer.
        variables.setdefault("AMPCTL_COMPLETION_TIMEOUT", "20s")
        columns = int(environ.get("COLUMNS", "80"))
        with screen_at([*AMPCTL, *options], columns=columns, environ=variables) as screen:
            screen.wait_for_prompt()
            yield screen
            # One that is killed leaves no figures of its coverage behind.
            if screen.process.poll() is None:
                assert screen.leave() == 0

    return open_shell


@pytest.mark.parametrize("columns", ["80", "200"])
def test_it_begins_with_one_line_and_a_prompt_and_asks_no_server(
    open_shell: Open, columns: str
) -> None:
    with open_shell(url="http://127.0.0.1:9", COLUMNS=columns) as screen:
        shown = [line for line in screen.lines if line]

    assert shown[0].startswith("ampctl ")
    assert "127.0.0.1:9" in shown[0]
    assert "`help`" in shown[0]
    assert shown[1:] == ["127.0.0.1:9>"]


def test_before_the_first_prompt_nothing_is_imported_that_only_commands_need(
    tmp_path: Path,
) -> None:
    script = (
        "import pathlib, sys\n"
        "from ampctl import entry\n"
        "from ampctl.shell import prompt\n"
        # What is imported after it, while the first command is typed.
        "prompt._import_client = lambda: None\n"
        "sys.argv = ['ampctl']\n"
        "code = entry.run()\n"
        "pathlib.Path('modules').write_text(' '.join(sys.modules))\n"
        "sys.exit(code)\n"
    )
    environ = {"XDG_STATE_HOME": str(tmp_path), "AMP_ADMIN_URL": "http://127.0.0.1:9"}
    command = [sys.executable, "-c", script]
    with screen_at(command, environ=environ, cwd=tmp_path) as screen:
        screen.wait_for_prompt()
        screen.type("\x04")
        assert screen.wait_for_end() == 0

    modules = set((tmp_path / "modules").read_text().split())
    assert "prompt_toolkit" in modules
    unwanted = {"requests", "marshmallow", "cmd2", "rich", "cliff.interactive", "ampctl_job"}
    assert not unwanted & modules


def test_the_prompt_shows_a_failure_until_a_command_does_well(open_shell: Open) -> None:
    with open_shell() as screen:
        assert "there is no such job" in " ".join(screen.run("job inspect 999"))
        assert screen.line.startswith("[3] ")
        screen.run("")
        assert screen.line.startswith("[3] ")
        screen.run("job list")
        assert not screen.line.startswith("[")


def test_a_command_prints_what_it_prints_on_the_command_line(open_shell: Open) -> None:
    with open_shell() as screen:
        assert screen.run("job list -f value -c id -c status") == ["1 RUNNING"]
        assert screen.run("ampctl job list -f value -c id") == ["1"]


def test_it_opens_by_name_too(open_shell: Open) -> None:
    ampctl = open_shell
    with ampctl("shell") as screen:
        assert screen.run("job list -f value -c id") == ["1"]


def test_exit_and_control_d_leave_with_0_also_after_a_failure(open_shell: Open) -> None:
    for leaving in ("exit\r", "quit\r", "\x04"):
        with open_shell() as screen:
            screen.run("job inspect 999")
            screen.type(leaving)
            assert screen.wait_for_end() == 0


def test_control_d_within_a_line_does_not_leave(open_shell: Open) -> None:
    with open_shell() as screen:
        screen.type("job\x04")
        assert screen.run("s\x15help job")[0].startswith("usage: ampctl job")


def test_tab_offers_verbs_with_summaries_and_ids_by_verb(open_shell: Open) -> None:
    with open_shell() as screen:
        screen.type("job st\t")
        screen.wait_until(lambda screen: screen.line.endswith("job stop "))
        screen.type("\t")
        screen.wait_until(lambda screen: screen.line.endswith("job stop 1 "))
        screen.type("\x15job p\t")
        screen.wait_for("prune")
        screen.wait_for("Show how far")


def test_enter_on_a_chosen_completion_takes_it_and_runs_nothing(open_shell: Open) -> None:
    with open_shell() as screen:
        screen.type("job inspect \t")
        screen.wait_for("COMPLETED")
        screen.type("\t")
        screen.wait_until(lambda screen: screen.line.rstrip().endswith("job inspect 2"))
        screen.type("\r")
        screen.wait_until(lambda screen: "COMPLETED" not in "".join(screen.lines))
        assert "created_at" not in "".join(screen.lines)


def test_a_server_that_is_away_offers_nothing_and_says_nothing(open_shell: Open) -> None:
    with open_shell(url="http://127.0.0.1:9") as screen:
        screen.type("job inspect \t7")
        screen.wait_until(lambda screen: screen.line.endswith("inspect 7"))
        assert len([line for line in screen.lines if line]) == 2


def test_history_lasts_is_private_and_up_searches_by_prefix(
    open_shell: Open, tmp_path: Path
) -> None:
    with open_shell() as screen:
        screen.run("job list -f value -c id")
        screen.run("help job")
        screen.process.kill()
        screen.process.wait()
    with open_shell() as screen:
        screen.type("job\x1b[A")
        screen.wait_until(lambda screen: screen.line.endswith("job list -f value -c id"))

    file = tmp_path / "ampctl" / "history"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert file.read_text() == '"job list -f value -c id"\n"help job"\n'


@pytest.mark.parametrize(
    "line",
    [
        "job list --auth-token s3cret-token -f value",
        "job list '--auth-token=s3cret-token' -f value",
        "job list --auth-token s3cret-token ; x",
        " job list -f value",
    ],
)
def test_secrets_and_what_begins_with_a_space_are_not_kept(
    open_shell: Open, tmp_path: Path, line: str
) -> None:
    with open_shell() as screen:
        screen.run("help job")
        screen.run(line)
        screen.type("\x1b[A")
        screen.wait_until(lambda screen: screen.line.endswith("help job"))

    assert (tmp_path / "ampctl" / "history").read_text() == '"help job"\n'


def test_a_damaged_history_is_one_warning(open_shell: Open, tmp_path: Path) -> None:
    (tmp_path / "ampctl").mkdir()
    (tmp_path / "ampctl" / "history").write_bytes(b"\xff\nrubbish\n")

    with open_shell() as screen:
        assert "2 lines of the history" in screen.lines[0]
        assert screen.run("job list -f value -c id") == ["1"]


def test_pasted_lines_wait_for_enter_and_stop_at_the_first_failure(open_shell: Open) -> None:
    pasted = "job list -f value -c id\n# a comment\njob inspect 999\nhelp job"
    with open_shell() as screen:
        screen.type(f"\x1b[200~{pasted}\x1b[201~")
        screen.wait_for("help job")
        assert not any(line == "1" for line in screen.lines)
        screen.type("\r")
        screen.wait_for("not run after this failure: help job")
        assert "1" in screen.lines


def test_an_open_quote_or_a_last_backslash_goes_on_and_control_c_drops_all(
    open_shell: Open,
) -> None:
    with open_shell() as screen:
        for begun in ("job list 'a\r", "job list \\\r"):
            screen.type(begun)
            screen.wait_for_prompt("... ")
            screen.type("\x03")
            screen.wait_for_prompt()
        assert screen.run("job list -f value -c id") == ["1"]


def test_what_only_a_shell_can_do_is_refused_or_plain_text(
    open_shell: Open, tmp_path: Path
) -> None:
    mark = tmp_path / "ran"
    with open_shell(COLUMNS="200") as screen:
        for line in (
            f"!touch {mark}",
            f"@{mark}",
            f"job inspect $(touch {mark})",
            f"`touch {mark}`",
        ):
            screen.run(line)
            assert screen.line.startswith("[2] ")
        for line in (f"help ; touch {mark}", f"help && touch {mark}", f"help < {mark}"):
            assert "can't be used here" in screen.run(line)[0]

    assert not mark.exists()


def test_data_goes_to_a_program_or_a_file(open_shell: Open, tmp_path: Path) -> None:
    with open_shell(COLUMNS="200") as screen:
        assert screen.run("job list -s all -f value -c id | sort -n | head -1") == ["1"]
        screen.run("job list | false")
        assert screen.line.startswith("[1] ")
        screen.run(f"job list -f value -c id > '{tmp_path}/a b'")
        screen.run(f"job list -f value -c id >> '{tmp_path}/a b'")

    assert (tmp_path / "a b").read_text() == "1\n1\n"


def test_options_of_the_start_hold_and_those_of_a_line_are_its_own(open_shell: Open) -> None:
    with open_shell("--retries", "0", "--request-timeout", "5", url="http://127.0.0.1:9") as screen:
        screen.run("job list")
        assert screen.line.startswith("[5] ")
        screen.run("job list --retries nonsense")
        assert screen.line.startswith("[2] ")
        screen.run("job list")
        assert screen.line.startswith("[5] ")


def test_control_c_ends_the_command_and_not_the_shell(open_shell: Open, sandbox: Sandbox) -> None:
    with open_shell() as screen:
        screen.type("job list | cat -\x03")
        screen.wait_for_prompt()
        screen.type("job prune\r")
        screen.wait_for("[y/N]")
        screen.type("\x03")
        screen.wait_for("[130] ")
        assert screen.run("job list -s all -f value -c id") == ["2", "1"]


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, -signal.SIGTERM), (signal.SIGHUP, -signal.SIGHUP)]
)
def test_a_signal_ends_it_with_the_terminal_as_before(
    open_shell: Open, number: int, code: int
) -> None:
    with screen_at(["true"]) as other:
        modes = other.read_modes()
    with open_shell() as screen:
        screen.process.send_signal(number)
        assert screen.wait_for_end() == code
        assert screen.read_modes()[:4] == modes[:4]


@pytest.mark.parametrize("environ", [{"TERM": "dumb"}, {"NO_COLOR": "1"}, {"LC_ALL": "C"}])
def test_it_works_on_any_terminal(open_shell: Open, environ: dict[str, str]) -> None:
    with open_shell(**environ) as screen:
        assert "1" in screen.run("job list -f value -c id")
