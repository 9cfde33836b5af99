"""How a command ends: pipes, full disks, dead servers, signals, terminals."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ampctl_job.testing import job
from ampctl_sandbox.testing import Sandbox, make_job

from .terminals import person_at

AMPCTL = [sys.executable, "-m", "ampctl"]


@pytest.fixture
def jobs(sandbox: Sandbox) -> Sandbox:
    """A sandbox with a job."""
    make_job(sandbox.store, status="RUNNING")
    return sandbox


@pytest.mark.parametrize("options", ["", "--json", "-f csv", "-f json", "-f yaml", "-f value"])
def test_a_reader_that_goes_away_is_141_without_a_word(run: Any, jobs: Any, options: str) -> None:
    done = run(f"{{ sleep 0; ampctl job list {options}; echo $? >&2; }} | true")

    assert done.stderr in ("141\n", "0\n")


@pytest.mark.measured
def test_a_closed_pipe_is_141(jobs: Sandbox) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)

    done = subprocess.run(
        [*AMPCTL, "--admin-url", jobs.url, "job", "list"],
        stdout=write_end,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(write_end)

    assert (done.returncode, done.stderr) == (141, "")


def test_a_closed_pipe_does_not_stop_what_was_ordered(run: Any, sandbox: Sandbox) -> None:
    jobs = [str(make_job(sandbox.store, status="COMPLETED")) for _ in range(30)]
    read_end, write_end = os.pipe()
    os.close(read_end)

    command = [*AMPCTL, "--admin-url", sandbox.url, "job", "rm", *jobs, "-f", "jsonl"]
    done = subprocess.run(command, stdout=write_end, stderr=subprocess.PIPE, text=True)
    os.close(write_end)

    assert (done.returncode, done.stderr) == (141, "")
    assert run("ampctl job list -s all -f value").stdout == ""


def test_a_change_whose_report_is_lost_says_that_it_was_carried_out(
    run: Any, sandbox: Sandbox
) -> None:
    make_job(sandbox.store, status="COMPLETED")

    told = run("ampctl job prune > /dev/full", expect=8).stderr

    assert "the changes were carried out, but can't write to standard output" in told
    assert run("ampctl job list -s all -f value").stdout == ""


@pytest.mark.parametrize(
    "command",
    [
        "job list",
        "job list --json",
        "job list -f csv",
        "job inspect 1",
        "--version",
        "--help",
        "job list --help",
    ],
)
def test_a_full_disk_is_8_with_one_clear_message(run: Any, jobs: Any, command: str) -> None:
    stderr = run(f"ampctl {command} > /dev/full", expect=8).stderr

    assert "can't write to standard output: No space left on device" in stderr
    assert stderr.count("ampctl:") == 1


@pytest.mark.measured
def test_a_closed_stdout_is_8_before_anything_is_done(run: Any, jobs: Sandbox) -> None:
    assert "can't write to standard output" in run("ampctl job stop 1 >&-", expect=8).stderr
    assert run("ampctl job list -f value -c status").stdout == "RUNNING\n"


@pytest.mark.measured
@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full", "<&-"])
def test_other_unusable_streams_do_not_matter(run: Any, jobs: Any, redirection: str) -> None:
    assert run(f"ampctl job list -f value -c id {redirection}").stdout == "1\n"


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_machine_formats_do_not_change_with_the_locale(run: Any, jobs: Any, encoding: str) -> None:
    done = run("ampctl job list -f csv -c id", PYTHONIOENCODING=encoding, LC_ALL="C")

    assert done.stdout == "id\n1\n"


@pytest.fixture
def free_port() -> Iterator[int]:
    """A port at which nothing listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def test_a_dead_server_is_5_with_one_clear_message(run: Any, free_port: int) -> None:
    stderr = run(
        f"ampctl --retries 0 --admin-url http://127.0.0.1:{free_port} job list", expect=5
    ).stderr

    assert stderr.startswith("ampctl: can't list jobs: connection refused\n")
    assert stderr.count("ampctl:") == 1
    assert "its URL in --admin-url" in stderr


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [
        (b"HTTP/1.1 500 No\r\nContent-Length: 2\r\n\r\n{}", 5, "HTTP 500"),
        (b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", 4, "AMP_AUTH_TOKEN"),
        (b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 6, "HTTP 404"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
            7,
            "text/html",
        ),
        (
            b"HTTP/1.1 302 Go\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n",
            7,
            "evil.example",
        ),
        (b"SSH-2.0-OpenSSH_9.2\r\n", 7, ""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", 5, ""),
        (b"", 5, ""),
    ],
    ids=["500", "401", "404", "html", "redirect", "ssh", "cut", "nothing"],
)
def test_a_lying_server_gets_the_right_code_and_one_message(
    run: Any, serving_bytes: Any, answer: bytes, code: int, told: str
) -> None:
    with serving_bytes(answer) as url:
        stderr = run(f"ampctl --retries 0 --admin-url {url} job list", expect=code).stderr

    assert stderr.count("ampctl:") == 1
    assert told in stderr


def test_nothing_listens_to_a_slow_server_for_longer_than_asked(run: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        stderr = run(
            f"ampctl --retries 0 --request-timeout 250ms --admin-url {url} job list", expect=5
        ).stderr

    assert "--request-timeout" in stderr


# Not measured: an interrupt that comes while coverage holds its lock leaves it locked.
@pytest.mark.parametrize("times", [1, 8], ids=["once", "eight times"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_waiting_command_without_a_word(number: signal.Signals, times: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with subprocess.Popen(
            [*AMPCTL, "--admin-url", url, "job", "list"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            connection, _ = server.accept()  # the command is waiting for its answer now
            with connection:
                connection.recv(1)
                for _ in range(times):
                    process.send_signal(number)
                stdout, stderr = process.communicate(timeout=30)

    # A shell shows this as 130, 143 or 129, and ends a loop.
    assert (process.returncode, stdout, stderr) == (-number, "", "")


def test_ctrl_c_ends_the_loop_of_a_shell() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        line = f"for i in 1 2 3; do {shlex.join(AMPCTL)} --admin-url {url} job rm $i; done"
        with person_at(["bash", "-c", line]) as person:
            connection, _ = server.accept()
            with connection:
                connection.recv(1)
                person.type("\x03")
                code = person.wait_for_end()

    assert code == -signal.SIGINT
    assert person.screen.splitlines() == ["^C"]


def test_what_is_said_after_ctrl_c_begins_a_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        with person_at([*AMPCTL, "--admin-url", url, "-q", "job", "rm", "7", "--yes"]) as person:
            for body in (job(7, "STOPPED"), None):
                connection, _ = server.accept()
                with connection:
                    connection.recv(65536)
                    if body is None:
                        person.type("\x03")
                        person.wait_for_end()
                    else:
                        text = json.dumps(body)
                        head = (
                            f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\nConnection: close"
                        )
                        connection.sendall(f"{head}\r\n\r\n{text}".encode())

    shown = person.screen.splitlines()
    assert shown[0] == "^C"
    assert shown[1].startswith("ampctl: interrupted at 7, which may have been carried out")
    assert "" not in shown


def test_an_interrupt_while_modules_are_imported_shows_no_traceback() -> None:
    script = (
        "import signal, sys, threading, _thread\n"
        "import ampctl.entry as entry\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'cliff':\n"
        "            signal.raise_signal(signal.SIGINT)\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "entry.run()\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_on_a_terminal_people_get_their_forms(jobs: Sandbox) -> None:
    command = [*AMPCTL, "--admin-url", jobs.url, "job", "list"]

    with person_at(command, environ={"NO_COLOR": "1"}) as person:
        code = person.wait_for_end()

    assert code == 0
    assert " ago" in person.screen or "now" in person.screen
    shown = re.sub(r"\x1b\[[0-9;]*m", "", person.screen)
    assert max(map(len, shown.splitlines())) <= 80


def test_modules_of_the_current_folder_are_not_run(tmp_path: Path) -> None:
    for name in ("json", "logging", "ssl", "requests"):
        (tmp_path / f"{name}.py").write_text('raise SystemExit("from the current folder")')

    command = [*AMPCTL, "--admin-url", "http://localhost:1", "--retries", "0", "job", "list"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert "current folder" not in done.stderr
    assert done.returncode == 5
