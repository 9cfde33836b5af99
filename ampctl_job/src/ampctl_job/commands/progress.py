"""``job progress``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from ampctl.plugin import Answer, ApiError, Column, Lister, UsageError, add_watch, expand_ids
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import add_job_ids
from ampctl_job.details import JobProgress
from ampctl_job.missing import naming_what_is_missing
from ampctl_job.oddities import warn_of
from ampctl_job.tables import TableRow

# What the job itself knows, and its progress does not.
_OF_THE_JOB = [column for column in columns.PROGRESS if column.name in ("end_block", "percent")]

# A person reads a log of lines much later, and a program reads whatever comes.
_INTERVAL_S, _INTERVAL_OF_LINES_S = 2.0, 30.0


class ShowProgress(Lister):
    """Show how far jobs are, table by table.

    The percentage is that of the blocks from the first one synced to the job's end block; a job
    without a fixed end has none. --watch goes on until the jobs have ended, through outages of the
    server: with a bar for each table on a terminal, with a line for each elsewhere. A job in ERROR
    goes on, since the controller schedules it again. The exit code is then 1 if a job has failed
    permanently.
    """

    columns = columns.WATCHED
    only_reads = True
    examples = (
        "ampctl job progress 123",
        "ampctl job progress 123 --watch",
        "ampctl job progress 123 124 --watch 10 -f jsonl",
        "ampctl job progress 123 --json",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to look at."""
        parser = super().get_parser(prog_name)
        add_job_ids(parser, "all")
        add_watch(
            parser,
            f"go on until the jobs have ended, with a look every SECONDS (default:"
            f" {_INTERVAL_S:g}; for lines that no program reads: {_INTERVAL_OF_LINES_S:g})",
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Any]:
        """Read the progress of the jobs, once or until they have ended."""
        ids = expand_ids(parsed_args.job_ids, self.runtime.stdin)
        jobs = Jobs(self.client)
        if parsed_args.watch is not None:
            return self._watch(parsed_args, jobs, ids)
        wants_end = self.wants(parsed_args, _OF_THE_JOB)

        def read(job_id: int) -> tuple[JobProgress, str | None]:
            progress = self._read(jobs, job_id)
            return progress, self._find_end_block(jobs, job_id) if wants_end else None

        found = self.for_each(ids, read, concurrent=True)
        if parsed_args.json:
            return Answer([one for one, _ in found], document=lambda progress: progress.document)
        rows = [row for one, end_block in found for row in self._make_rows(one, end_block)]
        none = [one for one, _ in found if not one.tables]
        return Answer(
            rows,
            columns=_choose_table(parsed_args, ids),
            remarks=[_describe_none(one, len(ids)) for one in none],
        )

    def _read(self, jobs: Jobs, job_id: int) -> JobProgress:
        with naming_what_is_missing("progress"):
            progress = jobs.progress(job_id)
        self._warn_of_failure(progress)
        return progress

    def _make_rows(self, progress: JobProgress, end_block: str | None) -> list[TableRow]:
        """Return a row for each table, with the job's end block if that is to be shown."""
        return [
            TableRow(
                name,
                progress.tables[name],
                end_block,
                job_id=progress.job_id,
                job_status=progress.job_status,
                seen_at=self.runtime.now(),
            )
            for name in sorted(progress.tables)
        ]

    def _watch(
        self, parsed_args: argparse.Namespace, jobs: Jobs, ids: Sequence[int]
    ) -> Answer[Any]:
        # Imported here: so is rich, which takes a while.
        from ampctl_job.progress_watch import ProgressWatch

        if parsed_args.sort_columns:
            raise UsageError("what is watched can't be sorted", hint="leave out --sort-column")
        watch = ProgressWatch(self, jobs, ids)
        is_plain = parsed_args.formatter == "table" and not parsed_args.json
        if is_plain and self.console.can_redraw and not parsed_args.columns:
            from ampctl_job.live_bars import LiveBars

            LiveBars(self, watch).show(parsed_args.watch or _INTERVAL_S)
            return Answer([], columns=columns.WATCHED)
        interval_s = parsed_args.watch or (_INTERVAL_OF_LINES_S if is_plain else _INTERVAL_S)
        looks = (look for seen in watch.iterate(interval_s) for look in seen)
        if parsed_args.json:
            return Answer(looks, document=lambda look: look.progress.document, is_live=True)

        rows = (row for look in looks for row in look.rows)
        return Answer(rows, columns=columns.WATCHED, is_live=True)

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


def _describe_none(progress: JobProgress, count: int) -> str:
    job = "This job" if count == 1 else f"Job {progress.job_id}"
    return f"{job} has no tables yet."


def _choose_table(
    parsed_args: argparse.Namespace, ids: Sequence[int]
) -> Sequence[Column[TableRow]]:
    """Return the columns: those of a watch only where they are asked for, or tell jobs apart."""
    asked = (*parsed_args.columns, *parsed_args.sort_columns)
    more = columns.WATCHED[len(columns.PROGRESS) :]
    is_shown = {"job_id": len(ids) > 1}
    return (
        *columns.PROGRESS,
        *(one for one in more if one.name in asked or is_shown.get(one.name)),
    )
