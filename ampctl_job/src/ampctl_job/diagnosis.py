"""What is wrong with a job: all that the server can tell of it, and what to do next."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ampctl.plugin import ApiError, EndpointMissing, format_age
from ampctl_job.models import STOPPING, Fault, Job, Status

if TYPE_CHECKING:
    from ampctl_job.api import Jobs
    from ampctl_job.details import ErrorDetail, JobEvents, Wanted, Worker


def diagnose(
    jobs: Jobs, read_worker: Callable[[str], Worker], job: Job, wanted: Wanted
) -> tuple[Job, list[str]]:
    """Return a job with what is wanted of it, and why some of that is not known.

    What an older server does not offer is not known either, which is not worth a word unless the
    job has failed.

    Args:
        jobs: the client.
        read_worker: reads a worker node by its id; see :class:`~ampctl_job.workers.Workers`.
        job: the job.
        wanted: what is to be found out.
    """
    doubts: list[str] = []
    fault = jobs.fault(job) if wanted.fault else Fault()
    doubts += filter(None, [fault.doubt])
    job = dataclasses.replace(job, fault=fault, log=fault.log)
    try:
        if wanted.log and not (wanted.fault and job.is_failed):
            job = dataclasses.replace(job, log=jobs.events(job.id))
    except EndpointMissing:
        pass
    except ApiError as error:
        doubts.append(error.message)
    try:
        if wanted.worker and job.node_id is not None:
            job = dataclasses.replace(job, worker=read_worker(job.node_id))
    except EndpointMissing:
        pass
    except ApiError as error:
        doubts.append(error.message)
    return job, doubts


def find_fault(jobs: Jobs, job: Job) -> Fault:
    """Return why a job failed; see :meth:`~ampctl_job.Jobs.fault`."""
    if not job.is_failed:
        return Fault()
    known: dict[str, Any] = {}
    doubts = []
    try:
        known |= _read_detail(jobs.progress(job.id).detail)
    except ApiError as error:
        doubts.append(error.message)
    try:
        known |= _read_attempts(job, jobs.events(job.id))
    except ApiError as error:
        doubts.append(error.message)
    return Fault(**known, doubt="; ".join(doubts) or None)


def _read_detail(detail: ErrorDetail | None) -> dict[str, Any]:
    if detail is None:
        return {}
    names = ("error_code", "error_message", "error_context", "oddities")
    return {name: getattr(detail, name) for name in names}


def _read_attempts(job: Job, log: JobEvents) -> dict[str, Any]:
    attempts = sum(event.event_type == Status.SCHEDULED for event in log.events)
    return {"attempts": attempts, "retry_at": job.earliest_retry(attempts), "log": log}


def advise(job: Job, now: datetime.datetime) -> str:
    """Return one line that says what to do next about a job; empty if nothing is known of that."""
    if job.is_active and job.worker is not None and not job.worker.is_alive(now):
        return _advise_on_lost_worker(job, now)
    if job.is_retried:
        at = job.fault.retry_at
        when = f"{format_age(at, now)} at the earliest" if at and at > now else "within a minute"
        return f"The controller schedules it again {when}; `ampctl job rm {job.id}` ends that."
    if job.is_failed:
        again = "it runs again when its dataset is deployed again"
        return f"It is not retried: {again}, and `ampctl job rm {job.id}` removes it."
    if job.status in STOPPING:
        return f"It is being stopped: `ampctl job wait {job.id}` waits for that."
    if job.is_active:
        return f"`ampctl job progress {job.id} --watch` shows how it goes on."
    return f"It has ended: `ampctl job rm {job.id}` removes it." if job.is_terminal else ""


def _advise_on_lost_worker(job: Job, now: datetime.datetime) -> str:
    assert job.worker is not None
    beat_at = job.worker.heartbeat_at
    since = f"gave its last sign of life {format_age(beat_at, now)}" if beat_at else "is not known"
    return f"Look at {job.node_id}, which {since}: without it nothing happens to this job."
