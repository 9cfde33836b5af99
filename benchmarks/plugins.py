"""What a hundred foreign distributions with ten commands each cost those who don't use them.

Each command is timed with and without them, in turn; a ratio is the median of the pairs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ampctl_sandbox.testing import live_sandbox

# What is compiled again in every run would be measured instead of the command.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
DISTRIBUTIONS, COMMANDS = 100, 10
LIMIT = 1.10
SOURCE = '''"""A plugin."""

from ampctl.plugin import CommandGroup

group = CommandGroup(summary="Do something else", api="1")
'''


def install(site: Path, number: int) -> None:
    """Lay out a distribution as pip leaves it."""
    name = f"ampctl_foreign{number}"
    group = f"foreign{number}"
    points = "".join(f"verb{verb} = {name}.verb{verb}:Verb\n" for verb in range(COMMANDS))
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        f"[ampctl.groups]\n{group} = {name}:group\n[ampctl.{group}]\n{points}"
    )
    (site / name).mkdir()
    (site / name / "__init__.py").write_text(SOURCE)


def cpu_s(command: Sequence[str], path: Path | None) -> float:
    """Run ``command`` once and return the processor time that it took."""
    environ = {**ENVIRONMENT, "PYTHONPATH": str(path)} if path else ENVIRONMENT
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environ)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def ratio(command: Sequence[str], site: Path, runs: int) -> float:
    """Return how many times the processor time ``command`` takes with what is in ``site``."""
    pairs = [(cpu_s(command, site), cpu_s(command, None)) for _ in range(runs + 1)]
    return statistics.median(crowded / alone for crowded, alone in pairs[1:])


def main() -> None:
    """Measure, and print a line for each command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--runs", type=int, default=25, help="counted runs of each command")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder, live_sandbox(jobs=50) as sandbox:
        site = Path(folder)
        for number in range(DISTRIBUTIONS):
            install(site, number)
        ampctl = (sys.executable, "-m", "ampctl", "--admin-url", sandbox.url)
        print(f"{'with 1000 commands':<20} {'ratio':>6} {'limit':>6}")
        for words in (("job", "list", "-s", "all"), ("--help",)):
            found = ratio((*ampctl, *words), site, runs)
            print(f"{' '.join(words):<20} {found:6.2f} {LIMIT:6.2f}")


if __name__ == "__main__":
    main()
