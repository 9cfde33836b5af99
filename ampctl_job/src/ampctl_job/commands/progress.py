"""``job progress``."""

from __future__ import annotations

import argparse
from typing import Any

from ampctl.plugin import Lister, Records
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import job_id
from ampctl_job.models import JobProgress


class ShowProgress(Lister):
    """Show how far a job is, table by table.

    The percentage is that of the blocks from the first one synced to the job's end block; a job
    without a fixed end has none.
    """

    column_names = columns.PROGRESS
    examples = ("ampctl job progress 123", "ampctl job progress 123 --json")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare which job to look at."""
        parser = super().get_parser(prog_name)
        parser.add_argument("job_id", type=job_id, metavar="ID", help="a job's id")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[tuple[str, ...], Any]:
        """Read the job's progress."""
        jobs = Jobs(self.client)
        progress = jobs.progress(parsed_args.job_id)
        self._tell_failure(progress)
        if parsed_args.json:
            return columns.PROGRESS, Records([], tuple, lambda _: [progress.document])
        descriptor = jobs.get(parsed_args.job_id).descriptor
        end_block = descriptor.end_block if descriptor else None
        if not progress.tables:
            self.remarks.append("This job has no tables yet.")
        return columns.PROGRESS, [
            columns.progress_row(name, table, end_block)
            for name, table in sorted(progress.tables.items())
        ]

    def _tell_failure(self, progress: JobProgress) -> None:
        detail = progress.detail
        if detail is not None:
            known = [detail.error_code, detail.error_message]
            reason = ": ".join(filter(None, known)) or "no reason given"
            self.console.warn(f"job {progress.job_id} is in {progress.job_status}: {reason}")
