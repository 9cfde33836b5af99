"""The shell among other programs and on unusual terminals: job control, encodings, sizes."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .servers import Server, serving
from .terminals import Screen, needs_less, screen_at

AMPCTL = [sys.executable, "-m", "ampctl"]
CTRL_C, CTRL_Z, ENTER = "\x03", "\x1a", "\r"
pytestmark = pytest.mark.measured


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(jobs=range(200_000, 0, -1)) as server:
        yield server


@pytest.fixture(scope="module")
def environ(server: Server, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    state = str(tmp_path_factory.mktemp("state"))
    return {"XDG_STATE_HOME": state, "AMP_ADMIN_URL": f"http://127.0.0.1:{server.port}"}


@pytest.fixture(scope="module")
def shared(environ: dict[str, str]) -> Iterator[Screen]:
    with screen_at(AMPCTL, columns=100, environ=environ) as screen:
        screen.wait_for_prompt()
        yield screen
        assert screen.leave() == 0


@pytest.fixture
def shell(shared: Screen, server: Server) -> Screen:
    """The shell of most of these tests, after a command that did well."""
    shared.clear()
    shared.run("help > /dev/null")
    shared.clear()
    server.asked.clear()
    return shared


@needs_less
def test_ctrl_z_stops_the_pager_with_the_shell_and_fg_goes_on(environ: dict[str, str]) -> None:
    bash = ["bash", "--norc", "--noprofile", "-i"]
    prompt = f"{environ['AMP_ADMIN_URL'].removeprefix('http://')}> "
    with screen_at(bash, columns=100, environ={**environ, "PS1": "bash> "}) as screen:
        screen.wait_for_prompt("bash> ")
        screen.type(f"{shlex.join(AMPCTL)}{ENTER}")
        screen.wait_for_prompt(prompt)
        screen.type(f"job list -s running --limit 3 | LESS= less{ENTER}")
        screen.wait_for("(END)")
        screen.type(CTRL_Z)
        screen.wait_for("Stopped")
        screen.wait_for_prompt("bash> ")
        screen.clear()
        screen.type(f"fg{ENTER}")
        screen.wait_for("(END)", "200000")
        screen.type("q")
        screen.wait_for_prompt(prompt)
        # At the prompt as well.
        screen.type(CTRL_Z)
        screen.wait_for_prompt("bash> ")
        screen.clear()
        screen.type(f"fg{ENTER}")
        screen.wait_for_prompt(prompt)
        assert screen.run("job inspect 7 -f value -c id") == ["7"]


def test_the_first_of_many_rows_is_printed_in_silence(shell: Screen, server: Server) -> None:
    assert shell.run("job list -s all --all -f value -c id | head -1") == ["200000"]

    assert shell.line.startswith("127.0.0.1")
    # The reader has left, so the other pages are not read.
    assert len(server.asked) < 20


def test_ctrl_c_ends_a_long_listing_and_what_it_asks_for(shell: Screen, server: Server) -> None:
    shell.type(f"job list -s all --all -f value -c id -c worker{ENTER}")
    shell.wait_for("worker-1")
    shell.type(CTRL_C)
    shell.wait_for_prompt(f"[130] 127.0.0.1:{server.port}> ")
    shell.clear()

    assert shell.run("job inspect 7 -f value -c id") == ["7"]
    assert server.asked[-1] == "GET /jobs/7"


def measure_s(act: Callable[[], object]) -> float:
    begun = time.monotonic()
    act()
    return time.monotonic() - begun


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "shown", "prompt"),
    [
        ("job inspect 666", "", "[130] "),
        ("job list -s all --all -f value -c id -c worker", "worker-1", "[130] "),
        ("watch 1h job list -s running", "every 1h", ""),
        ("job list | echo $((41 + 1)); sleep 60", "42", "[130] "),
    ],
    ids=["a request", "a long listing", "watch", "a pipe"],
)
def test_ctrl_c_brings_the_prompt_back_within_half_a_second(
    shell: Screen, server: Server, typed: str, shown: str, prompt: str
) -> None:
    idle_s = max(measure_s(lambda: shell.run("")) for _ in range(5))
    server.hangs.clear()
    shell.clear()
    shell.type(typed + ENTER)
    shell.wait_until(lambda screen: screen.typed is None)
    shell.wait_for(shown)
    assert shown or server.hangs.wait(30)

    shell.type(CTRL_C)
    # The machine may be busy: as long as an empty line takes, ten times over, is left out.
    assert measure_s(shell.wait_for_prompt) < 0.5 + 10 * idle_s
    assert shell.line.startswith(f"{prompt}127.0.0.1:")


def test_a_failing_command_s_own_code_wins_over_that_of_its_program(shell: Screen) -> None:
    shell.run("job list --limit 0 | false")

    assert shell.line.startswith("[2] ")


def test_a_file_gets_the_bytes_that_the_command_line_writes(
    shell: Screen, environ: dict[str, str], tmp_path: Path
) -> None:
    for form in ("table", "json"):
        line = f"job list -s running --limit 3 -f {form}"
        shell.run(f"{line} > '{tmp_path}/from the shell'")
        command = f"{shlex.join(AMPCTL)} {line} > '{tmp_path}/from bash'"
        with screen_at(["bash", "-c", command], environ=environ) as other:
            assert other.wait_for_end() == 0
        assert (tmp_path / "from the shell").read_bytes() == (tmp_path / "from bash").read_bytes()


def test_a_terminal_that_is_resized_while_one_types_keeps_what_was_typed(shell: Screen) -> None:
    shell.type("job inspect 7 -f value")
    shell.wait_for_typed("job inspect 7 -f value")
    for columns in (50, 100):
        shell.resize(columns)
        shell.type("  ")
    shell.type(f"-c id{ENTER}")

    shell.wait_until(lambda screen: "7" in screen.lines and screen.typed == "")


def test_a_line_that_is_too_long_for_the_terminal_goes_on_as_it_is(shell: Screen) -> None:
    shell.type("help " + "x" * 100)
    shell.wait_until(lambda screen: screen.line.endswith("xxx"))

    assert set(shell.line) == {"x"}


def test_nothing_is_asked_of_the_terminal_that_it_may_not_answer(shell: Screen) -> None:
    assert "\x1b[6n" not in shell.screen
    assert "CPR" not in shell.screen


@pytest.mark.parametrize("encoding", ["iso-8859-1", "ascii", ""])
def test_any_encoding_will_do(environ: dict[str, str], encoding: str) -> None:
    variables = {**environ, "LC_ALL": "C", "PYTHONIOENCODING": encoding}
    with screen_at(AMPCTL, columns=100, environ=variables) as screen:
        screen.wait_for_prompt()
        os.write(screen._parent, b"help 'caf\xe9\r")
        screen.wait_for_prompt("... ")
        screen.type(CTRL_C)
        screen.wait_for_prompt()
        assert screen.run("job inspect 7 -f value -c id") == ["7"]
        assert screen.leave() == 0
