"""``job stop``."""

from __future__ import annotations

import argparse

from ampctl.plugin import AmpError, Answer, ApiError, Lister
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import add_job_ids
from ampctl_job.columns import Outcome
from ampctl_job.looking import look_at
from ampctl_job.models import STOPPING, Job, Status

_REQUESTED, _ACCEPTED = "requested", "accepted"
_STOPPING, _FINISHED = "already-stopping", "already-finished"
_RETRIED, _SCHEDULED = "will-be-retried", "scheduled-again"


class StopJob(Lister):
    """Ask for jobs to be stopped.

    A stop is a request: the job's worker ends the job a little later. A job in ERROR is not
    stopped by it, as the controller will schedule it again: to end that, remove the job.
    """

    columns = columns.STOP
    examples = ("ampctl job stop 12345", "ampctl job stop 12345 12346 --json")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to stop."""
        parser = super().get_parser(prog_name)
        add_job_ids(parser, "active")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Outcome]:
        """Ask for each job's stop."""
        jobs = Jobs(self.client)
        ids = dict.fromkeys(parsed_args.job_ids)

        def stop(job_id: int) -> Outcome:
            return self._stop(jobs, job_id)

        return Answer(self.for_each(ids, stop, changes=True, concurrent=True))

    def _stop(self, jobs: Jobs, job_id: int) -> Outcome:
        """Stop one job, and tell from its status before and after what that changed."""
        before, doubt = look_at(jobs, job_id, action=f"stop job {job_id}")
        jobs.stop(job_id)
        if doubt:
            self.console.warn(f"job {job_id} was not seen before its stop: {doubt}")
        if before and (before.status in STOPPING or _has_ended(before)):
            result = _STOPPING if before.status in STOPPING else _FINISHED
            return Outcome(job_id, result, before.status)
        try:
            after = jobs.get(job_id)
        except ApiError as error:
            self.console.warn(f"the stop of job {job_id} was accepted, but then: {error.message}")
            return Outcome(job_id, _ACCEPTED)
        result = _judge(before, after)
        self._note_if_it_goes_on(job_id, result)
        return Outcome(job_id, result, after.status)

    def _note_if_it_goes_on(self, job_id: int, result: str) -> None:
        if result == _RETRIED:
            self.note_failure(
                AmpError(
                    f"job {job_id} is in ERROR, so there is nothing to stop,"
                    " but the controller will schedule it again",
                    hint=f"`ampctl job rm {job_id}`, which ends that",
                )
            )
        elif result == _SCHEDULED:
            self.note_failure(
                AmpError(
                    f"job {job_id} was in ERROR, and the controller has scheduled it again",
                    hint=f"`ampctl job stop {job_id}` once more",
                )
            )


def _judge(before: Job | None, after: Job) -> str:
    """Return the result of a stop that the server accepted."""
    if after.is_retried:
        return _RETRIED
    if after.status in (*STOPPING, Status.STOPPED):
        return _REQUESTED if before else _ACCEPTED
    if after.is_terminal:
        return _FINISHED
    if before and before.status == Status.ERROR and after.is_active:
        return _SCHEDULED
    return _ACCEPTED


def _has_ended(job: Job) -> bool:
    # A job in ERROR may have been scheduled again by now.
    return job.is_terminal and not job.is_retried
