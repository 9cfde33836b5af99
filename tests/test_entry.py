"""The end of a process: quick, and without losing anything."""

from __future__ import annotations

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
