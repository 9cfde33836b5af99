"""``job rm``."""

from __future__ import annotations

import argparse
import collections
from collections.abc import Mapping

from ampctl.plugin import (
    Answer,
    ApiError,
    Confirming,
    ConnectError,
    Lister,
    NotFoundError,
    RefusedError,
)
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import add_job_ids
from ampctl_job.columns import Outcome
from ampctl_job.looking import Look, look_at, name_jobs
from ampctl_job.models import STOPPING

_REMOVED, _NOT_FOUND, _UNSEEN = "removed", "not-found", "removed-or-missing"

_CONFLICT = 409


class RemoveJob(Confirming, Lister):
    """Remove finished jobs.

    A job that is still active is refused: stop it first. Several jobs are shown before, and a
    person is asked.
    """

    columns = columns.RM
    examples = ("ampctl job rm 123", "ampctl job remove 123 456 --ignore-not-found")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to remove."""
        parser = super().get_parser(prog_name)
        add_job_ids(parser, "terminal")
        parser.add_argument(
            "--ignore-not-found", action="store_true", help="treat a missing job as removed"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Outcome]:
        """Look at each job, ask if there are several, and remove them."""
        jobs = Jobs(self.client)
        ids = list(dict.fromkeys(parsed_args.job_ids))
        looks = dict(zip(ids, self.read_each(ids, lambda job_id: _look(jobs, job_id)), strict=True))
        there = {job_id: look for job_id, look in looks.items() if isinstance(look, Look)}
        if len(looks) > 1 and there:
            self.confirm(parsed_args, f"Remove {_describe(there)}?")

        def remove(job_id: int) -> Outcome:
            try:
                return self._remove(jobs, job_id, looks[job_id])
            except NotFoundError:
                if not parsed_args.ignore_not_found:
                    raise
                return Outcome(job_id, _NOT_FOUND)

        return Answer(self.for_each(looks, remove, changes=True, concurrent=True))

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


def _describe(looks: Mapping[int, Look]) -> str:
    statuses = (look.job.status if look.job else "unseen" for look in looks.values())
    counts = sorted(collections.Counter(statuses).items())
    shown = ", ".join(f"{count:,} {status}" for status, count in counts)
    noun = "job" if len(looks) == 1 else "jobs"
    return f"{shown}: {noun} {name_jobs(list(looks))}"


def _advise(job_id: int, look: Look) -> str:
    if look.job and look.job.status in STOPPING:
        return f"wait until it has stopped: `ampctl job inspect {job_id}`"
    return f"`ampctl job stop {job_id}` first"
