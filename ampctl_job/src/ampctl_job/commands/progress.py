"""``job progress``."""

from __future__ import annotations

import argparse

from ampctl.plugin import Answer, ApiError, Lister
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import add_job_id
from ampctl_job.columns import TableRow
from ampctl_job.details import JobProgress
from ampctl_job.missing import naming_what_is_missing
from ampctl_job.oddities import warn_of

# What the job itself knows, and its progress does not.
_OF_THE_JOB = [column for column in columns.PROGRESS if column.name in ("end_block", "percent")]


class ShowProgress(Lister):
    """Show how far a job is, table by table.

    The percentage is that of the blocks from the first one synced to the job's end block; a job
    without a fixed end has none.
    """

    columns = columns.PROGRESS
    only_reads = True
    examples = ("ampctl job progress 123", "ampctl job progress 123 --json")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the job to look at."""
        parser = super().get_parser(prog_name)
        add_job_id(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[TableRow]:
        """Read the job's progress, and its end block if that is to be shown."""
        jobs = Jobs(self.client)
        with naming_what_is_missing("progress"):
            progress = jobs.progress(parsed_args.job_id)
        self._warn_of_failure(progress)
        end_block = None
        if self.wants(parsed_args, _OF_THE_JOB):
            end_block = self._find_end_block(jobs, progress.job_id)
        return Answer(
            [TableRow(name, progress.tables[name], end_block) for name in sorted(progress.tables)],
            document=progress.document,
            remarks=() if progress.tables else ["This job has no tables yet."],
        )

    def _find_end_block(self, jobs: Jobs, job_id: int) -> str | None:
        try:
            job = jobs.get(job_id)
        except ApiError as error:
            # The progress itself is there, and is not withheld for this.
            self.console.warn(f"the end block of job {job_id} is not known: {error.message}")
            return None
        warn_of(job_id, job.oddities, self.console)
        return job.end_block

    def _warn_of_failure(self, progress: JobProgress) -> None:
        detail = progress.detail
        if detail is not None:
            known = [detail.error_code, detail.error_message]
            reason = ": ".join(filter(None, known)) or "no reason given"
            self.console.warn(f"job {progress.job_id} is in {progress.job_status}: {reason}")
            warn_of(progress.job_id, detail.oddities, self.console)
