"""From a row to its result: the processes that it names, and how they compare."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import NamedTuple

import measure
from measure import Failed, Process, Ratio
from rows import Row
from stage import Server, Stage, lay_out_foreign

YARDSTICKS = Path(__file__).with_name("yardsticks")
UNITS = {"cpu": "s", "wall": "s", "memory": "MiB", "instructions": "M"}


class Result(NamedTuple):
    """What was measured of a row.

    Attributes:
        row: the row.
        ratio: the comparison; None if it failed.
        unit: of its costs.
        instructions: the same in million instructions, where they were counted.
        problem: why there is no comparison.
    """

    row: Row
    ratio: Ratio | None = None
    unit: str = "s"
    instructions: Ratio | None = None
    problem: str = ""

    @property
    def is_over(self) -> bool:
        """Whether it is above its bound, or could not be measured though it has one."""
        if self.row.bound is None:
            return False
        return self.ratio is None or self.ratio.value > self.row.bound


def take(row: Row, stage: Stage, *, counts: bool) -> Result:
    """Measure a row.

    Args:
        row: the row.
        stage: what it needs.
        counts: whether the instructions of short commands are counted too.
    """
    try:
        return _take(row, stage, counts)
    except Failed as error:
        return Result(row, problem=str(error))


def _take(row: Row, stage: Stage, counts: bool) -> Result:
    process = _build(stage, row.command, row.server, foreign=row.foreign, lines=row.lines)
    process = process._replace(prompts=row.prompts)
    if not row.yardstick:
        figure = getattr(measure.run(process), row.of)
        return Result(row, Ratio(figure, figure, 1), UNITS[row.of])
    server = row.yardstick_server or row.server
    yardstick = _build(stage, row.yardstick, server, foreign=row.yardstick_foreign)
    if row.of == "instructions" and (ratio := measure.compare_instructions(process, yardstick)):
        return Result(row, ratio, UNITS["instructions"])
    of = "cpu" if row.of == "instructions" else row.of
    is_short = of == "cpu"
    ratio = measure.compare(
        process, yardstick, of=of, runs=row.runs, times=row.lines or 1, warm=is_short
    )
    is_counted = counts and is_short and not (row.lines or "|" in row.command)
    counted = measure.compare_instructions(process, yardstick) if is_counted else None
    return Result(row, ratio, UNITS[of], counted)


def _build(stage: Stage, command: str, server: Server, *, foreign: int, lines: int = 0) -> Process:
    """Return the process that a command of the table stands for."""
    line = command.replace("{url}", stage.url_of(server)) if "{url}" in command else command
    # Under valgrind a completion would give up before the server has answered.
    environ = {"AMPCTL_COMPLETION_TIMEOUT": "1m"}
    if foreign:
        environ["PYTHONPATH"] = str(lay_out_foreign(foreign))
    if "|" in line:
        return Process(("sh", "-c", line), environ=environ)
    words = shlex.split(line)
    if words[0].endswith(".py"):
        return Process((stage.python, str(YARDSTICKS / words[0]), *words[1:]), environ=environ)
    if lines:
        return Process((stage.ampctl,), stdin=f"{line}\n" * lines, environ=environ)
    return Process((stage.ampctl, *words), environ=environ)
