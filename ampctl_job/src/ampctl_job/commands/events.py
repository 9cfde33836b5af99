"""``job events``."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
from collections.abc import Iterator, Sequence
from typing import Any

from ampctl.plugin import (
    AmpError,
    Answer,
    ApiError,
    Column,
    Lister,
    NotFoundError,
    UsageError,
    completes,
    expand_ids,
    offer_list,
    parse_duration,
)
from ampctl_job import columns
from ampctl_job.api import Jobs
from ampctl_job.arguments import (
    FILTER_WORDS,
    add_job_ids,
    parse_count,
    parse_event_id,
    parse_event_types,
)
from ampctl_job.details import JobEvent, JobEvents
from ampctl_job.logbook import EventFilter, Logbook, measure, merge
from ampctl_job.missing import naming_what_is_missing

_INTERVAL_S = 2.0
_EVENT = (*columns.EVENTS, columns.DETAIL)


class ListEvents(Lister):
    """Show the lifecycle of jobs, oldest event first.

    Each event comes with the time since the one before, and a failure with its error. --follow
    goes on until the jobs have ended, through outages of the server; a job in ERROR goes on, since
    the controller schedules it again. The exit code is then 1 if a job has failed permanently.
    """

    columns = (*columns.LOG, columns.OF_JOB, columns.DETAIL)
    only_reads = True
    examples = (
        "ampctl job events 123",
        "ampctl job events 123 --follow --tail 5",
        "ampctl job events 120-140 --type failed --since 2h",
        "ampctl job events 123 --event-id 7 -f yaml",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs, and which of their events to show."""
        parser = super().get_parser(prog_name)
        add_job_ids(parser, "all")
        parser.add_argument("--follow", action="store_true", help="go on until the jobs have ended")
        parser.add_argument(
            "--since", type=parse_duration, metavar="AGE", help="only events of the last AGE"
        )
        parser.add_argument(
            "--tail", type=parse_count, metavar="N", help="only the last N events of each job"
        )
        types = parser.add_argument(
            "--type",
            dest="types",
            type=parse_event_types,
            metavar="TYPE",
            help="only events of these types: statuses separated by commas, or failed, terminal",
        )
        completes(types, offer_list(FILTER_WORDS))
        parser.add_argument(
            "--details", action="store_true", help="show the detail of each event, one request each"
        )
        parser.add_argument(
            "--event-id", type=parse_event_id, metavar="N", help="only this event, with its detail"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Any]:
        """Read the events, or the one that was asked for."""
        ids = expand_ids(parsed_args.job_ids, self.runtime.stdin)
        _check(parsed_args, ids)
        jobs = Jobs(self.client)
        if parsed_args.event_id is not None:
            with naming_what_is_missing("events"):
                event = jobs.event(ids[0], parsed_args.event_id)
            return Answer([event], columns=_EVENT, document=event.document)
        if parsed_args.follow:
            return self._follow(parsed_args, jobs, ids)
        return self._read(parsed_args, jobs, ids)

    def _read(self, parsed_args: argparse.Namespace, jobs: Jobs, ids: Sequence[int]) -> Answer[Any]:
        logs = self.for_each(ids, lambda job_id: _read_log(jobs, job_id), concurrent=True)
        wanted = self._read_filter(parsed_args)
        shown = [self._explain(parsed_args, jobs, wanted.apply(measure(log))) for log in logs]
        if parsed_args.json:
            return Answer(zip(logs, shown, strict=True), columns=(), document=_make_document)
        return Answer(merge(shown), columns=_choose_table(parsed_args, ids))

    def _follow(
        self, parsed_args: argparse.Namespace, jobs: Jobs, ids: Sequence[int]
    ) -> Answer[JobEvent]:
        book = Logbook(ids, self._read_filter(parsed_args))
        return Answer(
            self._iterate(parsed_args, jobs, book),
            columns=_choose_table(parsed_args, ids),
            document=_make_event_document,
            is_live=True,
        )

    def _iterate(
        self, parsed_args: argparse.Namespace, jobs: Jobs, book: Logbook
    ) -> Iterator[JobEvent]:
        """Yield events as they come, until all jobs have ended."""

        def read() -> list[JobEvents | ApiError]:
            return self.read_each(book.left, lambda job_id: _find_log(jobs, job_id))

        for logs in self.poll(read, interval_s=_INTERVAL_S, goal="the end of these jobs"):
            for job_id, error in zip(list(book.left), logs, strict=True):
                if isinstance(error, ApiError):
                    book.left.remove(job_id)
                    self.note_failure(error)
            there = [log for log in logs if not isinstance(log, ApiError)]
            yield from self._explain(parsed_args, jobs, book.take_new(there))
            if not book.left:
                break
        for job_id, status in book.failed.items():
            look = f"`ampctl job inspect {job_id}`"
            self.note_failure(AmpError(f"job {job_id} has ended in {status}", hint=look))

    def _read_filter(self, parsed_args: argparse.Namespace) -> EventFilter:
        since = None
        if parsed_args.since:
            since = self.runtime.now() - datetime.timedelta(seconds=parsed_args.since)
        return EventFilter(parsed_args.types, since, parsed_args.tail)

    def _explain(
        self, parsed_args: argparse.Namespace, jobs: Jobs, events: Sequence[JobEvent]
    ) -> list[JobEvent]:
        """Return the events with those details that are to be shown."""
        wants_all = parsed_args.details or _is_asked(parsed_args, columns.DETAIL)
        wants_errors = self.wants(parsed_args, columns.OF_FAILURE)
        unexplained = [one for one in events if wants_all or (wants_errors and one.is_failure)]
        explained = self.read_each(unexplained, lambda event: self._read_detail(jobs, event))
        by_id = {event.id: event for event in explained}
        return [by_id.get(event.id, event) for event in events]

    def _read_detail(self, jobs: Jobs, event: JobEvent) -> JobEvent:
        # Imported here: many logs have no failures, and are printed without any detail.
        from ampctl_job.schemas import read_error_detail

        assert event.job_id is not None
        try:
            whole = jobs.event(event.job_id, event.id)
        except ApiError as error:
            # The event itself is there, and is not withheld for this.
            self.console.warn(f"the detail of event {event.id} is not known: {error.message}")
            return event
        known = event.is_failure and whole.detail is not None
        error_detail = read_error_detail(whole.detail) if known else None
        return dataclasses.replace(
            event, detail=whole.detail, error=error_detail, document=whole.document
        )


