"""``job inspect``."""

from __future__ import annotations

import argparse
import dataclasses

from ampctl.plugin import Answer, ShowOne
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import add_job_ids
from ampctl_job.models import Job
from ampctl_job.oddities import warn_of


class InspectJob(ShowOne):
    """Show everything about jobs.

    In a pipe, without a format asked for, this prints the API's own JSON. Why a job failed is not
    in it, but in the columns: -f json, -f yaml and so on.
    """

    columns = columns.INSPECT
    json_in_pipes = True
    only_reads = True
    examples = (
        "ampctl job inspect 12345",
        "ampctl job get 12345 12346 -f yaml",
        "ampctl job inspect 12345 | jq .status",
        "ampctl job inspect 12345 -f json | jq .error_message",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to show."""
        parser = super().get_parser(prog_name)
        add_job_ids(parser, "all")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Job]:
        """Read the jobs, and of failed ones why, if that is to be shown."""
        jobs = Jobs(self.client)
        wants_descriptor = self.wants(parsed_args, columns.OF_DESCRIPTOR)
        wants_fault = self.wants(parsed_args, columns.FAULT)

        def read(job_id: int) -> Job:
            job = jobs.get(job_id)
            if wants_descriptor:
                warn_of(job.id, job.oddities, self.console)
            return self._explain(job, jobs) if wants_fault else job

        ids = dict.fromkeys(parsed_args.job_ids)
        found = self.for_each(ids, read, concurrent=True)
        return Answer(found, document=lambda job: job.document, is_list=len(ids) > 1)

    def _explain(self, job: Job, jobs: Jobs) -> Job:
        fault = jobs.fault(job)
        warn_of(job.id, fault.oddities, self.console)
        if fault.doubt:
            self.console.warn(f"not all is known of job {job.id}: {fault.doubt}")
        return dataclasses.replace(job, fault=fault)
