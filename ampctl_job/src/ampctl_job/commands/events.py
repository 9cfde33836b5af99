"""``job events``."""

from __future__ import annotations

import argparse
from typing import Any

from ampctl.plugin import EndpointMissing, Json, Lister, Records
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import event_id, job_id
from ampctl_job.models import JobEvent


class ListEvents(Lister):
    """Show the lifecycle of a job, oldest event first."""

    examples = (
        "ampctl job events 123",
        "ampctl job events 123 --event-id 7 -f yaml",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare which job, or which single event, to look at."""
        parser = super().get_parser(prog_name)
        parser.add_argument("job_id", type=job_id, metavar="ID", help="a job's id")
        parser.add_argument(
            "--event-id", type=event_id, metavar="N", help="only this event, with its detail"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[tuple[str, ...], Any]:
        """Read the events."""
        try:
            if parsed_args.event_id is not None:
                return self._one(parsed_args.job_id, parsed_args.event_id)
            return self._all(parsed_args.job_id)
        except EndpointMissing as error:
            raise EndpointMissing(
                "this server does not offer job events",
                hint="check --admin-url; if it is right, the server is too old for events",
                request=error.request,
                status=error.status,
            ) from error

    def _all(self, job_id: int) -> tuple[tuple[str, ...], Any]:
        log = Jobs(self.client).events(job_id)
        row = columns.event_row(self.runtime.now())
        return columns.EVENTS, Records(log.events, row, lambda _: [log.document])

    def _one(self, job_id: int, event_id: int) -> tuple[tuple[str, ...], Any]:
        event = Jobs(self.client).event(job_id, event_id)
        make = columns.event_row(self.runtime.now())

        def row(event: JobEvent) -> tuple[Any, ...]:
            return (*make(event), Json(event.detail))

        return (*columns.EVENTS, "detail"), Records([event], row, lambda _: [event.document])
