"""``job stop``."""

from __future__ import annotations

import argparse

from ampctl.plugin import (
    AmpError,
    Answer,
    ApiError,
    Bulk,
    Confirming,
    Lister,
    UsageError,
    Waiting,
)
from ampctl_job import outcomes
from ampctl_job.api import Jobs
from ampctl_job.goals import FAILED, REACHED, STOP
from ampctl_job.looking import look_at
from ampctl_job.models import STOPPING, Job, Status
from ampctl_job.outcomes import Outcome
from ampctl_job.selecting import add_selection, describe_jobs, select
from ampctl_job.waiting import JobWait, Sight

_REQUESTED, _ACCEPTED = "requested", "accepted"
_STOPPING, _FINISHED, _STOPPED = "already-stopping", "already-finished", "stopped"
_RETRIED, _SCHEDULED = "will-be-retried", "scheduled-again"
_GOING_ON = (_RETRIED, _SCHEDULED)


class StopJob(Waiting, Bulk, Confirming, Lister):
    """Ask for jobs to be stopped.

    A stop is a request: the job's worker ends the job a little later. With --wait that is waited
    for, and the exit code is 0 only if each job has really ended, in STOPPED or COMPLETED, and 124
    when the time is up. A job in ERROR is not stopped by a stop, as the controller will schedule it
    again: to end that, remove the job. Jobs that were selected and not named are shown before, and
    a person is asked.
    """

    columns = outcomes.STOP
    timeout_s = 300
    examples = (
        "ampctl job stop 12345",
        "ampctl job stop 12345 12346 --json",
        "ampctl job stop 120-140 --wait --timeout 10m",
        "ampctl job stop --worker worker-eu-1 --yes",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to stop."""
        parser = super().get_parser(prog_name)
        add_selection(parser, "active")
        parser.add_argument("--wait", action="store_true", help="wait until the jobs have ended")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Outcome]:
        """Ask for each job's stop, and see it through if that is wanted."""
        if not parsed_args.wait and (parsed_args.timeout, parsed_args.interval) != (None, None):
            raise UsageError("--timeout and --interval are of use with --wait only")
        jobs = Jobs(self.client)
        selection = select(parsed_args, jobs, self.runtime.stdin, self.runtime.now())
        if selection.found:
            self.confirm(parsed_args, f"Stop {describe_jobs(selection.found)}?")

        def stop(job_id: int) -> Outcome:
            return self._stop(jobs, job_id)

        outcomes = self.for_each(selection.ids, stop, changes=True, concurrent=True)
        if parsed_args.wait:
            outcomes = self._see_through(parsed_args, jobs, outcomes)
        return Answer(outcomes, remarks=selection.remarks)

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
        if fault := _explain(job_id, result, after.status):
            self.note_failure(fault)
        return Outcome(job_id, result, after.status)

    def _see_through(
        self, parsed_args: argparse.Namespace, jobs: Jobs, outcomes: list[Outcome]
    ) -> list[Outcome]:
        """Wait until each job has ended, and return what became of it in the end."""
        ids = [outcome.job_id for outcome in outcomes if outcome.result not in _GOING_ON]
        wait = JobWait(self, jobs, ids, STOP)
        with self.answer_anyway():
            for sight in wait.settle(parsed_args):
                error = sight.error or _explain(sight.job_id, _name_end(sight), sight.status)
                if error:
                    self.note_failure(error)
                    if parsed_args.fail_fast:
                        break
        return [_update(outcome, wait.sights.get(outcome.job_id)) for outcome in outcomes]


def _explain(job_id: int, result: str, status: str | None) -> AmpError | None:
    """Return why a job is not stopped; None if it is, or will be."""
    if result == _RETRIED:
        return AmpError(
            f"job {job_id} is in ERROR, so there is nothing to stop,"
            " but the controller will schedule it again",
            hint=f"`ampctl job rm {job_id}`, which ends that",
        )
    if result == _SCHEDULED:
        return AmpError(
            f"job {job_id} has been scheduled again, by the controller or by a deploy",
            hint=f"`ampctl job stop {job_id}` once more",
        )
    if result == FAILED:
        return AmpError(f"job {job_id} is {status}", hint=f"`ampctl job inspect {job_id}`")
    return None


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


def _name_end(sight: Sight) -> str:
    """Return the result of a stop that was seen through."""
    if sight.result == REACHED:
        return _STOPPED if sight.status == Status.STOPPED else _FINISHED
    if sight.result == FAILED and sight.job and not sight.job.is_active:
        return _RETRIED if sight.job.is_retried else FAILED
    return _SCHEDULED


def _update(outcome: Outcome, sight: Sight | None) -> Outcome:
    """Return what is known of a job after it was waited for."""
    if sight is None or sight.job is None:
        return outcome
    had_ended = outcome.result == _FINISHED and sight.result == REACHED
    result = outcome.result if had_ended or not sight.result else _name_end(sight)
    return Outcome(outcome.job_id, result, sight.status)
