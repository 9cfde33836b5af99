"""``job list``."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ampctl.plugin import (
    Answer,
    Cause,
    DocumentStream,
    InvalidAnswer,
    NotFoundError,
    UsageError,
    Watching,
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
from ampctl_job.filter_options import add_filters, read_filter
from ampctl_job.listing import JobPage
from ampctl_job.oddities import warn_of_each
from ampctl_job.ordinary import take_documents
from ampctl_job.remarks import (
    ACTIVE_ONLY,
    Wanted,
    add_remarks,
    find_remarks,
    find_remarks_on_sorted,
)

if TYPE_CHECKING:
    from ampctl_job.models import Job


class ListJobs(Watching):
    """List jobs, newest first.

    Active jobs are shown unless --status says otherwise. Filters that the API does not offer
    (--dataset, --worker, --kind, --since, --older) are applied to as many pages as it takes to
    find --limit jobs. A sorted list of up to 1,000 jobs is sorted before it is cut to --limit.
    """

    columns = columns.LIST
    only_reads = True
    examples = (
        "ampctl job list",
        "ampctl job ls --status scheduled,running",
        "ampctl job list --status failed --since 2h",
        "ampctl job list -s all --dataset eth_mainnet/blocks --worker worker-1",
        "ampctl job list -l 20 -a 500",
        "ampctl job list --watch",
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
        add_filters(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Job]:
        """Fetch one page, or as many as it takes."""
        wanted = _read_wanted(parsed_args)
        jobs = Jobs(self.client)
        failed = self._count_failed(jobs, wanted) if self.console.shows_remarks else ()
        answer = self._choose_way(wanted)(parsed_args, jobs, wanted)
        answer.remarks = itertools.chain(answer.remarks, failed)
        if not parsed_args.status and not self.console.shows_output:
            # What reads this may look for finished jobs in it, and would find none.
            answer.remarks = itertools.chain(answer.remarks, [ACTIVE_ONLY])
        return answer

    def _count_failed(self, jobs: Jobs, wanted: Wanted) -> Iterable[str]:
        # Imported here: a program is not told.
        from ampctl_job.failing import hides_failed, remark_on_failed

        if not hides_failed(wanted.status):
            return ()
        return remark_on_failed(jobs, wanted.filter, self.runtime.now())

    def make_document(self, item: Job) -> Any:
        """Return the API's own document of a job."""
        return item.document

    def find_gone(self, items: Sequence[Job]) -> list[Job]:
        """Return what has become of jobs that are not in the list any more, if they are there."""
        jobs = Jobs(self.client)
        found = self.read_each(items, lambda job: _see_again(jobs, job))
        return [job for job in found if job is not None]

    def _choose_way(self, wanted: Wanted) -> Callable[..., Answer[Job]]:
        if wanted.limit is None:
            return self._walk
        if wanted.is_sorted:
            return self._gather
        return self._walk if wanted.filter or wanted.limit > PAGE_LIMIT else self._read_page

    def _read_page(
        self, parsed_args: argparse.Namespace, jobs: Jobs, wanted: Wanted
    ) -> Answer[Job]:
        limit = wanted.limit or DEFAULT_LIMIT
        try:
            page = _fetch(jobs, wanted, limit)
        except InvalidAnswer as error:
            if error.cause is not Cause.TOO_LARGE:
                raise
            return self._walk(parsed_args, jobs, wanted)  # which asks for smaller pages
        # Some servers send a cursor with their last jobs too.
        after = page.next_cursor if len(page.jobs) == limit else None
        return Answer(
            batches=self._warn(parsed_args, [page.jobs]),
            document=page.document,
            remarks=find_remarks(wanted, len(page.jobs), after),
        )

    def _walk(self, parsed_args: argparse.Namespace, jobs: Jobs, wanted: Wanted) -> Answer[Job]:
        remarks: list[str] = []
        pages = self._warn(parsed_args, self._find(jobs, wanted, wanted.limit))
        return Answer(
            batches=add_remarks(pages, wanted, remarks),
            document=DocumentStream("jobs", _document, _cursor, take_documents),
            remarks=remarks,
        )

    def _gather(self, parsed_args: argparse.Namespace, jobs: Jobs, wanted: Wanted) -> Answer[Job]:
        """Find all jobs, to be sorted before they are cut, unless they are too many."""
        limit = wanted.limit or DEFAULT_LIMIT
        most = max(limit, PAGE_LIMIT)
        pages = self._warn(parsed_args, self._find(jobs, wanted, most))
        found = [job for page in pages for job in page]
        if len(found) < most:
            return Answer(found, limit=limit, remarks=find_remarks_on_sorted(wanted, len(found)))
        shown = found[:limit]
        return Answer(shown, remarks=find_remarks(wanted, limit, shown[-1].id))

    def _find(self, jobs: Jobs, wanted: Wanted, limit: int | None) -> Iterator[Sequence[Job]]:
        """Return the pages of wanted jobs, up to a limit, as they are asked for."""
        if wanted.filter is None:
            return jobs.iterate_pages(status=wanted.status, limit=limit, after=wanted.after)
        # Imported here: most lists are not filtered.
        from ampctl_job.filtering import filter_pages

        pages = jobs.iterate_pages(status=wanted.status, after=wanted.after)
        return filter_pages(pages, wanted.filter, limit=limit, now=self.runtime.now())

    def _warn(
        self, parsed_args: argparse.Namespace, pages: Iterable[Sequence[Job]]
    ) -> Iterable[Sequence[Job]]:
        """Return the pages, with warnings if what is odd about them is shown."""
        if self.wants(parsed_args, columns.OF_ANY_SHAPE):
            return warn_of_each(pages, self.console)
        return pages


def _read_wanted(parsed_args: argparse.Namespace) -> Wanted:
    if parsed_args.all and parsed_args.limit:
        raise UsageError("--all and --limit exclude each other", hint="use one of them")
    return Wanted(
        status=unite_filters(parsed_args.status or ["active"]),
        after=parsed_args.after,
        limit=None if parsed_args.all else parsed_args.limit or DEFAULT_LIMIT,
        is_sorted=bool(parsed_args.sort_columns),
        filter=read_filter(parsed_args),
    )


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


def _see_again(jobs: Jobs, job: Job) -> Job | None:
    # Imported here: most lists are not watched.
    from ampctl_job.sights import see

    try:
        return see(jobs, job.id)
    except NotFoundError:
        return None


def _document(job: Job) -> Any:
    return job.document


def _cursor(last: Job | None) -> dict[str, int]:
    return {"next_cursor": last.id} if last else {}
