"""``job events``."""

from __future__ import annotations

import argparse

from ampctl.plugin import Answer, Lister
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import add_job_id, parse_event_id
from ampctl_job.details import JobEvent
from ampctl_job.missing import naming_what_is_missing


class ListEvents(Lister):
    """Show the lifecycle of a job, oldest event first."""

    only_reads = True
    examples = (
        "ampctl job events 123",
        "ampctl job events 123 --event-id 7 -f yaml",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the job, or the single event, to look at."""
        parser = super().get_parser(prog_name)
        add_job_id(parser)
        parser.add_argument(
            "--event-id", type=parse_event_id, metavar="N", help="only this event, with its detail"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[JobEvent]:
        """Read the events, or the one that was asked for."""
        jobs = Jobs(self.client)
        with naming_what_is_missing("events"):
            if parsed_args.event_id is None:
                log = jobs.events(parsed_args.job_id)
                return Answer(log.events, columns=columns.EVENTS, document=log.document)
            event = jobs.event(parsed_args.job_id, parsed_args.event_id)
            return Answer([event], columns=columns.EVENT, document=event.document)
