"""The shell on a real terminal, against a server that notes what it is asked."""

from __future__ import annotations

import http.server
import json
import os
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ampctl import __version__

from .screens import Screen, screen_of, shell_on_screen

UP, CTRL_C, CTRL_D, CTRL_R = "\x1b[A", "\x03", "\x04", "\x12"
PASTE = "\x1b[200~{}\x1b[201~"


def job(number: int) -> dict[str, object]:
    return {
        "id": number,
        "created_at": "2026-03-01T10:00:00Z",
        "updated_at": "2026-03-01T10:00:00Z",
        "node_id": "worker-1",
        "status": "COMPLETED",
        "descriptor": None,
    }


class Handler(http.server.BaseHTTPRequestHandler):
    """Jobs are there by their number; job 666 is never answered, and job 404 is missing."""

    protocol_version = "HTTP/1.1"
    server: Server

    def answer(self) -> None:
        self.server.asked.append(f"{self.command} {self.path}")
        name = self.path.partition("?")[0].split("/")[2:]
        if name == ["666"]:
            self.server.hangs.set()
            self.server.may_end.wait(60)
            self.close_connection = True
            return
        if name == ["404"]:
            error = {"error_code": "JOB_NOT_FOUND", "error_message": "no such job"}
            return self.send(404, error)
        self.send(200, job(int(name[0])) if name else {"jobs": [job(7)]})

    def send(self, status: int, document: object) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_PUT = do_DELETE = answer

    def log_message(self, *args: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.asked: list[str] = []
        self.connections = 0
        self.hangs, self.may_end = threading.Event(), threading.Event()
        self.port = self.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.prompt = f"127.0.0.1:{self.port}>"

    def process_request(self, request: object, client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def handle_error(self, request: object, client_address: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.may_end.set()
        server.shutdown()


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("state")


@pytest.fixture(scope="module")
def shared(server: Server, state: Path) -> Iterator[Screen]:
    with shell_on_screen(server.url, environ={"XDG_STATE_HOME": str(state)}) as screen:
        screen.wait_for_line(server.prompt)
        yield screen


@pytest.fixture
def shell(shared: Screen, server: Server) -> Screen:
    """A shell whose last command did well, and a server that was not asked for anything."""
    shared.type(f"{CTRL_C}--version\r")
    shared.wait_until(lambda: shared.lines[-2:] == [f"ampctl {__version__}", server.prompt])
    shared.wipe()
    server.asked.clear()
    return shared


def enter(shell: Screen, line: str, prompt: str) -> list[str]:
    """Enter a line, wait for the next prompt, and return what was shown between."""
    shell.wipe()
    shell.type(f"{line}\r")
    seen = len(shell.lines)
    shell.wait_until(lambda: len(shell.lines) > seen and shell.lines[-1] == prompt)
    return shell.lines[1:-1]


def history_of(state: Path) -> list[str]:
    lines = (state / "ampctl" / "history").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("columns", [80, 200])
def test_ampctl_alone_opens_the_shell_with_one_line_and_no_request(
    server: Server, tmp_path: Path, columns: int
) -> None:
    server.asked.clear()
    with shell_on_screen(server.url, columns=columns) as shell:
        shell.wait_for_line(server.prompt)

        assert len(shell.lines) == 2
        assert shell.lines[0].startswith(f"ampctl {__version__} at 127.0.0.1:{server.port}: `help`")
        assert server.asked == []
        shell.type(CTRL_D)
        assert shell.wait_for_end() == 0
        assert b"CPR" not in shell.written


def test_nothing_that_only_a_request_needs_is_imported_before_the_first_prompt() -> None:
    script = (
        "import sys; from ampctl.shell import prompt, interactive, history; "
        "print({'requests', 'cmd2', 'rich', 'marshmallow'} & set(sys.modules))"
    )
    with screen_of([sys.executable, "-c", script]) as shell:
        assert shell.wait_for_end() == 0
        assert shell.text == "set()"


def test_the_prompt_keeps_the_code_of_a_failure_until_something_does_well(
    shell: Screen, server: Server
) -> None:
    failed = f"[3] {server.prompt}"

    assert "no such job" in "".join(enter(shell, "job get 404", failed))
    assert enter(shell, "", failed) == []
    assert enter(shell, "job get 7 -f value -c id", server.prompt) == ["7"]


def test_up_searches_by_prefix_and_ctrl_r_anywhere(shell: Screen, server: Server) -> None:
    enter(shell, "job get 11 -f value -c id", server.prompt)
    enter(shell, "job list -f value -c id", server.prompt)

    shell.type(f"job get{UP}")
    shell.wait_for_line(f"{server.prompt} job get 11 -f value -c id")
    shell.type(f"{CTRL_C}{CTRL_R}get 11")
    shell.wait_for("reverse-i-search")
    shell.wait_until(lambda: "job get 11 -f value -c id" in shell.lines[-1])
    shell.type(f"\r{CTRL_C}")
    shell.wait_for_line(server.prompt)


def test_the_history_is_there_after_a_kill_and_private_under_any_umask(
    server: Server, tmp_path: Path
) -> None:
    state = tmp_path / "fresh" / "state"
    command = ["sh", "-c", f"umask 000; exec {sys.executable} -m ampctl --admin-url {server.url}"]
    with screen_of(command, environ={"XDG_STATE_HOME": str(state)}) as shell:
        shell.wait_for_line(server.prompt)
        enter(shell, "job get 7 -f value -c id", server.prompt)
        shell.process.send_signal(signal.SIGKILL)
        shell.wait_for_end()

    assert history_of(state) == ["job get 7 -f value -c id"]
    path = state / "ampctl" / "history"
    assert [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent, state)] == [
        0o600,
        0o700,
        0o700,
    ]
    with shell_on_screen(server.url, environ={"XDG_STATE_HOME": str(state)}) as shell:
        shell.wait_for_line(server.prompt)
        shell.type(UP)
        shell.wait_for_line(f"{server.prompt} job get 7 -f value -c id")


@pytest.mark.parametrize(
    "line",
    [
        "job get 7 --auth-token s3cret-1 -f value -c id",
        "job get 7 --auth-token=s3cret-1 -f value -c id",
        "job get 7 '--auth-token' s3cret-1 -f value -c id",
        "job get 7 --auth-token s3cret-1 ; nope",
        " job get 7 -f value -c id",
    ],
)
def test_what_is_secret_or_begins_with_a_space_is_not_kept(
    shell: Screen, server: Server, state: Path, line: str
) -> None:
    before = history_of(state)
    prompt = f"[2] {server.prompt}" if ";" in line else server.prompt

    enter(shell, line, prompt)
    shell.type(UP)

    shell.wait_for_line(f"{prompt} {before[-1]}")
    assert history_of(state) == before


def test_pasted_lines_wait_for_enter_and_run_up_to_the_first_failure(
    shell: Screen, server: Server
) -> None:
    lines = ["job get 7 -f value -c id", "# why", "job get 8 | cat -n", "job get 404", "job list"]

    shell.type(PASTE.format("\n".join(lines)))
    shell.wait_for("... job list")
    assert server.asked == []
    shell.type("\r")
    shell.wait_for_line(f"[3] {server.prompt}")

    assert server.asked == ["GET /jobs/7", "GET /jobs/8", "GET /jobs/404"]
    assert "ampctl: not run after this failure: job list" in shell.lines


@pytest.mark.parametrize("begun", ["job get '7", "job get \\"])
def test_an_unfinished_line_goes_on_and_ctrl_c_drops_all_of_it(
    shell: Screen, server: Server, begun: str
) -> None:
    shell.type(f"{begun}\r")
    shell.wait_for_line("...")
    shell.type(CTRL_C)
    shell.wait_for_line(server.prompt)
    shell.type(f"{begun}\r")
    shell.wait_until(lambda: shell.lines[-1] == "...")
    ended = "'\r" if "'" in begun else "7 -f value -c id\r"
    shell.type(ended)

    shell.wait_for("7\n" if "'" not in begun else "not a job id")
    shell.wait_until(lambda: shell.lines[-1].endswith(server.prompt))
    assert server.asked == (["GET /jobs/7"] if "'" not in begun else [])


def test_ctrl_c_ends_a_request_and_the_next_command_gets_its_own_answer(
    shell: Screen, server: Server
) -> None:
    server.hangs.clear()
    shell.type("job get 666 667\r")
    assert server.hangs.wait(30)
    shell.type(CTRL_C)
    shell.wait_for_line(f"[130] {server.prompt}")

    assert enter(shell, "job get 7 -f value -c id", server.prompt) == ["7"]
    assert server.asked == ["GET /jobs/666", "GET /jobs/7"]


def test_ctrl_c_leaves_a_question_and_the_shell_goes_on(shell: Screen, server: Server) -> None:
    shell.type("job prune -s completed\r")
    shell.wait_for("Remove 1 COMPLETED? [y/N]")
    shell.type(CTRL_C)
    shell.wait_for_line(f"[130] {server.prompt}")

    assert [one for one in server.asked if not one.startswith("GET")] == []


def test_exit_and_ctrl_d_leave_with_0_even_after_a_failure(
    server: Server, tmp_path: Path
) -> None:
    for leave in ("exit\r", CTRL_D):
        with shell_on_screen(server.url) as shell:
            shell.wait_for_line(server.prompt)
            enter(shell, "job nope", f"[2] {server.prompt}")
            shell.type(f"x{CTRL_D}\x08{leave}")
            assert shell.wait_for_end() == 0


def test_less_is_shown_and_remarks_come_after_it(shell: Screen, server: Server) -> None:
    shell.type("job list -s all | less -+F -+X; true\r")
    shell.wait_for("(END)")
    assert "worker-1" in shell.text
    assert "ampctl:" not in shell.text
    shell.type("q")
    shell.wait_for_line(server.prompt)


@pytest.mark.parametrize(
    ("program", "code"), [("head -1", 0), ("false", 1), ("kill -TERM $$", 143)]
)
def test_a_program_behind_a_pipe_decides_the_code(
    shell: Screen, server: Server, program: str, code: int
) -> None:
    enter(shell, f"job list | {program}", f"[{code}] {server.prompt}" if code else server.prompt)


def test_a_file_has_the_bytes_of_a_single_command(
    shell: Screen, server: Server, tmp_path: Path
) -> None:
    path = tmp_path / "a b"

    enter(shell, f"job list -f csv -c id > '{path}'", server.prompt)
    enter(shell, f"job list -f csv -c id >> '{path}'", server.prompt)
    assert path.read_bytes() == b"id\n7\n" * 2
    enter(shell, "job list > /no/such/folder/x", f"[8] {server.prompt}")
    enter(shell, "job list > /dev/full", f"[8] {server.prompt}")


@pytest.mark.parametrize(
    "line",
    ["!id", "shell id", "@f", "$(id)", "`id`", "job list ; id", "job list && id", "job list < x"],
)
def test_what_other_shells_run_is_refused(shell: Screen, server: Server, line: str) -> None:
    shown = enter(shell, line, f"[2] {server.prompt}")

    assert "uid=" not in "".join(shown)
    assert server.asked == []


def test_fifty_commands_take_one_connection(shell: Screen, server: Server) -> None:
    enter(shell, "job get 7 -f value -c id", server.prompt)
    before = server.connections
    for _ in range(50):
        enter(shell, "job get 7 -f value -c id", server.prompt)

    assert server.connections == before


def test_after_a_restart_of_the_server_the_next_commands_work_and_change_once() -> None:
    with Server() as first:
        threading.Thread(target=first.serve_forever, args=(0.01,), daemon=True).start()
        with shell_on_screen(first.url) as shell:
            shell.wait_for_line(first.prompt)
            enter(shell, "job get 7 -f value -c id", first.prompt)
            first.shutdown()
            first.server_close()
            with Server(first.port) as second:
                threading.Thread(target=second.serve_forever, args=(0.01,), daemon=True).start()
                assert enter(shell, "job get 7 -f value -c id", first.prompt) == ["7"]
                enter(shell, "job stop 7 -f value -c id", first.prompt)
                assert second.asked.count("PUT /jobs/7/stop") == 1
                second.shutdown()


def test_options_of_the_start_hold_and_those_of_a_line_for_that_line(
    shell: Screen, server: Server
) -> None:
    shown = enter(
        shell,
        "job get 7 --retries 0 --admin-url http://127.0.0.1:1/x",
        f"[5] {server.prompt}",
    )

    assert "its URL in --admin-url" in "".join(shown)
    assert enter(shell, "job get 7 -f value -c id", server.prompt) == ["7"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_shell_and_leaves_the_terminal_as_it_was(
    server: Server, number: signal.Signals
) -> None:
    hold = ["sh", "-c", f"{sys.executable} -m ampctl --admin-url {server.url}; echo code $?; stty -a"]
    with screen_of(["sh", "-c", "stty -a; read x"]) as shell:
        shell.wait_for("iutf8") if False else None
        before = shell.read_modes()
    with screen_of(hold) as shell:
        shell.wait_for_line(server.prompt)
        children = Path(f"/proc/{shell.process.pid}/task/{shell.process.pid}/children")
        os.kill(int(children.read_text().split()[0]), number)
        shell.wait_for(f"code {128 + number}")
        after = shell.read_modes()

    assert after == before


@pytest.mark.parametrize(
    "environ",
    [{"TERM": "dumb"}, {"NO_COLOR": "1"}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "iso-8859-1"}],
    ids=str,
)
def test_simple_terminals_work(server: Server, environ: dict[str, str]) -> None:
    with shell_on_screen(server.url, environ=environ) as shell:
        shell.wait_for_line(server.prompt)
        assert enter(shell, "job get 7 -f value -c id", server.prompt) == ["7"]
        shell.type("job get '\r")
        shell.wait_for_line("...")
        shell.type(CTRL_C)
        shell.wait_for_line(server.prompt)
        shell.type(CTRL_D)
        assert shell.wait_for_end() == 0
        assert "\x1b[3" not in shell.written.decode() or environ.get("TERM") != "dumb"