def _check(parsed_args: argparse.Namespace, ids: Sequence[int]) -> None:
    others = (parsed_args.follow, parsed_args.since, parsed_args.types, parsed_args.details)
    if parsed_args.event_id is not None and (any(others) or parsed_args.tail is not None):
        raise UsageError("--event-id shows one event whole, and takes no other choice")
    if parsed_args.event_id is not None and len(ids) != 1:
        raise UsageError("--event-id is about one job", hint="name that job only")
    if parsed_args.follow and parsed_args.sort_columns:
        raise UsageError("what is followed can't be sorted", hint="leave out --sort-column")


def _read_log(jobs: Jobs, job_id: int) -> JobEvents:
    with naming_what_is_missing("events"):
        return jobs.events(job_id)


def _find_log(jobs: Jobs, job_id: int) -> JobEvents | ApiError:
    """Return the log of a job, or that there is no such job, which is not the end of others."""
    try:
        return _read_log(jobs, job_id)
    except NotFoundError as error:
        return error


def _is_asked(parsed_args: argparse.Namespace, column: Column[JobEvent]) -> bool:
    return column.name in (*parsed_args.columns, *parsed_args.sort_columns)


def _choose_table(
    parsed_args: argparse.Namespace, ids: Sequence[int]
) -> Sequence[Column[JobEvent]]:
    """Return the columns; those that would say little are left out unless they are asked for."""
    table = columns.LOG
    if len(ids) > 1 or _is_asked(parsed_args, columns.OF_JOB):
        table = (*table, columns.OF_JOB)
    if parsed_args.details or _is_asked(parsed_args, columns.DETAIL):
        table = (*table, columns.DETAIL)
    return table


def _make_document(read: tuple[JobEvents, Sequence[JobEvent]]) -> Any:
    log, shown = read
    return {**log.document, "events": [event.document for event in shown]}


def _make_event_document(event: JobEvent) -> Any:
    return {"job_id": event.job_id, **event.document}
