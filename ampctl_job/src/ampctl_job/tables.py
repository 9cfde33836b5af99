"""How far the tables of a job are, and where they end."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
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
        job_id: the job.
        job_status: its status.
        seen_at: the moment of this.
        blocks_per_s: how fast it grows, smoothed; None before that is known.
        recent: how fast it grew lately, in blocks per second, oldest first.
    """

    name: str
    progress: TableProgress
    end_block: str | None
    job_id: int | None = None
    job_status: str | None = None
    seen_at: datetime.datetime | None = None
    blocks_per_s: float | None = None
    recent: Sequence[float] = ()

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

    @property
    def eta_s(self) -> float | None:
        """How long it takes to the end at this speed; None where that can't be told."""
        end, current = self.end, self.progress.current_block
        if end is None or current is None:
            return None
        if current >= end:
            return 0.0
        return (end - current) / self.blocks_per_s if self.blocks_per_s else None
