"""How far the tables of a job are, and where they end."""

from __future__ import annotations

import re
from typing import NamedTuple

from ampctl.plugin import INT64_MAX
from ampctl_job.details import TableProgress

# A text with more digits is not a block: it is shown, and not computed with.
_BLOCK = re.compile(r"0|[1-9][0-9]{0,18}")


class TableRow(NamedTuple):
    """How far one table of a job is, and where it ends.

    Attributes:
        name: of the table.
        progress: what is synced.
        end_block: where the job ends; see :class:`~ampctl_job.models.Descriptor`.
    """

    name: str
    progress: TableProgress
    end_block: str | None

    @property
    def end(self) -> int | None:
        """The last block to come, if it is known as a number."""
        if _BLOCK.fullmatch(self.end_block or "") is None:
            return None
        end = int(self.end_block or "")
        return end if end <= INT64_MAX else None

    @property
    def percent(self) -> float | None:
        """How much of the range up to the end is there; None where no end is known."""
        end, start, current = self.end, self.progress.start_block, self.progress.current_block
        if end is None:
            return None
        if start is None or current is None:
            return 0.0
        wanted, done = end - start + 1, current - start + 1
        return min(100.0, max(0.0, 100 * done / wanted)) if wanted > 0 else 100.0
