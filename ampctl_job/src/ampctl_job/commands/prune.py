"""``job prune``."""

from __future__ import annotations

import argparse
import collections
from collections.abc import Mapping

from ampctl.plugin import Answer, Confirming, Lister
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import PRUNE_FILTERS, parse_prune_filter


class PruneJobs(Confirming, Lister):
    """Remove all finished jobs, or those of one status.

    The counts are of the moment before the removal, as the API itself reports none.
    """

    columns = columns.PRUNE
    examples = (
        "ampctl job prune",
        "ampctl job prune --status completed",
        "ampctl job prune --status error --yes",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to remove."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "-s",
            "--status",
            type=parse_prune_filter,
            default="terminal",
            metavar="STATUS",
            help="terminal (default), completed, stopped, or error (which takes FATAL with it)",
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[tuple[str, int]]:
        """Count, ask, and remove."""
        jobs = Jobs(self.client)
        statuses = ",".join(PRUNE_FILTERS[parsed_args.status]).lower()
        counts = collections.Counter(job.status for job in jobs.iterate(status=statuses))
        if not counts:
            # A job that has just ended would be removed unseen, and without a question.
            return Answer([], remarks=["There was nothing to remove."])
        self.confirm(parsed_args, f"Remove {_summarize(counts)}?")
        jobs.delete_by_status(parsed_args.status)
        return Answer(sorted(counts.items()))


def _summarize(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} {status}" for status, count in sorted(counts.items()))
