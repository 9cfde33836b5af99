"""``job inspect``."""

from __future__ import annotations

import argparse
import datetime
from typing import Any, NamedTuple

from ampctl.plugin import ApiError, Json, Records, ShowEach, Timestamp
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import add_job_ids
from ampctl_job.models import FAILED, ErrorDetail, Job

_COLUMNS = (
    *columns.LIST,
    "end_block",
    "descriptor",
    "error_code",
    "error_message",
    "error_context",
    "attempts",
    "retry_at",
)


class _Fault(NamedTuple):
    """What is known of a failed job beyond its status.

    ``attempts`` counts how often it was scheduled; ``retry_at`` is when the controller
    schedules it again.
    """

    detail: ErrorDetail | None = None
    attempts: int | None = None
    retry_at: datetime.datetime | None = None


class InspectJob(ShowEach):
    """Show everything about jobs.

    In a pipe, without a format asked for, this prints the API's own JSON.
    """

    column_names = _COLUMNS
    examples = (
        "ampctl job inspect 12345",
        "ampctl job get 12345 12346 -f yaml",
        "ampctl job inspect 12345 | jq .status",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare which jobs to show."""
        parser = super().get_parser(prog_name)
        add_job_ids(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[tuple[str, ...], Any]:
        """Read the jobs."""
        wants_format = parsed_args.formatter or parsed_args.columns
        parsed_args.json |= not (wants_format or self.console.shows_output)
        ids = dict.fromkeys(parsed_args.job_ids)
        self.is_list = len(ids) > 1
        jobs = self.attempt(ids, Jobs(self.client).get)
        return _COLUMNS, Records(jobs, self._row, lambda jobs: (job.document for job in jobs))

    def _row(self, job: Job) -> tuple[Any, ...]:
        now = self.runtime.now()
        fault = self._fault(job)
        detail = fault.detail
        descriptor = job.descriptor
        return (
            *columns.job_row(now)(job),
            descriptor.end_block if descriptor else None,
            Json(descriptor.document if descriptor else None),
            detail.error_code if detail else None,
            detail.error_message if detail else None,
            Json(detail.error_context if detail else None),
            fault.attempts,
            Timestamp(fault.retry_at, now),
        )

    def _fault(self, job: Job) -> _Fault:
        """Ask what happened to a failed job; a server that can't tell is no reason to fail."""
        if job.status not in FAILED:
            return _Fault()
        jobs = Jobs(self.client)
        fault = _Fault()
        try:
            fault = fault._replace(detail=jobs.progress(job.id).detail)
            events = jobs.events(job.id).events
        except ApiError as error:
            self.console.warn(f"not all is known of job {job.id}: {error.message}")
            return fault
        attempts = sum(event.event_type == "SCHEDULED" for event in events)
        retry_at = _retry_at(job, attempts) if job.status == "ERROR" else None
        return fault._replace(attempts=attempts, retry_at=retry_at)


def _retry_at(job: Job, attempts: int) -> datetime.datetime | None:
    """Return when the controller retries: 2^n seconds after the n-th attempt failed."""
    try:
        return job.updated_at + datetime.timedelta(seconds=2**attempts)
    except OverflowError:
        return None
