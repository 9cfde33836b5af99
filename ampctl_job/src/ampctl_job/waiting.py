"""Jobs that are waited for: what is known of each, and what became of it."""

from __future__ import annotations

import argparse
import collections
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ampctl.plugin import (
    AccessError,
    ApiError,
    NotFoundError,
    UnavailableError,
    Waiting,
    WaitTimeout,
)
from ampctl_job.api import Jobs
from ampctl_job.goals import REACHED, UNREACHABLE, Goal
from ampctl_job.looking import name_jobs
from ampctl_job.missing import naming_what_is_missing
from ampctl_job.models import Job
from ampctl_job.sights import find_steps, is_deploy, is_listed_sooner, list_those, see

DEPLOYED = "deployed-again"


class Sight(NamedTuple):
    """What is known of a job that is waited for.

    Attributes:
        job_id: the job.
        job: as it was seen last; None if it never was.
        result: what became of it; None while it goes on.
        status: the status that this is known from, which it may have left since.
        reason: why the result could not be another one, if the status does not tell.
        error: why nothing can be known of it.
    """

    job_id: int
    job: Job | None = None
    result: str | None = None
    status: str | None = None
    reason: str | None = None
    error: ApiError | None = None

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing left to wait for."""
        return bool(self.result or self.error)


class JobWait:
    """Looks at jobs again and again, until something has become of each.

    Args:
        command: the command that waits; its options say for how long.
        jobs: the client.
        ids: the jobs.
        goal: what is waited for.

    Attributes:
        sights: what is known of each job, by id.
    """

    def __init__(self, command: Waiting, jobs: Jobs, ids: Iterable[int], goal: Goal) -> None:
        self._command = command
        self._jobs = jobs
        self._goal = goal
        self.sights = {job_id: Sight(job_id) for job_id in ids}

    @property
    def left(self) -> list[int]:
        """The jobs of which nothing has become yet."""
        return [job_id for job_id, sight in self.sights.items() if not sight.is_settled]

    def settle(self, parsed_args: argparse.Namespace) -> Iterator[Sight]:
        """Yield what became of each job as soon as it is known.

        Raises:
            WaitTimeout: the time is up, and some jobs go on; they are named.
            ApiError: the server refuses to tell.
        """
        if not self.sights:
            return
        console, goal = self._command.console, f"jobs to be {self._goal.word}"
        try:
            for settled in self._command.wait(parsed_args, self._look, goal=goal):
                yield from settled
                if not self.left:
                    return
                console.show_status(self._describe())
        except WaitTimeout as error:
            raise WaitTimeout(
                f"{error.message}: {name_jobs(self.left)}", hint="more time, with --timeout"
            ) from error
        finally:
            console.clear_status()

    def _look(self) -> list[Sight]:
        """Look at each job that is left, and return those of which something has become."""
        left = self.left
        listed = list_those(self._jobs, left) if is_listed_sooner(left) else None
        looks = self._command.read_each(left, lambda job_id: self._look_at(job_id, listed))
        # Not before all of them were had: what an outage breaks off is done again.
        self.sights.update({sight.job_id: sight for sight in looks})
        return [sight for sight in looks if sight.is_settled]

    def _look_at(self, job_id: int, listed: Mapping[int, Job] | None) -> Sight:
        before = self.sights[job_id]
        try:
            return self._judge(before, _find(self._jobs, job_id, listed))
        except (UnavailableError, AccessError):
            raise
        except ApiError as error:
            if self._goal.is_deletion and isinstance(error, NotFoundError):
                return before._replace(result=REACHED)
            return before._replace(error=error)

    def _judge(self, before: Sight, job: Job) -> Sight:
        goal, now = self._goal, Sight(job.id, job, status=job.status)
        if goal.is_deletion:
            return now
        if goal.block is not None and self._is_synced(job.id):
            return now._replace(result=REACHED)
        steps = find_steps(self._jobs, before.job, job, all_of_them=goal.fails_on_error)
        earlier = before.status
        for status in steps:
            if is_deploy(earlier, status):
                self._command.console.warn(f"job {job.id} was deployed again meanwhile")
                if goal.ends_at_deploy:
                    return now._replace(result=DEPLOYED)
            # From a status that it has left it was scheduled again.
            is_retried = job.is_retried or status != job.status
            if result := goal.judge(status, is_retried=is_retried):
                return now._replace(result=result, status=status)
            earlier = status
        reason = goal.find_obstacle(job)
        return now._replace(result=reason and UNREACHABLE, reason=reason)

    def _is_synced(self, job_id: int) -> bool:
        with naming_what_is_missing("progress"):
            return self._goal.is_synced(self._jobs.progress(job_id))

    def _describe(self) -> str:
        left, total = self.left, len(self.sights)
        statuses = collections.Counter(self.sights[job_id].status for job_id in left)
        counts = ", ".join(f"{count:,} {status}" for status, count in statuses.most_common())
        return f"{len(left):,} of {total:,} jobs not yet {self._goal.word}: {counts}"


def _find(jobs: Jobs, job_id: int, listed: Mapping[int, Job] | None) -> Job:
    if listed is None:
        return see(jobs, job_id)
    if job_id not in listed:
        raise NotFoundError(
            f"can't read job {job_id}: it is not there any more",
            hint="`ampctl job list --status all`",
        )
    return listed[job_id]
