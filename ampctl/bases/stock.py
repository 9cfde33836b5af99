"""cliff's own bases of commands that answer with data, with types that hold for ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cliff.display import DisplayCommandBase

if TYPE_CHECKING:
    from cliff.formatters.base import ListFormatter

    CliffDisplay = DisplayCommandBase[ListFormatter]

    class CliffLister(DisplayCommandBase[ListFormatter]):
        """cliff's Lister without the type that it declares for what is returned: its pair alone."""

        need_sort_by_cliff: bool

    class CliffShowOne(DisplayCommandBase[ListFormatter]):
        """cliff's ShowOne, likewise."""

else:
    CliffDisplay = DisplayCommandBase
    from cliff.lister import Lister as CliffLister
    from cliff.show import ShowOne as CliffShowOne

__all__ = ["CliffDisplay", "CliffLister", "CliffShowOne"]
