"""``job rm``."""

from __future__ import annotations

import argparse

from ampctl.plugin import (
    AmpError,
    Answer,
    ApiError,
    Bulk,
    Confirming,
    ConnectError,
    Lister,
    NotFoundError,
    RefusedError,
    UsageError,
    Waiting,
)
from ampctl_job import outcomes
from ampctl_job.api import Jobs
from ampctl_job.goals import END, REACHED
from ampctl_job.looking import Look, look_at
from ampctl_job.models import STOPPING
from ampctl_job.outcomes import Outcome
from ampctl_job.selecting import Selection, add_selection, describe_jobs, select
from ampctl_job.waiting import JobWait

_REMOVED, _NOT_FOUND, _UNSEEN = "removed", "not-found", "removed-or-missing"

_CONFLICT = 409

Looks = dict[int, Look | ApiError]
"""What is known of each job before anything is done, or why nothing is."""


class RemoveJob(Waiting, Bulk, Confirming, Lister):
    """Remove finished jobs.

    A job that is still active is refused; with --stop it is stopped, and removed once it has ended.
    Several jobs, and those that were selected and not named, are shown before, and a person is
    asked.
    """

    columns = outcomes.RM
    timeout_s = 300
    examples = (
        "ampctl job rm 123",
        "ampctl job remove 123 456 --ignore-not-found",
        "ampctl job rm 120-140 --stop --timeout 10m",
        "ampctl job rm --status fatal --dataset eth_mainnet/blocks --older 7d",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to remove."""
        parser = super().get_parser(prog_name)
        add_selection(parser, "terminal")
        parser.add_argument(
            "--stop", action="store_true", help="stop jobs that are active, and wait for their end"
        )
        parser.add_argument(
            "--ignore-not-found", action="store_true", help="treat a missing job as removed"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Outcome]:
        """Look at each job, ask if there are several, and remove them."""
        if not parsed_args.stop and (parsed_args.timeout, parsed_args.interval) != (None, None):
            raise UsageError("--timeout and --interval are of use with --stop only")
        jobs = Jobs(self.client)
        selection = select(parsed_args, jobs, self.runtime.stdin, self.runtime.now())
        looks = self._look_at_all(jobs, selection)
        there = {job_id: look.job for job_id, look in looks.items() if isinstance(look, Look)}
        if there and (len(looks) > 1 or not selection.is_by_name):
            what = "Stop and remove" if parsed_args.stop else "Remove"
            self.confirm(parsed_args, f"{what} {describe_jobs(there)}?")
        if parsed_args.stop:
            looks = self._end(parsed_args, jobs, looks)

        def remove(job_id: int) -> Outcome:
            try:
                return self._remove(jobs, job_id, looks[job_id])
            except NotFoundError:
                if not parsed_args.ignore_not_found:
                    raise
                return Outcome(job_id, _NOT_FOUND)

        outcomes = self.for_each(looks, remove, changes=True, concurrent=True)
        return Answer(outcomes, remarks=selection.remarks)

    def _look_at_all(self, jobs: Jobs, selection: Selection) -> Looks:
        if selection.found:
            return {job_id: Look(job) for job_id, job in selection.found.items()}
        ids = selection.ids
        return dict(zip(ids, self.read_each(ids, lambda job_id: _look(jobs, job_id)), strict=True))

    def _end(self, parsed_args: argparse.Namespace, jobs: Jobs, looks: Looks) -> Looks:
        """Stop what has not ended, wait until it has, and return all that can be removed now."""

        def stop(job_id: int) -> int:
            jobs.stop(job_id)
            return job_id

        active = [job_id for job_id, look in looks.items() if _is_to_be_stopped(look)]
        asked = self.for_each(active, stop, changes=True, concurrent=True)
        wait = JobWait(self, jobs, asked, END)
        ready = {job_id: look for job_id, look in looks.items() if job_id not in set(active)}
        with self.answer_anyway():
            for sight in wait.settle(parsed_args):
                if sight.error or sight.result == REACHED:
                    ready[sight.job_id] = sight.error or Look(sight.job)
                else:
                    self.note_failure(_describe_deploy(sight.job_id))
        return {job_id: ready[job_id] for job_id in looks if job_id in ready}

    def _remove(self, jobs: Jobs, job_id: int, look: Look | ApiError) -> Outcome:
        if isinstance(look, ApiError):
            raise look
        try:
            jobs.delete(job_id)
        except RefusedError as error:
            if error.status == _CONFLICT:
                error.hint = _advise(job_id, look)
            raise
        if look.doubt:
            self.console.warn(f"job {job_id} was not seen before its removal: {look.doubt}")
        return Outcome(job_id, _UNSEEN if look.doubt else _REMOVED)


def _look(jobs: Jobs, job_id: int) -> Look | ApiError:
    # The API is content to delete what isn't there, so that is asked first.
    try:
        return look_at(jobs, job_id, action=f"remove job {job_id}")
    except ConnectError:
        raise  # nothing was sent to this server, and nothing will be
    except ApiError as error:
        return error


def _is_to_be_stopped(look: Look | ApiError) -> bool:
    return isinstance(look, Look) and not (look.job and look.job.is_terminal)


def _describe_deploy(job_id: int) -> AmpError:
    return AmpError(
        f"job {job_id} was deployed again while it was to stop, so it was not removed",
        hint=f"`ampctl job rm {job_id} --stop` once more",
    )


def _advise(job_id: int, look: Look) -> str:
    if look.job and look.job.status in STOPPING:
        return f"wait until it has stopped: `ampctl job wait {job_id}`"
    return f"`ampctl job rm {job_id} --stop`, or `ampctl job stop {job_id}` first"
