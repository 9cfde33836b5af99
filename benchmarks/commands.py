"""Times whole commands against the yardstick, in turn, and prints ratios of medians.

Absolute times on a shared machine mean little; a ratio of two commands that ran in turn does.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ampctl_sandbox.testing import live_sandbox

AMPCTL = (sys.executable, "-m", "ampctl")
# What is compiled again in every run would be measured instead of the command.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
BARE = (sys.executable, str(Path(__file__).with_name("bare.py")))


class Cost(NamedTuple):
    """What one run of a command took, in seconds."""

    cpu_s: float
    wall_s: float


def cost_of(command: Sequence[str]) -> Cost:
    """Run a command once; its output goes nowhere."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return Cost(usage.ru_utime + usage.ru_stime, time.monotonic() - started)


def compare(command: Sequence[str], yardstick: Sequence[str], runs: int) -> tuple[Cost, Cost]:
    """Return the median cost of both, run in turn after a first run that is not counted."""
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for _ in range(runs + 1):
        for kept, line in zip(costs, (command, yardstick), strict=True):
            kept.append(cost_of(line))
    first, second = (Cost(*map(statistics.median, zip(*kept[1:], strict=True))) for kept in costs)
    return first, second


def main() -> None:
    """Measure, and print a line for each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--runs", type=int, default=15, help="counted runs of each command")
    runs = parser.parse_args().runs
    with live_sandbox(jobs=50) as sandbox:
        here = ("--admin-url", sandbox.url)
        bare = (*BARE, sandbox.url)
        listing = (*AMPCTL, *here, "job", "list", "-s", "all")
        cases = {
            "--version": (*AMPCTL, "--version"),
            "--help": (*AMPCTL, "--help"),
            "job list": listing,
            "job list -f json": (*listing, "-f", "json"),
            "job list --json": (*listing, "--json"),
        }
        print(f"{'command':<20} {'cpu':>8} {'bare':>8} {'ratio':>6}")
        for name, command in cases.items():
            cost, yardstick = compare(command, bare, runs)
            ratio = cost.cpu_s / yardstick.cpu_s
            print(f"{name:<20} {cost.cpu_s:7.3f}s {yardstick.cpu_s:7.3f}s {ratio:6.2f}")


if __name__ == "__main__":
    main()
