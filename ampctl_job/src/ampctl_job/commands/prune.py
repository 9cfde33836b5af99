"""``job prune``."""

from __future__ import annotations

import argparse
import collections
from collections.abc import Iterable, Sequence
from typing import Any

from ampctl.plugin import (
    Answer,
    ApiError,
    Bulk,
    Confirming,
    ConnectError,
    GivenUp,
    Lister,
    RefusedError,
    UnavailableError,
    completes,
    offer,
)
from ampctl_job import outcomes
from ampctl_job.api import Jobs
from ampctl_job.arguments import PRUNE_FILTERS, parse_prune_filter
from ampctl_job.filter_options import Once, add_filters, read_filter
from ampctl_job.filtering import JobFilter
from ampctl_job.looking import name_jobs
from ampctl_job.outcomes import DRY_RUN, Pruned
from ampctl_job.pruning import Shown, describe, find

_CONFLICT = 409

REMOVED, SKIPPED, FAILED = "removed", "skipped", "failed"


class PruneJobs(Bulk, Confirming, Lister):
    """Remove all finished jobs, or those of one status, dataset, worker, kind or age.

    After a yes just the jobs that were counted are removed, one by one; one that has changed
    meanwhile is skipped. Where no one is asked and nothing but --status narrows them, one request
    removes all there are: the counts are of the moment before, as the API tells none.
    """

    columns = outcomes.PRUNE
    examples = (
        "ampctl job prune",
        "ampctl job prune --status completed",
        "ampctl job prune --older 7d --dry-run",
        "ampctl job prune --status error --dataset eth_mainnet/blocks --yes",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to remove."""
        parser = super().get_parser(prog_name)
        status = parser.add_argument(
            "-s",
            "--status",
            action=Once,
            type=parse_prune_filter,
            metavar="STATUS",
            help="terminal (default), completed, stopped, or error (or failed), which is FATAL too",
        )
        completes(status, offer(PRUNE_FILTERS))
        add_filters(parser)
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would be removed, and remove nothing"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Any]:
        """Count, ask, and remove."""
        name = parsed_args.status or "terminal"
        jobs, job_filter = Jobs(self.client), read_filter(parsed_args)
        shown = self._find(jobs, name, job_filter)
        if parsed_args.dry_run:
            return self._preview(shown)
        # Without anything to remove no removal is sent: it would take jobs that no one has seen.
        if not shown:
            return _answer(name, shown, {}, ["There was nothing to remove."])
        is_agreed = self.confirm(parsed_args, f"Remove {describe(shown)}?")
        if is_agreed or job_filter:
            changed = self._find_changed(jobs, name, shown) if is_agreed else []
            results = self._remove_each(jobs, shown, changed)
            self._report(shown, results)
            return _answer(name, shown, results)
        if not self._remove_all(jobs, name):
            return Answer([])  # how many went is not known
        return _answer(
            name,
            shown,
            dict.fromkeys(shown, REMOVED),
            ["These were counted just before: what finished meanwhile was removed with them."],
        )

    def _preview(self, shown: Shown) -> Answer[tuple[str, int]]:
        self.console.say(f"Would remove {describe(shown) if shown else 'nothing'}.")
        counts = collections.Counter(state.status for state in shown.values())
        return Answer(sorted(counts.items()), columns=DRY_RUN)

    def _find(self, jobs: Jobs, name: str, job_filter: JobFilter | None) -> Shown:
        return find(jobs, name, job_filter, self.runtime.now())

    def _find_changed(self, jobs: Jobs, name: str, shown: Shown) -> list[int]:
        """Return the jobs that are not any more as they were shown."""
        now = self._find(jobs, name, None)
        return [job_id for job_id, state in shown.items() if now.get(job_id) != state]

    def _remove_each(self, jobs: Jobs, shown: Shown, changed: Iterable[int]) -> dict[int, str]:
        """Remove the jobs one by one; return what became of those that were tried."""

        def remove(job_id: int) -> tuple[int, str]:
            try:
                jobs.delete(job_id)
            except GivenUp:
                raise
            except ApiError as error:
                if isinstance(error, RefusedError) and error.status == _CONFLICT:
                    return job_id, SKIPPED
                self.note_failure(error)
                return job_id, FAILED
            return job_id, REMOVED

        skipped = dict.fromkeys(changed, SKIPPED)
        unchanged = [job_id for job_id in shown if job_id not in skipped]
        tried = dict(self.for_each(unchanged, remove, changes=True, concurrent=True))
        skipped |= {job_id: result for job_id, result in tried.items() if result == SKIPPED}
        if skipped:
            self.console.warn(f"changed meanwhile, so not removed: job {name_jobs(list(skipped))}")
        return tried

    def _report(self, shown: Shown, results: dict[int, str]) -> None:
        """Tell how many were left, if not all went."""
        counts = collections.Counter(results.values())
        removed, failed = counts[REMOVED], counts[FAILED]
        skipped = len(shown) - removed - failed
        if skipped or failed:
            self.console.say(f"{removed:,} removed, {skipped:,} skipped, {failed:,} failed.")

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


def _answer(
    name: str, shown: Shown, results: dict[int, str], remarks: Sequence[str] = ()
) -> Answer[Pruned]:
    """Return how many of each status went; those without a result were skipped."""
    counts: dict[str, collections.Counter[str]] = {}
    for job_id, state in shown.items():
        result = results.get(job_id, SKIPPED)
        counts.setdefault(state.status, collections.Counter())[result] += 1
    rows = [
        Pruned(status, count[REMOVED], count[SKIPPED], count[FAILED])
        for status, count in sorted(counts.items())
    ]
    none = Pruned(name, 0, 0, 0)._asdict()
    return Answer(rows, document=Pruned._asdict if rows else none, remarks=remarks)


def _list_filter(name: str) -> str:
    return "failed" if name == "error" else name
