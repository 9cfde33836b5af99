"""``job count``."""

from __future__ import annotations

import argparse
import collections
from collections.abc import Iterable, Sequence
from typing import Any

from ampctl.plugin import Lister, Number
from ampctl_job import Jobs


class CountJobs(Lister):
    """Count jobs by status."""

    column_names = ("status", "jobs")
    only_reads = True
    examples = ("ampctl job count", "ampctl job count -f markdown")

    def take_action(
        self, parsed_args: argparse.Namespace
    ) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
        """Read all jobs, and count them."""
        counts = collections.Counter(job.status for job in Jobs(self.client).iterate(status="all"))
        return self.column_names, [(name, Number(count)) for name, count in sorted(counts.items())]
