"""``job rm``."""

from __future__ import annotations

import argparse

from ampctl.plugin import Answer, Lister, NotFoundError
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import add_job_ids
from ampctl_job.columns import Outcome


class RemoveJob(Lister):
    """Remove finished jobs.

    A job that is still active is refused: stop it first.
    """

    columns = columns.RM
    examples = ("ampctl job rm 123", "ampctl job remove 123 456 --ignore-not-found")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to remove."""
        parser = super().get_parser(prog_name)
        add_job_ids(parser)
        parser.add_argument(
            "--ignore-not-found", action="store_true", help="treat a missing job as removed"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Outcome]:
        """Remove each job."""
        jobs = Jobs(self.client)
        ignore_not_found = parsed_args.ignore_not_found

        def remove(job_id: int) -> Outcome:
            # The API is content to delete what isn't there, so that is asked first.
            try:
                jobs.get(job_id)
            except NotFoundError:
                if not ignore_not_found:
                    raise
                return Outcome(job_id, "not found")
            jobs.delete(job_id)
            return Outcome(job_id, "removed")

        return Answer(self.for_each(dict.fromkeys(parsed_args.job_ids), remove))
