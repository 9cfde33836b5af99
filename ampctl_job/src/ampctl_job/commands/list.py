"""``job list``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from typing import Any

from ampctl.plugin import Lister, Records, StreamedDocument, UsageError
from ampctl_job import columns
from ampctl_job.api import DEFAULT_LIMIT, PAGE_LIMIT, Jobs
from ampctl_job.arguments import job_id, limit, status_filter
from ampctl_job.models import Job


class ListJobs(Lister):
    """List jobs, newest first.

    Active jobs are shown unless --status says otherwise.
    """

    column_names = columns.LIST
    examples = (
        "ampctl job list",
        "ampctl job ls --status scheduled,running",
        "ampctl job list -l 20 -a 500",
        "ampctl job list --all -s all -f csv > jobs.csv",
        "ampctl job list --json | jq '.jobs[] | select(.status == \"ERROR\")'",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare which jobs to list, and how many."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "-l",
            "--limit",
            type=limit,
            metavar="N",
            help=f"how many jobs at most (default: {DEFAULT_LIMIT})",
        )
        parser.add_argument(
            "-a", "--after", type=job_id, metavar="ID", help="only jobs older than this one"
        )
        parser.add_argument(
            "-s",
            "--status",
            type=status_filter,
            default="active",
            metavar="STATUS",
            help="active (default), all, terminal, failed, or statuses separated by commas",
        )
        parser.add_argument("--all", action="store_true", help="all of them, whatever their number")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[tuple[str, ...], Any]:
        """Fetch the jobs."""
        if parsed_args.all and parsed_args.limit:
            raise UsageError("--all and --limit exclude each other", hint="use one of them")
        row = columns.job_row(self.runtime.now())
        limit = None if parsed_args.all else parsed_args.limit or DEFAULT_LIMIT
        if limit is None or limit > PAGE_LIMIT:
            return columns.LIST, self._many(parsed_args, limit, row)
        return columns.LIST, self._one_page(parsed_args, limit, row)

    def _one_page(self, args: argparse.Namespace, limit: int, row: Any) -> Records[Job]:
        page = Jobs(self.client).list(status=args.status, limit=limit, after=args.after)
        if not page.jobs and args.status == "active":
            self.remarks.append("No active jobs; --status all shows finished ones too.")
        if len(page.jobs) >= limit and page.next_cursor is not None:
            self.remarks.append(f"There may be more: --after {page.next_cursor}, or --all.")
        return Records(page.jobs[:limit], row, lambda _: [page.document])

    def _many(self, args: argparse.Namespace, limit: int | None, row: Any) -> Records[Job]:
        jobs = Jobs(self.client).iterate(status=args.status, limit=limit, after=args.after)
        return Records(jobs, row, _as_one_document)


def _as_one_document(jobs: Iterable[Job]) -> Iterable[StreamedDocument]:
    """Write all pages as if they had been one."""
    tail: dict[str, Any] = {}

    def documents() -> Iterator[Any]:
        for job in jobs:
            tail["next_cursor"] = job.id
            yield job.document

    return [StreamedDocument("jobs", documents(), lambda: tail)]
