"""Cells: values with a form for people, in a table on a terminal, and one for machines.

Every cell takes None for an unknown value: ``-`` for people, null for machines, and sorted last.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from typing import Any, TypeVar

from cliff.columns import FormattableColumn

from ampctl.client.times import format_age, format_duration, format_timestamp
from ampctl.console.text import printable
from ampctl.output.screen import Mark
from ampctl.output.values import compact

_T = TypeVar("_T")

UNKNOWN = "-"

# Of so few seconds a part counts.
_FEW_S = 9.95


class Cell(FormattableColumn[_T | None]):
    """Base of the cells: a value that may be None.

    Derive from it for a form of your own: override :meth:`show`, and :meth:`convert` or
    :meth:`rank` if need be. None of them is given None.
    """

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Cell):
            return NotImplemented
        return _as_key(self) < _as_key(other)

    def human_readable(self) -> str:
        """Return the form for people."""
        return UNKNOWN if self._value is None else self.show(self._value)

    def machine_readable(self) -> Any:
        """Return the form for machines."""
        return None if self._value is None else self.convert(self._value)

    def list_shorter(self) -> Sequence[str]:
        """Return shorter forms for people, for a column with little room; the shortest last."""
        return ()

    def expand(self) -> Cell[Any]:
        """Return the cell for one record in full, which has more room than a list."""
        return self

    def show(self, value: _T) -> str:
        """Return the text of a value for people."""
        return str(value)

    def convert(self, value: _T) -> Any:
        """Return a value for machines: itself, unless overridden."""
        return value

    def rank(self, value: _T) -> Any:
        """Return what a value is sorted by: its form for machines, unless overridden."""
        return self.convert(value)

    def find_rank(self) -> Any:
        """Return what the cell is sorted by, None for an unknown value."""
        return None if self._value is None else self.rank(self._value)


def _as_key(cell: Cell[Any]) -> tuple[bool, Any]:
    # None never meets another type in a comparison.
    rank = cell.find_rank()
    return rank is None, rank


class Timestamp(Cell[datetime.datetime]):
    """A moment: how long ago for people, RFC 3339 in UTC for machines.

    Args:
        moment: an aware datetime.
        now: the time that ages are counted from.
    """

    def __init__(self, moment: datetime.datetime | None, now: datetime.datetime) -> None:
        super().__init__(moment)
        self._now = now

    def show(self, value: datetime.datetime) -> str:
        return format_age(value, self._now)

    def list_shorter(self) -> Sequence[str]:
        """Return the age alone."""
        age = self.human_readable()
        return (age.removesuffix(" ago"),) if age.endswith(" ago") else ()

    def expand(self) -> Cell[Any]:
        """Return it with the moment beside the age."""
        if self._value is None:
            return self
        moment = self._value.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        return Short(format_timestamp(self._value), f"{self.human_readable()} ({moment})")

    def convert(self, value: datetime.datetime) -> str:
        return format_timestamp(value)


class Size(Cell[int]):
    """A number of bytes: ``1.4 GiB`` for people."""

    def show(self, value: int) -> str:
        if abs(value) < 1024:
            return f"{value} B"
        amount = float(value)
        for unit in ("KiB", "MiB", "GiB", "TiB", "PiB"):
            amount /= 1024
            if abs(amount) < 1023.95:  # anything above would be rounded to 1024.0
                return f"{amount:.1f} {unit}"
        return f"{amount / 1024:.1f} EiB"


class Number(Cell[int]):
    """A whole number: ``1,234,567`` for people."""

    def show(self, value: int) -> str:
        return f"{value:,}"


class Percent(Cell[float]):
    """A share in percent: ``42.1 %`` for people, two digits for machines; NaN is unknown."""

    def __init__(self, value: float | None) -> None:
        super().__init__(None if value is None or not math.isfinite(value) else value)

    def show(self, value: float) -> str:
        return f"{value:.1f} %"

    def convert(self, value: float) -> float:
        return round(float(value), 2)


class Duration(Cell[float]):
    """A number of seconds: ``3h`` or ``1.2s`` for people, three digits for machines."""

    def show(self, value: float) -> str:
        return f"{value:.1f}s" if 0 < value < _FEW_S else format_duration(value)

    def convert(self, value: float) -> float:
        return round(float(value), 3)


class Short(Cell[Any]):
    """A value that has a shorter form for people, also where None has a meaning.

    Args:
        value: for machines.
        human: for people; None if they get the value too.
        *shorter: forms for a column with little room, the shortest last.
    """

    def __init__(self, value: Any, human: str | None, *shorter: str) -> None:
        super().__init__(value)
        self._human = human
        self._shorter = shorter

    def human_readable(self) -> str:
        """Return the form for people."""
        return super().human_readable() if self._human is None else self._human

    def list_shorter(self) -> Sequence[str]:
        """Return the shorter forms."""
        return self._shorter


class Marked(Cell[str]):
    """A text with a sign and, where there are colors, a color; machines get the text alone.

    Args:
        text: such as a status.
        mark: what it means.
    """

    def __init__(self, text: str | None, mark: Mark) -> None:
        super().__init__(text)
        self.mark = mark


class Json(Cell[Any]):
    """An object or a list of the API: compact JSON where there is no place for it as it is."""

    def rank(self, value: object) -> str:
        return compact(value)

    def show(self, value: object) -> str:
        return compact(value)


class Lines(Cell[Sequence[str]]):
    """Several lines: below each other in a table, a list for machines.

    Args:
        lines: the lines.
        values: what the list holds for machines, if not the lines.
    """

    def __init__(self, lines: Sequence[str] | None, values: Sequence[Any] | None = None) -> None:
        super().__init__(lines)
        self._values = values

    def show(self, value: Sequence[str]) -> str:
        return "\n".join(map(printable, value))

    def convert(self, value: Sequence[str]) -> list[Any]:
        return list(value if self._values is None else self._values)
