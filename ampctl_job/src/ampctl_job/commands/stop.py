"""``job stop``."""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple

from ampctl.plugin import Lister, Records
from ampctl_job.api import Jobs
from ampctl_job.arguments import add_job_ids
from ampctl_job.models import STOPPING, TERMINAL

_COLUMNS = ("id", "status", "result")
_REQUESTED, _STOPPING, _FINISHED = "requested", "already stopping", "already finished"


class _Outcome(NamedTuple):
    job_id: int
    status: str
    result: str


class StopJob(Lister):
    """Ask for jobs to be stopped.

    A stop is a request: the job's worker ends the job a little later.
    """

    column_names = _COLUMNS
    examples = ("ampctl job stop 12345", "ampctl job stop 12345 12346 --json")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare which jobs to stop."""
        parser = super().get_parser(prog_name)
        add_job_ids(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[tuple[str, ...], Any]:
        """Ask for each job's stop."""
        jobs = Jobs(self.client)
        ids = dict.fromkeys(parsed_args.job_ids)
        outcomes = self.attempt(ids, lambda job_id: _stop(jobs, job_id))
        return _COLUMNS, Records(outcomes, tuple, _documents)


def _stop(jobs: Jobs, job_id: int) -> _Outcome:
    """Stop one job, and tell from its status before and after what that changed."""
    before = jobs.get(job_id).status
    jobs.stop(job_id)
    if before in STOPPING:
        return _Outcome(job_id, before, _STOPPING)
    # ERROR is not an end for good: the controller may have scheduled the job again by now.
    if before in TERMINAL and before != "ERROR":
        return _Outcome(job_id, before, _FINISHED)
    after = jobs.get(job_id).status
    has_ended = after in TERMINAL and after != "STOPPED"
    return _Outcome(job_id, after, _FINISHED if has_ended else _REQUESTED)


def _documents(outcomes: Any) -> Any:
    return (
        {"job_id": outcome.job_id, "status": outcome.status, "result": outcome.result}
        for outcome in outcomes
    )
