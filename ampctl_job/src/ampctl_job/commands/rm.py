"""``job rm``."""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple

from ampctl.plugin import Lister, NotFoundError, Records
from ampctl_job.api import Jobs
from ampctl_job.arguments import add_job_ids

_COLUMNS = ("id", "result")


class _Outcome(NamedTuple):
    job_id: int
    result: str


class RemoveJob(Lister):
    """Remove finished jobs.

    A job that is still active is refused: stop it first.
    """

    column_names = _COLUMNS
    examples = ("ampctl job rm 123", "ampctl job remove 123 456 --ignore-not-found")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare which jobs to remove."""
        parser = super().get_parser(prog_name)
        add_job_ids(parser)
        parser.add_argument(
            "--ignore-not-found", action="store_true", help="take a job that is gone for removed"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[tuple[str, ...], Any]:
        """Remove each job."""
        jobs = Jobs(self.client)

        def remove(job_id: int) -> _Outcome:
            return _remove(jobs, job_id, ignore_not_found=parsed_args.ignore_not_found)

        outcomes = self.attempt(dict.fromkeys(parsed_args.job_ids), remove)
        return _COLUMNS, Records(outcomes, tuple, _documents)


def _remove(jobs: Jobs, job_id: int, *, ignore_not_found: bool) -> _Outcome:
    """Remove one job. The API is content to delete what isn't there, so that is asked first."""
    try:
        jobs.get(job_id)
    except NotFoundError:
        if not ignore_not_found:
            raise
        return _Outcome(job_id, "not found")
    jobs.delete(job_id)
    return _Outcome(job_id, "removed")


def _documents(outcomes: Any) -> Any:
    return ({"job_id": outcome.job_id, "result": outcome.result} for outcome in outcomes)
