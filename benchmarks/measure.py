"""Costs of processes, and ratios of two of them that ran in turn.

Absolute times on a shared machine mean little; the median of the ratios of pairs does.
"""

from __future__ import annotations

import contextlib
import os
import pty
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_ABSENT = "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPATH"
# What is compiled again in every run would be measured instead of the command.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in _ABSENT}


class Failed(Exception):
    """A command ended as it should not."""


class Process(NamedTuple):
    """A process that can be started any number of times.

    Attributes:
        argv: the program and its arguments.
        stdin: what it reads.
        environ: variables beside the usual ones.
        prompts: whether it is at a terminal, where it has done its work once it shows a prompt.
    """

    argv: Sequence[str]
    stdin: str = ""
    environ: Mapping[str, str] = {}
    prompts: bool = False


class Cost(NamedTuple):
    """What one run took: seconds, and MiB of memory at its peak."""

    cpu: float
    wall: float
    memory: float


class Ratio(NamedTuple):
    """How two processes compare.

    Attributes:
        value: the median of the ratios of pairs.
        cost: the median cost of the first.
        yardstick: that of the second.
    """

    value: float
    cost: float
    yardstick: float


def run(process: Process) -> Cost:
    """Run a process once; what it prints goes nowhere.

    Raises:
        Failed: its exit code is not 0.
    """
    if process.prompts:
        return _run_to_prompt(process)
    with tempfile.TemporaryFile("w+") as stdin, tempfile.TemporaryFile("w+") as stderr:
        stdin.write(process.stdin)
        stdin.seek(0)
        started = time.monotonic()
        child = subprocess.Popen(
            process.argv,
            stdin=stdin,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            env={**ENVIRONMENT, **process.environ},
        )
        cost = _wait(child, started)
        stderr.seek(0)
        if child.returncode:
            raise Failed(f"exit code {child.returncode}: {stderr.read(200).strip()}")
    return cost


def _run_to_prompt(process: Process) -> Cost:
    """Run a process at a terminal until it shows a prompt, which is the first to have a ``>``."""
    parent, terminal = pty.openpty()
    environ = {**ENVIRONMENT, "TERM": "xterm", **process.environ}
    started = time.monotonic()
    child = subprocess.Popen(
        process.argv,
        **dict.fromkeys(("stdin", "stdout", "stderr"), terminal),
        env=environ,
        start_new_session=True,
    )
    os.close(terminal)
    shown = b""
    with contextlib.suppress(OSError):  # Linux says so when the last writer has ended
        while b">" not in shown:
            shown += os.read(parent, 65536)
        # It ends as by itself, so that valgrind tells what it has counted.
        child.terminate()
        while os.read(parent, 65536):
            pass
    cost = _wait(child, started)
    os.close(parent)
    if b">" not in shown:
        raise Failed(f"it shows no prompt: {shown.decode(errors='replace')[:200]}")
    return cost


def _wait(child: subprocess.Popen[bytes], started: float) -> Cost:
    # The usage of a shell includes that of the programs that it has waited for.
    _, status, usage = os.wait4(child.pid, 0)
    wall_s = time.monotonic() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    return Cost(usage.ru_utime + usage.ru_stime, wall_s, usage.ru_maxrss / 1024)


def compare(
    process: Process, yardstick: Process, *, of: str, runs: int, times: int = 1, warm: bool = True
) -> Ratio:
    """Run both in turn, and compare them.

    Args:
        process: the one that is judged.
        yardstick: the other.
        of: ``cpu``, ``wall`` or ``memory``.
        runs: how many pairs count.
        times: how often the process does what the yardstick does once.
        warm: whether a pair that does not count goes before them.
    """
    pairs = [[getattr(run(one), of) for one in (process, yardstick)] for _ in range(runs + warm)][
        warm:
    ]
    return Ratio(
        statistics.median(cost / other / times for cost, other in pairs),
        *(statistics.median(costs) for costs in zip(*pairs, strict=True)),
    )


def count_instructions(process: Process) -> float | None:
    """Return how many million instructions a process takes; None without valgrind."""
    if shutil.which("valgrind") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "out")
        options = ("--tool=cachegrind", "--cache-sim=no", f"--cachegrind-out-file={out}")
        # Hashes that differ from run to run make the counts differ as well.
        environ = {**process.environ, "PYTHONHASHSEED": "0"}
        run(process._replace(argv=("valgrind", *options, *process.argv), environ=environ))
        found = re.search(r"^summary: (\d+)", out.read_text(), re.MULTILINE)
    return int(found[1]) / 1e6 if found else None


def compare_instructions(process: Process, yardstick: Process) -> Ratio | None:
    """Compare the instructions of two processes, in millions; None without valgrind."""
    costs = [count_instructions(one) for one in (process, yardstick)]
    if costs[0] is None or costs[1] is None:
        return None
    return Ratio(costs[0] / costs[1], costs[0], costs[1])
