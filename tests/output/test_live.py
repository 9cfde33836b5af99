"""Tables whose rows come one by one."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

import pytest

from ampctl.output.cells import Duration, Marked, Short
from ampctl.output.options import add_format_options
from ampctl.output.screen import UNCUT, Look, Mark, Screen
from ampctl.output.table import TableFormatter
from ampctl.testing.fakes import MemoryStream

NAMES = ("id", "created_at", "status", "worker", "elapsed_s", "error")
LOOKS = {
    "id": UNCUT._replace(room=4),
    "created_at": UNCUT,
    "status": UNCUT._replace(room=11),
    "worker": Look(gives_way=2, least=6, room=11),
    "elapsed_s": Look("after", gives_way=1, room=4),
    "error": Look(room=10),
}


def row(
    number: int, status: str = "RUNNING", after_s: float | None = None, error: str | None = None
) -> list[Any]:
    moment = Short("2026", "2026-03-01 12:00:00.125", "03-01 12:00:00.125")
    marked = Marked(status, Mark.ACTIVE)
    return [number, moment, marked, "worker-us-12", Duration(after_s), error]


def emit(
    *rows: Sequence[Any],
    width: int = 80,
    names: Sequence[str] = NAMES,
    is_terminal: bool = True,
    has_color: bool = False,
    options: Sequence[str] = (),
) -> tuple[list[str], Screen]:
    """Return the lines, and the screen that they are drawn on."""
    parser = argparse.ArgumentParser()
    add_format_options(parser)
    stdout = MemoryStream(is_terminal=is_terminal)
    screen = Screen({"COLUMNS": str(width)}, LOOKS, has_color)
    arguments = parser.parse_args(options)
    TableFormatter(screen).emit_live(names, iter(rows), stdout, arguments)
    return stdout.getvalue().splitlines(), screen


def test_a_narrow_terminal_gets_shorter_forms_and_cells_that_are_cut() -> None:
    lines, _ = emit(
        row(7), row(8, "ERROR", 3.5, "the stream has ended"), row(12345, after_s=7200), width=60
    )

    assert lines == [
        "  id created_at         status      worker  after error",
        "-" * 60,
        "   7 03-01 12:00:00.125 ▶ RUNNING   worker…     - -",
        "   8 03-01 12:00:00.125 ▶ ERROR     worker…  3.5s the stream",
        "                                                  has ended",
        "12345 03-01 12:00:00.125 ▶ RUNNING   worker…    2h -",
    ]


def test_the_columns_stay_where_the_first_row_has_put_them() -> None:
    lines, _ = emit(
        row(7), *(row(at, "ERROR", at * 10, "x" * at) for at in range(8, 20)), width=120
    )

    assert len({line.index("▶") for line in lines[2:]}) == 1
    assert len({line.index("worker") for line in (lines[0], *lines[2:])}) == 1
    assert all(len(line) <= 120 for line in lines)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200, 300])
def test_a_header_and_a_rule_come_once_and_nothing_is_wider(width: int) -> None:
    lines, screen = emit(
        *(row(at, "ERROR", 3, "the stream has ended") for at in range(9)), width=width
    )

    assert all(len(line) <= width for line in lines)
    assert len(lines[1]) == width
    assert sum("created_at" in line for line in lines) == 1
    assert [name for name in NAMES if name in screen.left_out] == list(screen.left_out)
    assert ("worker" in screen.left_out) == (width < 60)


def test_a_first_row_decides_where_no_room_is_asked_for() -> None:
    lines, _ = emit(["a long one", 1], ["b", 12], names=("name", "n"))

    assert lines == ["name        n", "-------------", "a long one  1", "b           12"]


def test_the_paint_takes_no_room() -> None:
    rows = [[Marked("RUNNING", Mark.ACTIVE), 1], [Marked("STOPPED", Mark.STOPPED), 20]]

    lines, _ = emit(*rows, names=("status", "n"), has_color=True)

    assert lines == [
        "\033[1mstatus\033[0m       \033[1mn\033[0m",
        "--------------",
        "\033[36m▶ RUNNING\033[0m    1",
        "\033[2m■ STOPPED\033[0m    20",
    ]


def test_text_of_others_can_not_move_the_cursor() -> None:
    lines, _ = emit(["a\x1b[2Jb\nc", 1], names=("name", "n"))

    assert lines[2:] == ["a\\x1b[2Jb\\nc  1"]


def test_in_a_pipe_nothing_is_fitted_unless_that_is_asked_for() -> None:
    lines, _ = emit(row(7), row(8, error="e" * 90), width=60, is_terminal=False)
    fitted, _ = emit(row(7), width=60, is_terminal=False, options=("--fit-width",))

    assert lines[0].split() == list(NAMES)
    assert lines[1].split()[2] == "RUNNING"
    assert lines[2].endswith("e" * 90)
    assert len(fitted[1]) <= 60
