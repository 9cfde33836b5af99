"""The console script: what it answers by itself, and how a process ends without losing anything."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest

# A thread that goes on when the program has done all it has to do.
PROGRAM = """
import atexit, sys, threading
from ampctl import entry

def work():
    threading.main_thread().join()
    sys.stdout.write("thread\\n")

threading.Thread(target=work).start()
atexit.register(lambda: print("atexit"))
sys.argv = ["ampctl", *sys.argv[1:]]
entry.run_and_end()
"""


@pytest.mark.parametrize(("words", "code"), [(["--version"], 0), (["nope"], 2)])
def test_threads_end_exit_functions_run_and_all_is_written(words: list[str], code: int) -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM, *words], capture_output=True, text=True)

    assert done.returncode == code
    assert done.stdout.splitlines()[-2:] == ["thread", "atexit"]


def test_an_exit_function_that_fails_does_not_change_the_exit_code() -> None:
    program = PROGRAM.replace('print("atexit")', "1 // 0")

    done = subprocess.run(
        [sys.executable, "-c", program, "--version"], capture_output=True, text=True
    )

    assert done.returncode == 0
    assert "ZeroDivisionError" in done.stderr


# What the console script runs, and the application without it.
SCRIPT = "from ampctl.entry import run_and_end as run; run()"
APPLICATION = "import sys; from ampctl.main import run_process as run; sys.exit(run())"


@pytest.mark.parametrize(
    ("line", "variables"),
    [
        ("--version 2>&1", {"PYTHONIOENCODING": "utf-16", "AMP_RETRIES": "many"}),
        ("--version >&-", {}),
        ("--version > /dev/full", {}),
        ("--version", {"AMPCTL_NO_PLUGINS": "maybe"}),
        ("-q --version", {}),
        ("--version --nonsense", {}),
        ("--versio", {}),
        ("--version=1", {}),
        ("-- --version", {}),
    ],
    ids=str,
)
def test_the_version_is_told_as_the_application_tells_it(
    line: str, variables: dict[str, str]
) -> None:
    script, application = (
        subprocess.run(
            ["bash", "-o", "pipefail", "-c", f"{shlex.join([sys.executable, '-c', one])} {line}"],
            capture_output=True,
            text=True,
            env={**os.environ, **variables},
        )
        for one in (SCRIPT, APPLICATION)
    )

    assert script.stdout == application.stdout
    assert script.stderr == application.stderr
    assert script.returncode == application.returncode


@pytest.mark.parametrize("program", [SCRIPT, APPLICATION], ids=["script", "application"])
def test_a_reader_of_the_version_that_went_away_is_a_closed_pipe(program: str) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)

    done = subprocess.run(
        [sys.executable, "-c", program, "--version"], stdout=write_end, stderr=subprocess.PIPE
    )
    os.close(write_end)

    assert (done.returncode, done.stderr) == (141, b"")
