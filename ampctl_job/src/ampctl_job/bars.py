"""The progress of jobs as a picture on a terminal: a bar for each table."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TextIO

from rich.console import Console, Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from ampctl.plugin import Duration, Number, Percent, Size, printable
from ampctl_job.models import ACTIVE, ANY_FAILED, STOPPING, Status
from ampctl_job.pace import draw_sparkline
from ampctl_job.progress_watch import describe_fault

if TYPE_CHECKING:
    from ampctl_job.progress_watch import Look
    from ampctl_job.tables import TableRow

_SPARKLINE = 12
_NARROWEST_BAR, _WIDEST_BAR = 8, 40
_SHORTEST_NAME, _LONGEST_NAME = 10, 24
_GAP = 2


class _Cell(NamedTuple):
    """One fact about a table.

    Attributes:
        text: what is shown.
        rank: those of the lowest ranks are left out first where there is no room.
    """

    text: str
    rank: int


def draw(looks: Iterable[Look], width: int, *, is_ascii: bool, said: Sequence[str]) -> Group:
    """Return a picture of jobs.

    Args:
        looks: at the jobs, in order.
        width: of the terminal, in columns.
        is_ascii: whether it shows nothing but ASCII.
        said: lines below the picture.
    """
    parts: list[RenderableType] = []
    for look in looks:
        parts.append(_name(look))
        parts += _draw_tables(look, width, is_ascii)
        if look.has_failed:
            fault = printable(describe_fault(look.progress.detail))
            parts.append(Text(f"  {fault}", style="red", overflow="fold"))
    parts += [Text(line, style="yellow", overflow="fold") for line in said]
    return Group(*parts)


def _name(look: Look) -> Text:
    job, status = look.job, look.progress.job_status
    name = Text(f"job {look.progress.job_id}  ", overflow="ellipsis", no_wrap=True)
    name.append(printable(status), style=choose_style(status))
    known = (job.dataset, job.node_id) if job else ()
    return name.append("".join(f"  {printable(one)}" for one in known if one))


def choose_style(status: str) -> str:
    """Return the colour of a status, which also says itself what it is."""
    if status in ANY_FAILED:
        return "red"
    if status in STOPPING or status == Status.STOPPED:
        return "yellow"
    return "green" if status in ACTIVE or status == Status.COMPLETED else "default"


def _draw_tables(look: Look, width: int, is_ascii: bool) -> Iterator[RenderableType]:
    if not look.rows:
        yield Text("  no tables yet")
        return
    longest = max(_SHORTEST_NAME, min(_LONGEST_NAME, width // 4))
    lines = [_list_cells(row, look, longest, is_ascii) for row in look.rows]
    widths = [max(len(line[at].text) for line in lines) for at in range(len(lines[0]))]
    shown, bar_width = _choose_cells([cell.rank for cell in lines[0]], widths, width)
    grid = Table.grid(padding=(0, _GAP, 0, 0), collapse_padding=True)
    for at in shown:
        grid.add_column(no_wrap=True, justify="left" if at == 0 else "right")
        if at == 0 and bar_width:
            grid.add_column(width=bar_width)
    for row, line in zip(look.rows, lines, strict=True):
        texts: list[RenderableType] = [Text(line[at].text, overflow="ellipsis") for at in shown]
        if bar_width:
            texts.insert(1, _draw_bar(row, bar_width))
        grid.add_row(*texts)
    yield grid


def _list_cells(row: TableRow, look: Look, longest_name: int, is_ascii: bool) -> list[_Cell]:
    progress, speed = row.progress, row.blocks_per_s
    has_eta = row.eta_s is not None and not look.is_over
    eta = f"ETA {Duration(row.eta_s).human_readable()}" if has_eta else ""
    files = "file" if progress.files_count == 1 else "files"
    return [
        _Cell(f"  {shorten(printable(row.name), longest_name)}", 9),
        _Cell(_describe_share(row, look), 8),
        _Cell(Number(progress.current_block).human_readable(), 5),
        _Cell("-/s" if speed is None else f"{speed:,.{0 if speed >= 10 else 1}f}/s", 7),
        _Cell(draw_sparkline(row.recent[-_SPARKLINE:], is_ascii=is_ascii), 2),
        _Cell(f"{Number(progress.files_count).human_readable()} {files}", 1),
        _Cell(Size(progress.total_size_bytes).human_readable(), 3),
        _Cell(eta, 6),
    ]


def _describe_share(row: TableRow, look: Look) -> str:
    if row.percent is not None:
        return Percent(row.percent).human_readable()
    if row.end_block:
        return f"to {printable(row.end_block)}"
    return "continuous" if look.job and look.job.descriptor else "-"


def shorten(name: str, longest: int) -> str:
    """Return a name that leaves room for other things in its line."""
    return name if len(name) <= longest else f"{name[: longest - 1]}…"


def _choose_cells(ranks: Sequence[int], widths: Sequence[int], room: int) -> tuple[list[int], int]:
    """Return the positions of the cells that there is room for, and the width of the bar."""
    shown = [at for at, width in enumerate(widths) if width]
    left = room - 1 - _measure(widths, shown)
    while left < _NARROWEST_BAR + _GAP and len(shown) > 2:
        shown.remove(min(shown, key=lambda at: ranks[at]))
        left = room - 1 - _measure(widths, shown)
    bar_width = min(_WIDEST_BAR, left - _GAP)
    return shown, bar_width if bar_width >= _NARROWEST_BAR else 0


def _measure(widths: Sequence[int], shown: Sequence[int]) -> int:
    return sum(widths[at] for at in shown) + _GAP * (len(shown) - 1)


def _draw_bar(row: TableRow, width: int) -> RenderableType:
    if row.percent is None:
        return Text("")
    return ProgressBar(total=100, completed=row.percent, width=width)


def make_console(stream: TextIO, *, has_color: bool, size: os.terminal_size) -> Console:
    """Return rich's console for a terminal that is asked nothing about itself."""
    return Console(
        file=stream,
        color_system="standard" if has_color else None,
        no_color=not has_color,
        force_terminal=True,
        force_interactive=True,
        force_jupyter=False,
        width=size.columns,
        height=size.lines,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
