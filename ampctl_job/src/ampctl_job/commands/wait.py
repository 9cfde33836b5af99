"""``job wait``."""

from __future__ import annotations

import argparse
import dataclasses

from ampctl.plugin import AmpError, Answer, Bulk, Lister, Waiting, completes, offer
from ampctl_job import outcomes
from ampctl_job.api import Jobs
from ampctl_job.goals import FAILED, GOALS, REACHED, Goal, parse_goal
from ampctl_job.outcomes import Outcome
from ampctl_job.selecting import add_selection, select
from ampctl_job.waiting import JobWait, Sight

_GOING_ON = "waiting"


class WaitForJobs(Waiting, Bulk, Lister):
    """Wait until jobs are finished, or in another state.

    The exit code is 0 once all of them are (with --any: one of them), and 124 when the time is up.
    A job that can't be so any more, because it has failed or ended otherwise, is not waited for,
    and makes it 1. The controller schedules a job in ERROR again, so that such a job goes on unless
    --fail-on-error was given.
    """

    columns = outcomes.STOP
    examples = (
        "ampctl job wait 123 124",
        "ampctl job wait 123 --for stopped --timeout 10m",
        "ampctl job wait 120-140 --for running --any",
        "ampctl job wait 123 --for block=19000000 --fail-on-error",
        "ampctl job wait 123 --for completed --timeout 0",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs, and what to wait for."""
        parser = super().get_parser(prog_name)
        add_selection(parser, "active")
        goal = parser.add_argument(
            "--for",
            dest="goal",
            type=parse_goal,
            default="finished",
            metavar="GOAL",
            help="completed, stopped, finished (either of them; default), running, deleted, or"
            " block=N: all tables are synced up to block N",
        )
        completes(goal, offer(GOALS))
        parser.add_argument("--any", action="store_true", help="one of the jobs is enough")
        parser.add_argument(
            "--fail-on-error",
            action="store_true",
            help="treat a job in ERROR as failed, though the controller schedules it again",
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Outcome]:
        """Wait, and return what became of each job."""
        goal = dataclasses.replace(parsed_args.goal, fails_on_error=parsed_args.fail_on_error)
        jobs = Jobs(self.client)
        selection = select(parsed_args, jobs, self.runtime.stdin, self.runtime.now())
        wait = JobWait(self, jobs, selection.ids, goal)
        with self.answer_anyway():
            self._follow(parsed_args, wait, goal)
        seen = [sight for sight in wait.sights.values() if sight.job or sight.result]
        outcomes = [Outcome(one.job_id, one.result or _GOING_ON, one.status) for one in seen]
        return Answer(outcomes, remarks=selection.remarks)

    def _follow(self, parsed_args: argparse.Namespace, wait: JobWait, goal: Goal) -> None:
        """Wait for as long as there is something to wait for, and tell what went wrong."""
        misses = []
        for sight in wait.settle(parsed_args):
            if sight.result == REACHED:
                if parsed_args.any:
                    return
                continue
            miss = sight.error or _explain(sight, goal)
            if parsed_args.any:
                misses.append(miss)
                continue
            self.note_failure(miss)
            if parsed_args.fail_fast:
                return
        for miss in misses:
            self.note_failure(miss)


def _explain(sight: Sight, goal: Goal) -> AmpError:
    look = f"`ampctl job inspect {sight.job_id}`"
    if sight.result == FAILED:
        return AmpError(f"job {sight.job_id} has failed: it is {sight.status}", hint=look)
    reason = sight.reason or f"it is {sight.status}"
    return AmpError(f"job {sight.job_id} can't be {goal.word} any more: {reason}", hint=look)
