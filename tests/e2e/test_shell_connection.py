"""The shell against a server that notes what it is asked, hangs, and comes back."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ampctl import __version__

from .servers import Server, serving
from .terminals import Screen, screen_at

AMPCTL = [sys.executable, "-m", "ampctl"]
CTRL_C, CTRL_D, CTRL_R = "\x03", "\x04", "\x12"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


@contextlib.contextmanager
def shell_for(server: Server, *options: str, **environ: str) -> Iterator[Screen]:
    url = f"http://127.0.0.1:{server.port}"
    command = [*AMPCTL, "--admin-url", url, *options]
    with screen_at(command, columns=120, environ=environ) as screen:
        screen.wait_for_prompt()
        yield screen


@pytest.fixture(scope="module")
def shared(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    state = str(tmp_path_factory.mktemp("state"))
    with shell_for(server, XDG_STATE_HOME=state) as screen:
        yield screen


@pytest.fixture
def shell(shared: Screen, server: Server) -> Screen:
    """The shell of all these tests, after a command that did well, and nothing asked so far."""
    shared.type(f"{CTRL_C}--version\r")
    told = f"ampctl {__version__}"
    shared.wait_until(lambda screen: told in screen.lines and screen.line.endswith("> "))
    shared.run("help run > /dev/null")
    server.asked.clear()
    return shared


def test_fifty_commands_take_one_connection(shell: Screen, server: Server) -> None:
    shell.run("job inspect 7 -f value -c id")
    before = server.connections

    for _ in range(50):
        assert shell.run("job inspect 7 -f value -c id") == ["7"]

    assert server.connections == before


def test_after_a_restart_of_the_server_commands_work_and_change_once(tmp_path: Path) -> None:
    with serving() as first, shell_for(first, XDG_STATE_HOME=str(tmp_path)) as shell:
        shell.run("job inspect 7 -f value -c id")
        first.shutdown()
        first.server_close()
        first.drop_connections()
        with serving(first.port) as second:
            assert shell.run("job inspect 7 -f value -c id") == ["7"]
            second.drop_connections()
            shell.run("job stop 7")
            assert second.asked.count("PUT /jobs/7/stop") == 1


def test_ctrl_c_ends_a_request_and_the_next_command_gets_its_own_answer(
    shell: Screen, server: Server
) -> None:
    for _ in range(2):
        server.hangs.clear()
        shell.type("job inspect 666 667\r")
        assert server.hangs.wait(30)
        shell.wait_until(lambda screen: screen.line == "")
        shell.type(CTRL_C)
        shell.wait_for_prompt("[130] " + f"127.0.0.1:{server.port}> ")

    assert shell.run("job inspect 7 -f value -c id") == ["7"]
    assert server.asked == ["GET /jobs/666", "GET /jobs/666", "GET /jobs/7"]


def test_ctrl_r_finds_a_line_anywhere_in_the_history(shell: Screen) -> None:
    shell.run("job inspect 11 -f value -c id")
    shell.run("job inspect 7 -f value -c id")

    shell.type(f"{CTRL_R}ct 11")
    shell.wait_for("inspect 11 -f")
    # The first Enter takes what was found, the second one runs it.
    shell.type("\r\r")
    shell.wait_for_prompt()
    shell.wait_until(lambda screen: "11" in screen.lines)


def test_less_is_shown_and_what_is_said_waits_until_it_has_ended(
    shell: Screen, server: Server
) -> None:
    shell.type("job list -s running | LESS= less\r")
    shell.wait_for("(END)")
    assert any("worker-1" in line for line in shell.lines)
    assert not any("ampctl:" in line for line in shell.lines)
    shell.type("q")
    shell.wait_for_prompt()


@pytest.mark.parametrize(
    ("program", "code"), [("head -1", ""), ("false", "[1] "), ("kill -TERM $$", "[143] ")]
)
def test_a_program_behind_a_pipe_decides_the_code_and_never_ends_the_shell(
    shell: Screen, program: str, code: str
) -> None:
    shell.run(f"job list -s running | {program}")

    assert shell.line.startswith(f"{code}127.0.0.1")


def test_a_prompt_stands_at_the_start_of_a_line(shell: Screen) -> None:
    shown = shell.run("job list -s running | printf unended")

    assert shown == ["unended"]
    assert shell.line.startswith("127.0.0.1")


def test_a_file_that_can_not_be_written_is_8(shell: Screen, server: Server) -> None:
    for path in ("/no/such/folder/x", "/dev/full"):
        shell.run(f"job list -s running > {path}")
        assert shell.line.startswith("[8] ")


def test_a_terminal_is_left_as_it_was_by_a_signal(server: Server, tmp_path: Path) -> None:
    inner = f"{sys.executable} -m ampctl --admin-url http://127.0.0.1:{server.port}"
    script = f"stty -a; {inner}; echo code $?; stty -a; echo done"
    for number in (signal.SIGTERM, signal.SIGHUP):
        environ = {"XDG_STATE_HOME": str(tmp_path)}
        with screen_at(["sh", "-c", script], columns=120, environ=environ) as screen:
            screen.wait_for_prompt()
            pid = screen.process.pid
            child = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]
            os.kill(int(child), number)
            screen.wait_for("done")
            shown = [line for line in screen.lines if line]

        assert f"code {128 + number}" in "".join(shown)
        lines = "\n".join(shown)
        assert lines.count(" icanon ") == 2
        assert lines.count(" echo ") == 2


def test_a_signal_that_comes_while_the_prompt_is_at_work_is_not_lost(
    server: Server, tmp_path: Path
) -> None:
    script = (
        "import os, signal, sys\n"
        "from ampctl import entry\n"
        "from ampctl.shell.prompt import Prompt\n"
        "def signal_soon(self, app):\n"
        "    app.loop.call_soon(os.kill, os.getpid(), signal.SIGTERM)\n"
        "Prompt._import_ahead = signal_soon\n"
        "sys.argv = ['ampctl']\n"
        "entry.run_and_end()\n"
    )
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    with screen_at([sys.executable, "-c", script], environ=environ) as screen:
        assert screen.wait_for_end() == -signal.SIGTERM

    assert "Traceback" not in screen.screen
    assert "Press ENTER" not in screen.screen


def test_a_piped_standard_output_has_no_bytes_of_a_prompt(server: Server, tmp_path: Path) -> None:
    out = tmp_path / "out"
    url = f"http://127.0.0.1:{server.port}"
    with (
        out.open("w") as stdout,
        screen_at([*AMPCTL, "--admin-url", url], stdout=stdout) as screen,
    ):
        assert screen.wait_for_end() == 0

    assert out.read_text().startswith("usage: ampctl")


def test_a_dumb_terminal_continues_lines_and_leaves_at_ctrl_d(
    server: Server, tmp_path: Path
) -> None:
    with shell_for(server, TERM="dumb", XDG_STATE_HOME=str(tmp_path)) as shell:
        shell.type("job inspect '\r")
        shell.wait_for_prompt("... ")
        shell.type(CTRL_C)
        shell.wait_for_prompt("> ")
        assert shell.run("job inspect 7 -f value -c id")[-1] == "7"
        shell.type(CTRL_D)
        assert shell.wait_for_end() == 0


def test_a_history_that_can_not_be_written_is_one_warning(server: Server, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.write_text("a file where a folder should be")
    with shell_for(server, XDG_STATE_HOME=str(state)) as shell:
        for line in ("--version", "help job", "--version"):
            shell.run(line)
        assert shell.screen.count("can't use the history") == 1


def test_watch_follows_the_terminal_and_leaves_its_last_picture_at_ctrl_c(
    shell: Screen, server: Server
) -> None:
    shell.type("watch 1h job list -s running\r")
    shell.wait_for("every 1h: job list, 127.0.0.1")
    shell.wait_for("worker-1")
    shell.resize(60)
    shell.wait_until(lambda screen: server.asked.count("GET /jobs?limit=50&status=running") == 2)
    shell.type(CTRL_C)
    shell.wait_for_prompt()
    shown = shell.screen.rpartition("watch 1h")[2]
    shell.resize(120)

    assert shell.line.startswith("127.0.0.1")
    assert any("worker-1" in line for line in shell.lines)
    assert "\033[2J" not in shown


def test_watch_goes_on_while_the_server_is_away(tmp_path: Path) -> None:
    environ = {"XDG_STATE_HOME": str(tmp_path)}
    with serving() as first, shell_for(first, "--retries", "0", **environ) as shell:
        shell.type("watch 0.5 job list -s running\r")
        shell.wait_for("worker-1")
        first.shutdown()
        first.server_close()
        first.drop_connections()
        shell.wait_for("below is what it was")
        shell.wait_until(lambda screen: any("worker-1" in line for line in screen.lines))
        with serving(first.port):
            shell.wait_until(lambda screen: not any("below" in line for line in screen.lines))
            shell.type(CTRL_C)
            shell.wait_for_prompt()


def test_watch_in_a_pipe_prints_one_output_after_the_other(shell: Screen) -> None:
    shown = shell.run("watch 0.5 job list -s running -f value -c id | head -3")

    assert shown == ["7", "7"]
