"""``job stop``."""

from __future__ import annotations

import argparse

from ampctl.plugin import Answer, Lister
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import add_job_ids
from ampctl_job.columns import Outcome
from ampctl_job.models import STOPPING, TERMINAL, Status

_REQUESTED, _STOPPING, _FINISHED = "requested", "already stopping", "already finished"


class StopJob(Lister):
    """Ask for jobs to be stopped.

    A stop is a request: the job's worker ends the job a little later.
    """

    columns = columns.STOP
    examples = ("ampctl job stop 12345", "ampctl job stop 12345 12346 --json")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to stop."""
        parser = super().get_parser(prog_name)
        add_job_ids(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Outcome]:
        """Ask for each job's stop."""
        jobs = Jobs(self.client)
        ids = dict.fromkeys(parsed_args.job_ids)
        return Answer(self.for_each(ids, lambda job_id: _stop(jobs, job_id)))


def _stop(jobs: Jobs, job_id: int) -> Outcome:
    """Stop one job, and tell from its status before and after what that changed."""
    before = jobs.get(job_id).status
    jobs.stop(job_id)
    if before in STOPPING:
        return Outcome(job_id, _STOPPING, before)
    # ERROR does not end a job permanently: the controller may have scheduled it again by now.
    if before in TERMINAL and before != Status.ERROR:
        return Outcome(job_id, _FINISHED, before)
    after = jobs.get(job_id).status
    has_ended = after in TERMINAL and after != Status.STOPPED
    return Outcome(job_id, _FINISHED if has_ended else _REQUESTED, after)
