"""``job list``."""

from __future__ import annotations

import argparse
from typing import Any

from ampctl.plugin import Answer, DocumentStream, Lister, UsageError
from ampctl_job import columns
from ampctl_job.api import DEFAULT_LIMIT, PAGE_LIMIT, Jobs
from ampctl_job.arguments import parse_job_id, parse_limit, parse_status_filter
from ampctl_job.models import Job


class ListJobs(Lister):
    """List jobs, newest first.

    Active jobs are shown unless --status says otherwise.
    """

    columns = columns.LIST
    examples = (
        "ampctl job list",
        "ampctl job ls --status scheduled,running",
        "ampctl job list -l 20 -a 500",
        "ampctl job list --all -s all -f csv > jobs.csv",
        "ampctl job list --json | jq '.jobs[] | select(.status == \"ERROR\")'",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to list, and how many of them."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "-l",
            "--limit",
            type=parse_limit,
            metavar="N",
            help=f"how many jobs at most (default: {DEFAULT_LIMIT})",
        )
        parser.add_argument(
            "-a", "--after", type=parse_job_id, metavar="ID", help="only jobs older than this one"
        )
        parser.add_argument(
            "-s",
            "--status",
            type=parse_status_filter,
            default="active",
            metavar="STATUS",
            help="active (default), all, terminal, failed, or statuses separated by commas",
        )
        parser.add_argument("--all", action="store_true", help="all of them, whatever their number")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Job]:
        """Fetch one page, or as many as it takes."""
        if parsed_args.all and parsed_args.limit:
            raise UsageError("--all and --limit exclude each other", hint="use one of them")
        limit = None if parsed_args.all else parsed_args.limit or DEFAULT_LIMIT
        chosen = {"status": parsed_args.status, "after": parsed_args.after}
        if limit is None or limit > PAGE_LIMIT:
            jobs = Jobs(self.client).iterate(limit=limit, **chosen)
            return Answer(jobs, document=DocumentStream("jobs", _document, _cursor))
        page = Jobs(self.client).list(limit=limit, **chosen)
        remarks = []
        if not page.jobs and parsed_args.status == "active":
            remarks.append("No active jobs; --status all shows finished ones too.")
        if len(page.jobs) >= limit and page.next_cursor is not None:
            remarks.append(f"There may be more: --after {page.next_cursor}, or --all.")
        return Answer(page.jobs[:limit], document=page.document, remarks=remarks)


def _document(job: Job) -> Any:
    return job.document


def _cursor(last: Job | None) -> dict[str, int]:
    return {"next_cursor": last.id} if last else {}
