"""The page of the documentation that holds the figures."""

from __future__ import annotations

import itertools
import os
import platform
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from results import Result

_HEAD = """\
Speed
=====

.. This page is written by ``make bench``; change benchmarks/page.py instead.

{machine}

A figure is the median of pairs of runs that took turns, so that what else the machine did counts
for both. *Over* says how many times the cost of the yardstick it is; the bound is what it may be at
most, and ``make bench`` ends with exit code 1 if one is exceeded. ampctl is installed from wheels
into an environment of its own, and servers are processes of their own whose answers are rendered
beforehand.

* The yardstick of short commands is ``bare.py``: ten lines that make the same request with
  ``requests`` and print the rows. Costs are processor time, or where a latency is named the time
  that passes.
* That of exports is ``loop.py``: ``requests``, ``json`` and ``csv.writer`` over all pages, without
  a check. ampctl checks every job that it prints: types, ranges, times, order, and that none is
  lost or shown twice.
* That of many targets is a loop that sends the same requests one by one over one connection.
* Instructions are counted by ``valgrind --tool=cachegrind`` where it is installed. They vary little
  from run to run.

Tables and yaml need all jobs at once. Their bounds are two fifths of what they cost over the loop
when every job was checked and written by itself: figures of that time, since one tree has only one
of the ways.
"""


def write(path: Path, results: Sequence[Result], python: str) -> None:
    """Write the page."""
    parts = [_HEAD.format(machine=_describe_machine(python))]
    for section, members in itertools.groupby(results, lambda result: result.row.section):
        parts.append("\n".join(_table(section, list(members))))
    path.write_text("\n".join(parts) + "\n")


def _table(section: str, results: Sequence[Result]) -> Iterator[str]:
    counted = any(result.instructions for result in results)
    yield f"{section}\n{'-' * len(section)}\n"
    yield ".. list-table::\n   :header-rows: 1\n"
    names = ["", "cost", "yardstick", "over", "bound"]
    yield _line([*names, "instructions, over"] if counted else names)
    for result in results:
        yield _line(_cells(result, counted))
    yield ""


def _cells(result: Result, counted: bool) -> Iterator[str]:
    row, ratio = result.row, result.ratio
    yield re.sub(r"(^|, )(-?-[a-z][^,]*|job [a-z]+(?: --json)?)(?=,| |$)", r"\1``\2``", row.name)
    if ratio is None:
        yield from ("failed", "", "")
    else:
        yield f"{ratio.cost:.3g} {result.unit}"
        yield f"{ratio.yardstick:.3g} {result.unit}" if row.yardstick else ""
        yield f"{ratio.value:.2f}" if row.yardstick else ""
    unit = "" if row.yardstick else f" {result.unit}"
    yield "" if row.bound is None else f"{row.bound:.2f}{unit}"
    if counted:
        found = result.instructions
        yield f"{found.cost:.0f} M, {found.value:.2f}" if found else ""


def _line(cells: Iterator[str] | Sequence[str]) -> str:
    first, *others = (f"- {cell}".rstrip() for cell in cells)
    return "\n".join([f"   * {first}", *(f"     {cell}" for cell in others)])


def _describe_machine(python: str) -> str:
    """Say on what, and with what, it was measured."""
    versions = subprocess.run(
        [python, "-m", "pip", "list", "--format=freeze", "--disable-pip-version-check"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    wanted = ("ampctl", "cliff", "marshmallow", "requests", "urllib3")
    named = [line.replace("==", " ") for line in versions.split() if line.split("==")[0] in wanted]
    return (
        f"Measured on {_processor()} with {os.cpu_count()} cores, {platform.system()},"
        f" Python {platform.python_version()}, {', '.join(named)}."
    )


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", path.read_text()) if path.exists() else None
    return found[1].strip() if found else platform.machine()
