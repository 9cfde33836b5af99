"""What a table knows of the terminal that it is drawn on, and how its columns give way there."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple


class Look(NamedTuple):
    """How a column gives way where a table is wider than its terminal; elsewhere it is complete.

    Those that give way first get shorter headers first, then shorter forms of their cells, then
    they are cut, and at last left out.

    Attributes:
        header: a shorter name.
        gives_way: the columns with the highest number do so first, and of one number the last.
        least: to how many characters it may be cut, with ``…`` in the place of what is missing;
            without it, text breaks into several lines instead.
        keeps_end: whether cells are cut at the front, since their ends tell them apart, as
            those of ``worker-1`` and ``worker-2`` do.
    """

    header: str = ""
    gives_way: int = 0
    least: int | None = None
    keeps_end: bool = False


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


class Screen:
    """Where a table is drawn.

    Attributes:
        environ: where ``COLUMNS`` is looked up.
        looks: the looks of the columns, by their names.
        has_color: whether it may be painted.
        left_out: the names of the columns for which there was no room, once it is drawn.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        looks: Mapping[str, Look] = MappingProxyType({}),
        has_color: bool = False,
    ) -> None:
        self.environ = environ
        self.looks = looks
        self.has_color = has_color
        self.left_out: Sequence[str] = ()

    @property
    def remarks(self) -> Sequence[str]:
        """What a person is told beside the table."""
        if not self.left_out:
            return ()
        return (f"No room for {', '.join(self.left_out)}: -c chooses columns, -f json shows all.",)
