"""What a table knows of the terminal that it is drawn on, and how its columns give way there."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Look(NamedTuple):
    """How a column gives way where a table is wider than its terminal; elsewhere it is complete.

    Those that give way first get shorter headers first, then shorter forms of their cells, then
    they are cut, and at last left out.

    Attributes:
        header: a shorter name.
        gives_way: the columns with the highest number do so first, and of one number the last.
        least: to how many characters it may be cut, with ``…`` at the end; without it, text
            breaks into several lines instead.
    """

    header: str = ""
    gives_way: int = 0
    least: int | None = None


UNCUT = Look(least=10**6)
"""The look of a column that neither breaks nor is cut, such as one of ids."""


class Mark(enum.Enum):
    """What a value means to a person; the value is a sign, one in ASCII, and a color.

    The color is the parameter of an ANSI escape sequence (SGR).
    """

    ACTIVE = ("▶", ">", "36")
    DONE = ("✓", "+", "32")
    FAILED = ("✗", "!", "1;31")
    PENDING = ("◌", ".", "33")
    STOPPED = ("■", "=", "2")
    UNKNOWN = ("?", "?", "35")


@dataclasses.dataclass
class Screen:
    """Where a table is drawn.

    Attributes:
        environ: where ``COLUMNS`` is looked up.
        looks: the looks of the columns, by their names.
        has_color: whether it may be painted.
        left_out: the names of the columns for which there was no room, once it is drawn.
    """

    environ: Mapping[str, str]
    looks: Mapping[str, Look] = dataclasses.field(default_factory=dict)
    has_color: bool = False
    left_out: list[str] = dataclasses.field(default_factory=list)

    @property
    def remarks(self) -> Sequence[str]:
        """What a person is told beside the table."""
        if not self.left_out:
            return ()
        return (f"No room for {', '.join(self.left_out)}: -c chooses columns, -f json shows all.",)
