"""``job inspect``."""

from __future__ import annotations

import argparse
import functools
import itertools
from collections.abc import Callable, Iterator, Sequence

from ampctl.plugin import Answer, ShowOne
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.details import Wanted, Worker
from ampctl_job.models import Job
from ampctl_job.oddities import warn_of
from ampctl_job.selecting import add_selection, select

_MOST_ADVICE = 10


class InspectJob(ShowOne):
    """Show everything about jobs.

    Beside the job itself that is why it failed, when it is tried again, its last five events and
    whether its worker is alive; a person is told what to do next. In a pipe, without a format asked
    for, this prints the API's own JSON, which has none of it: the columns have, as in -f json.
    """

    columns = columns.INSPECT
    json_in_pipes = True
    only_reads = True
    examples = (
        "ampctl job inspect 12345",
        "ampctl job get 12345 12346 -f yaml",
        "ampctl job inspect 12345 | jq .status",
        "ampctl job inspect 12345 -f json | jq .error_message",
        "ampctl job inspect --status failed --since 2h -f json",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to show."""
        parser = super().get_parser(prog_name)
        add_selection(parser, "all")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Job]:
        """Read the jobs, and what else of them is to be shown."""
        jobs = Jobs(self.client)
        wants_descriptor = self.wants(parsed_args, columns.OF_ANY_SHAPE)
        wanted = Wanted(
            fault=self.wants(parsed_args, (*columns.FAULT, columns.TRACE)),
            log=self.wants(parsed_args, [columns.LAST_EVENTS]),
            worker=self.wants(parsed_args, columns.WORKER),
        )

        @functools.cache  # many jobs are on few workers
        def read_worker(node_id: str) -> Worker:
            # Imported here, for the reason that a diagnosis is.
            from ampctl_job.workers import Workers

            return Workers(self.client).get(node_id)

        def read(job_id: int) -> Job:
            job = selection.found.get(job_id) or jobs.get(job_id)
            if wants_descriptor:
                warn_of(job.id, job.oddities, self.console)
            return self._diagnose(jobs, read_worker, job, wanted) if any(wanted) else job

        selection = select(parsed_args, jobs, self.runtime.stdin, self.runtime.now())
        found = self.for_each(selection.ids, read, concurrent=True)
        advice = self._advise(found) if self.wants(parsed_args, ()) else ()
        return Answer(
            found,
            document=lambda job: job.document,
            remarks=itertools.chain(selection.remarks, advice),
            is_list=len(selection.ids) > 1 or not selection.names_each,
        )

    def _diagnose(
        self, jobs: Jobs, read_worker: Callable[[str], Worker], job: Job, wanted: Wanted
    ) -> Job:
        # Imported here: a script that takes a status from the API's own JSON needs no diagnosis.
        from ampctl_job.diagnosis import diagnose

        job, doubts = diagnose(jobs, read_worker, job, wanted)
        warn_of(job.id, job.fault.oddities, self.console)
        if doubts:
            self.console.warn(f"not all is known of job {job.id}: {'; '.join(doubts)}")
        return job

    def _advise(self, found: Sequence[Job]) -> Iterator[str]:
        from ampctl_job.diagnosis import advise

        for job in found[:_MOST_ADVICE]:
            if advice := advise(job, self.runtime.now()):
                yield f"Job {job.id}: {advice}" if len(found) > 1 else advice
