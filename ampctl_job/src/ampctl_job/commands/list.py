"""``job list``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from ampctl.plugin import (
    Answer,
    Cause,
    DocumentStream,
    InvalidAnswer,
    Lister,
    UsageError,
    completes,
    offer_list,
)
from ampctl_job import columns
from ampctl_job.api import DEFAULT_LIMIT, PAGE_LIMIT, Jobs
from ampctl_job.arguments import (
    FILTER_WORDS,
    offer_jobs,
    parse_job_id,
    parse_limit,
    parse_status_filter,
    unite_filters,
)
from ampctl_job.models import Job, JobPage
from ampctl_job.oddities import warn_of_each
from ampctl_job.ordinary import take_documents
from ampctl_job.remarks import Wanted, add_remarks, find_remarks


class ListJobs(Lister):
    """List jobs, newest first.

    Active jobs are shown unless --status says otherwise.
    """

    columns = columns.LIST
    only_reads = True
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
        after = parser.add_argument(
            "-a", "--after", type=parse_job_id, metavar="ID", help="only jobs older than this one"
        )
        completes(after, offer_jobs("all"))
        status = parser.add_argument(
            "-s",
            "--status",
            action="append",
            type=parse_status_filter,
            metavar="STATUS",
            help="active (default), all, terminal, failed, or statuses separated by commas;"
            " repeat it for more",
        )
        completes(status, offer_list(FILTER_WORDS))
        parser.add_argument("--all", action="store_true", help="all of them, whatever their number")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Job]:
        """Fetch one page, or as many as it takes."""
        if parsed_args.all and parsed_args.limit:
            raise UsageError("--all and --limit exclude each other", hint="use one of them")
        limit = None if parsed_args.all else parsed_args.limit or DEFAULT_LIMIT
        is_sorted = bool(parsed_args.sort_columns)
        status = unite_filters(parsed_args.status or ["active"])
        wanted = Wanted(status, parsed_args.after, limit, is_sorted)
        if limit is None or limit > PAGE_LIMIT:
            return self._walk(parsed_args, wanted)
        try:
            page = _fetch(Jobs(self.client), wanted, limit)
        except InvalidAnswer as error:
            if error.cause is not Cause.TOO_LARGE:
                raise
            return self._walk(parsed_args, wanted)  # which asks for smaller pages
        # Some servers send a cursor with their last jobs too.
        after = page.next_cursor if len(page.jobs) == limit else None
        return Answer(
            batches=self._warn(parsed_args, [page.jobs]),
            document=page.document,
            remarks=find_remarks(wanted, len(page.jobs), after),
        )

    def _walk(self, parsed_args: argparse.Namespace, wanted: Wanted) -> Answer[Job]:
        remarks: list[str] = []
        walk = Jobs(self.client).iterate_pages(
            status=wanted.status, limit=wanted.limit, after=wanted.after
        )
        return Answer(
            batches=add_remarks(self._warn(parsed_args, walk), wanted, remarks),
            document=DocumentStream("jobs", _document, _cursor, take_documents),
            remarks=remarks,
        )

    def _warn(
        self, parsed_args: argparse.Namespace, pages: Iterable[Sequence[Job]]
    ) -> Iterable[Sequence[Job]]:
        """Return the pages, with warnings if what is odd about them is shown."""
        if self.wants(parsed_args, columns.OF_DESCRIPTOR):
            return warn_of_each(pages, self.console)
        return pages


def _fetch(jobs: Jobs, wanted: Wanted, limit: int) -> JobPage:
    """Return one page, completed with what a server that caps its pages left out."""
    page = jobs.list(status=wanted.status, limit=limit, after=wanted.after)
    while page.next_cursor is not None and len(page.jobs) < limit:
        left = limit - len(page.jobs)
        more = jobs.list(status=wanted.status, limit=left, after=page.next_cursor)
        if not more.jobs:
            return page
        document = {**more.document, "jobs": [*page.document["jobs"], *more.document["jobs"]]}
        page = JobPage(
            jobs=[*page.jobs, *more.jobs], next_cursor=more.next_cursor, document=document
        )
    return page


def _document(job: Job) -> Any:
    return job.document


def _cursor(last: Job | None) -> dict[str, int]:
    return {"next_cursor": last.id} if last else {}
