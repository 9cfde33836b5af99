"""Cells that take more than a line to make."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from ampctl.plugin import Json, Lines, Short, Timestamp, format_age, format_timestamp, machine_text
from ampctl_job.vocabulary import SHORT_KINDS

if TYPE_CHECKING:
    from ampctl_job.models import Job

_SHOWN_EVENTS = 5


def describe_retry(job: Job, now: datetime.datetime) -> Any:
    """Return a cell: for people, what is sure of a moment that is only the earliest possible."""
    moment = job.fault.retry_at
    if moment is None:
        return Timestamp(None, now)
    human = f"{format_age(moment, now)} at the earliest" if moment > now else "due"
    return Short(format_timestamp(moment), human)


def describe_end(job: Job) -> Any:
    """Return a cell: people are told of a job that has no end."""
    # A null is the documented way to say so, where all else is as documented.
    is_continuous = job.descriptor is not None and job.kind in SHORT_KINDS and not job.oddities
    return Short(job.end_block, "continuous" if is_continuous and not job.end_block else None)


def describe_context(job: Job) -> Any:
    """Return a cell: for people without the stack trace, which has a place of its own."""
    context = job.fault.error_context
    if find_trace(context) is None:
        return Json(context)
    rest = {name: value for name, value in context.items() if name != "stack_trace"}
    return Short(context, machine_text(rest))


def find_trace(context: Any) -> list[str] | None:
    """Return the stack trace in an error's context, if there is one of lines."""
    trace = context.get("stack_trace") if isinstance(context, dict) else None
    is_trace = isinstance(trace, list) and all(isinstance(line, str) for line in trace)
    return trace if is_trace else None


def describe_worker(job: Job, now: datetime.datetime) -> Any:
    """Return a cell: whether the worker is alive, and for people since when that is known."""
    worker = job.worker
    if worker is None:
        return None
    is_alive = worker.is_alive(now)
    seen_at, beat = worker.seen_at or now, "not known"
    if worker.heartbeat_at:
        beat = format_age(worker.heartbeat_at, seen_at)
    return Short(is_alive, f"{'yes' if is_alive else 'no'}, {beat}")


def describe_speed(blocks_per_s: float | None) -> Any:
    """Return a cell of a speed."""
    if blocks_per_s is None:
        return None
    return Short(round(blocks_per_s, 3), f"{blocks_per_s:,.1f}")


def name_moment(moment: datetime.datetime) -> Short:
    """Return a cell that is exact for people too: how long ago says little of an order."""
    shown = moment.astimezone(datetime.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    without_year = shown.partition("-")[2]
    return Short(format_timestamp(moment), shown, without_year)


def describe_log(job: Job, now: datetime.datetime) -> Any:
    """Return a cell with the last events: lines for people, objects for machines."""
    if job.log is None:
        return Lines(None)
    events = job.log.events[-_SHOWN_EVENTS:]
    rows = [(format_timestamp(one.created_at), one.event_type, one.node_id) for one in events]
    values = [
        {"id": event.id, "created_at": moment, "event_type": event_type, "worker": worker}
        for event, (moment, event_type, worker) in zip(events, rows, strict=True)
    ]
    return Lines(["  ".join(text or "-" for text in row) for row in rows], values)
