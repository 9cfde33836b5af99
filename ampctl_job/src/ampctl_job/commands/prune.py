"""``job prune``."""

from __future__ import annotations

import argparse
import collections
import datetime
from collections.abc import Iterable, Mapping, Sequence

from ampctl.plugin import (
    Answer,
    Confirming,
    ConnectError,
    InvalidAnswer,
    Lister,
    RefusedError,
    UnavailableError,
    UsageError,
    completes,
    offer,
)
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import PRUNE_FILTERS, parse_prune_filter
from ampctl_job.listing import FILTER_IGNORED
from ampctl_job.looking import name_jobs
from ampctl_job.models import Status

_CONFLICT = 409

Shown = Mapping[int, tuple[str, datetime.datetime]]
"""The status of each job that was found, and since when it is in it, by id."""


class PruneJobs(Confirming, Lister):
    """Remove all finished jobs, or those of one status.

    After a yes just the jobs that were counted are removed, one by one. Where no one is asked, one
    request removes all there are: the counts are of the moment before, as the API tells none.
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
        status = parser.add_argument(
            "-s",
            "--status",
            action="append",
            type=parse_prune_filter,
            default=[],
            metavar="STATUS",
            help="terminal (default), completed, stopped, or error (which takes FATAL with it)",
        )
        completes(status, offer(PRUNE_FILTERS))
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[tuple[str, int]]:
        """Count, ask, and remove."""
        if len(parsed_args.status) > 1:
            raise UsageError("--status was given twice, and only one can be pruned at a time")
        jobs = Jobs(self.client)
        name = parsed_args.status[0] if parsed_args.status else "terminal"
        shown = _find(jobs, name)
        # Without anything to remove no removal is sent: it would take jobs that no one has seen.
        if not shown:
            return _answer(name, [], ["There was nothing to remove."])
        counts = collections.Counter(status for status, _ in shown.values())
        question = ", ".join(f"{count:,} {status}" for status, count in sorted(counts.items()))
        if self.confirm(parsed_args, f"Remove {question}?"):
            return _answer(name, self._remove_shown(jobs, name, shown))
        if not self._remove_all(jobs, name):
            return Answer([])  # how many went is not known
        return _answer(
            name,
            (status for status, _ in shown.values()),
            ["These were counted just before: what finished meanwhile was removed with them."],
        )

    def _remove_shown(self, jobs: Jobs, name: str, shown: Shown) -> list[str]:
        """Remove the jobs that were shown and have not changed since; return their statuses."""
        now = _find(jobs, name)
        unchanged = [job_id for job_id, state in shown.items() if now.get(job_id) == state]
        changed = [job_id for job_id, state in shown.items() if now.get(job_id) != state]

        def remove(job_id: int) -> tuple[int, bool]:
            try:
                jobs.delete(job_id)
            except RefusedError as error:
                if error.status != _CONFLICT:
                    raise
                return job_id, False
            return job_id, True

        tried = self.for_each(unchanged, remove, changes=True, concurrent=True)
        changed += [job_id for job_id, is_removed in tried if not is_removed]
        if changed:
            self.console.warn(f"changed meanwhile, so not removed: job {name_jobs(changed)}")
        return [shown[job_id][0] for job_id, is_removed in tried if is_removed]

    def _remove_all(self, jobs: Jobs, name: str) -> bool:
        """Remove all jobs of the filter at once; return whether that was confirmed."""

        def remove(_: str) -> None:
            try:
                jobs.delete_by_status(name)
            except UnavailableError as error:
                if not isinstance(error, ConnectError):
                    left = f"`ampctl job list -s {_list_filter(name)}`"
                    error.hint = f"{left}, which shows what is left: it may have been carried out"
                raise

        return bool(self.for_each([f"the removal of {name} jobs"], remove, changes=True))


def _find(jobs: Jobs, name: str) -> Shown:
    """Return the jobs that a filter takes.

    Raises:
        InvalidAnswer: there are others too, so the server did not apply the filter.
    """
    wanted = PRUNE_FILTERS[name]
    shown = {}
    for job in jobs.iterate(status=",".join(wanted).lower()):
        if job.status in wanted:
            shown[job.id] = (job.status, job.updated_at)
        elif job.status != Status.UNKNOWN:  # as which a newer server treats FAILED
            raise InvalidAnswer(
                f"can't prune {name} jobs: job {job.id} is {job.status}, which was not asked for",
                hint=FILTER_IGNORED,
            )
    return shown


def _answer(
    name: str, removed: Iterable[str], remarks: Sequence[str] = ()
) -> Answer[tuple[str, int]]:
    counts = sorted(collections.Counter(removed).items())
    none = None if counts else {"status": name, "removed": 0}
    return Answer(counts, document=none, remarks=remarks)


def _list_filter(name: str) -> str:
    return "failed" if name == "error" else name
