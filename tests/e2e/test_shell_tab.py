"""TAB at the prompt, with a plugin of 200 commands and a server of 1,000 jobs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .others import install_others
from .servers import HOSTILE_JOB, Server, serving, silent_server
from .terminals import DEADLINE_S, Screen, screen_at

AMPCTL = [sys.executable, "-m", "ampctl"]
TAB, SHIFT_TAB, ESCAPE, RIGHT, END, CTRL_E = "\t", "\x1b[Z", "\x1b", "\x1b[C", "\x1b[F", "\x05"
# The prompt is used nowhere but in these processes.
pytestmark = pytest.mark.measured


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_others(tmp_path_factory.mktemp("others"))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(jobs=range(1000, 0, -1)) as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the shell is, with files to complete."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "two words.amp").touch()
    (folder / "twig").mkdir()
    (folder / ".hidden").touch()
    return folder


@pytest.fixture(scope="module")
def shared(
    plugin: Path, server: Server, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Screen]:
    environ = {
        "PYTHONPATH": str(plugin.parent),
        "XDG_STATE_HOME": str(tmp_path_factory.mktemp("state")),
        "AMP_ADMIN_URL": f"http://127.0.0.1:{server.port}",
        # However slow the machine is, there is time for an answer.
        "AMPCTL_COMPLETION_TIMEOUT": "20s",
    }
    with screen_at(AMPCTL, columns=100, environ=environ, cwd=folder) as screen:
        screen.wait_for_prompt()
        yield screen
        assert screen.leave() == 0


@pytest.fixture
def shell(shared: Screen, server: Server) -> Screen:
    """The shell of all these tests, with nothing on its screen but the prompt."""
    shared.clear()
    server.asked.clear()
    return shared


def test_tab_offers_groups_and_verbs_of_a_plugin_and_imports_nothing_of_it(
    shell: Screen, plugin: Path
) -> None:
    shell.type(f"unt{TAB}")
    shell.wait_for_typed("untried")
    shell.type(f"b{TAB}")
    shell.wait_for_typed("untried begin")
    shell.clear()
    # Both groups have a summary, and so have 200 verbs.
    shell.type(f"{TAB}")
    shell.wait_for("Things that no one tries", "Things of others")
    shell.clear()
    shell.type(f"others {TAB}")
    shell.wait_for("ask-0", "Ask in another way")

    assert not (plugin.parent / "untried-imported").exists()


def test_tab_shows_summaries_beside_verbs(shell: Screen) -> None:
    shell.type(f"job p{TAB}")

    shell.wait_for("prune     Remove all finished jobs", "progress")
    assert shell.typed == "job pr"


def test_tab_offers_options_with_hints_and_none_that_was_given(shell: Screen) -> None:
    shell.type(f"job list --limit 5 --colum{TAB}")
    shell.wait_for_typed("job list --limit 5 --column")
    # This one may be given again, the other one may not.
    shell.type(f"id --colum{TAB}")
    shell.wait_for_typed("job list --limit 5 --column id --column")
    shell.type(f"status --lim{TAB}x")
    shell.wait_for_typed("job list --limit 5 --column id --column status --limx")


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("job list -f js", "job list -f json"),
        ("job list -c stat", "job list -c status"),
        ("job list --status=ru", "job list --status=running"),
        ("job list -s scheduled,ru", "job list -s scheduled,running"),
        ("--color nev", "--color never"),
        ("help job li", "help job list"),
        ("ampctl job li", "ampctl job list"),
    ],
)
def test_tab_completes_values(shell: Screen, typed: str, completed: str) -> None:
    shell.type(f"{typed}{TAB}")

    shell.wait_for_typed(completed)


def test_tab_offers_a_thousand_ids(shell: Screen, server: Server) -> None:
    shell.type(f"job inspect 1000 {TAB}")
    shell.wait_for("999    RUNNING")

    # Backwards from the newest that is left: the oldest.
    shell.type(SHIFT_TAB)
    shell.wait_for_typed("job inspect 1000 1")
    assert server.asked == ["GET /jobs?limit=1000&status=all"]


def test_a_name_from_a_server_is_shown_as_text_and_moves_no_cursor(
    shell: Screen, folder: Path
) -> None:
    shell.type(f"job inspect {HOSTILE_JOB // 10}{TAB}")

    shell.wait_for(r"x\x1b[2Jy\nz$(touch touched)")
    shell.wait_until(lambda screen: screen.typed == f"job inspect {HOSTILE_JOB // 10}")
    assert not (folder / "touched").exists()


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("job list > two", "job list > 'two words.amp'"),
        ("job list >> two", "job list >> 'two words.amp'"),
        ("job list > 'two", "job list > 'two words.amp'"),
        ('job list > "two w', "job list > 'two words.amp'"),
        ("run two", "run 'two words.amp'"),
        ("job list --log-file=two", "job list '--log-file=two words.amp'"),
        ("job list > .hid", "job list > .hidden"),
    ],
)
def test_tab_completes_files_where_files_are_meant(
    shell: Screen, typed: str, completed: str
) -> None:
    shell.type(f"{typed}{TAB}")

    shell.wait_for_typed(completed)


@pytest.mark.parametrize("typed", ["job list | two", "job list two", "job list > two two"])
def test_tab_completes_no_file_elsewhere(shell: Screen, typed: str) -> None:
    shell.type(f"{typed}{TAB}x")

    shell.wait_for_typed(f"{typed}x")
    assert len(shell.lines) == 1


def test_a_server_that_refuses_offers_nothing_and_says_nothing(shell: Screen) -> None:
    shell.type(f"--admin-url http://127.0.0.1:9 job stop {TAB}7")

    shell.wait_for_typed("--admin-url http://127.0.0.1:9 job stop 7")
    assert len(shell.lines) == 1


def test_a_server_that_hangs_is_asked_once_and_keys_are_kept(plugin: Path, tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    with (
        silent_server() as (url, asked),
        screen_at([*AMPCTL, "--admin-url", url], columns=100, environ=environ) as shell,
    ):
        shell.wait_for_prompt()
        # The module is imported by then.
        shell.type(f"job stop 1 --retr{TAB}")
        shell.wait_for_typed("job stop 1 --retries")
        shell.clear()
        shell.type(f"job stop {TAB}")
        assert asked.get(timeout=DEADLINE_S)
        shell.type("12 3")
        shell.wait_for_typed("job stop 12 3")
        assert shell.leave() == 0

    assert asked.empty()


def test_the_time_for_a_server_is_what_the_environment_says(server: Server, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{server.port}"
    environ = {"XDG_STATE_HOME": str(tmp_path), "AMPCTL_COMPLETION_TIMEOUT": "soon"}
    with screen_at([*AMPCTL, "--admin-url", url], environ=environ) as screen:
        screen.wait_for("ampctl: AMPCTL_COMPLETION_TIMEOUT: 'soon'")
        assert screen.wait_for_end() == 2


@pytest.mark.parametrize("option", ["--fail", "--leave", "--hang"])
def test_a_completer_that_fails_leaves_or_hangs_offers_nothing(shell: Screen, option: str) -> None:
    shell.type(f"others query {option} {TAB}x")

    shell.wait_for_typed(f"others query {option} x")
    assert len(shell.lines) == 1
    shell.clear()
    assert shell.run("job inspect 7 -f value -c id") == ["7"]


def test_what_a_completer_prints_is_not_seen(shell: Screen) -> None:
    shell.type(f"others query --tell {TAB}")

    shell.wait_for_typed("others query --tell value")
    assert len(shell.lines) == 1


def test_no_key_but_tab_changes_what_enter_runs(shell: Screen) -> None:
    shell.run("job inspect 7 8 -f value -c id")

    shown = shell.run(f"job inspect 7{RIGHT}{END}{CTRL_E} -f value -c id")

    assert shown == ["7"]
