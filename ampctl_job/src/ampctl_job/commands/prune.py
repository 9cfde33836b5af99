"""``job prune``."""

from __future__ import annotations

import argparse
import collections
from collections.abc import Mapping
from typing import Any

from ampctl.plugin import Declined, Lister, Records
from ampctl_job.api import Jobs
from ampctl_job.arguments import PRUNE_FILTERS, prune_filter

_COLUMNS = ("status", "removed")


class PruneJobs(Lister):
    """Remove all finished jobs, or those of one status.

    The counts are of the moment before the removal, as the API itself reports none.
    """

    column_names = _COLUMNS
    examples = (
        "ampctl job prune",
        "ampctl job prune --status completed",
        "ampctl job prune --status error --yes",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare which jobs to remove, and whether to ask."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "-s",
            "--status",
            type=prune_filter,
            default="terminal",
            metavar="STATUS",
            help="terminal (default), completed, stopped, or error (which takes FATAL with it)",
        )
        parser.add_argument(
            "-y",
            "--yes",
            action="store_true",
            help="don't ask; without a terminal nothing is asked",
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[tuple[str, ...], Any]:
        """Count, ask, and remove."""
        jobs = Jobs(self.client)
        statuses = ",".join(PRUNE_FILTERS[parsed_args.status]).lower()
        counts = collections.Counter(job.status for job in jobs.iterate(status=statuses))
        if counts:
            if not parsed_args.yes and self.console.is_interactive:
                self._ask(counts)
            jobs.delete_by_status(parsed_args.status)
        else:
            # A job that has just ended would go unseen: nothing was shown, and no one was asked.
            self.remarks.append("There was nothing to remove.")
        return _COLUMNS, Records(sorted(counts.items()), tuple, _documents)

    def _ask(self, counts: Mapping[str, int]) -> None:
        shown = ", ".join(f"{count:,} {status}" for status, count in sorted(counts.items()))
        if not self.console.confirm(f"Remove {shown}?"):
            raise Declined("nothing was removed")


def _documents(counts: Any) -> Any:
    return ({"status": status, "removed": removed} for status, removed in counts)
