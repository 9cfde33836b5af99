"""A deploy: there is one job for each kind, dataset and hash, and it is scheduled again."""

from __future__ import annotations

import datetime
import hashlib

import sqlalchemy as sa

from ampctl_job.models import Status
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.queries import JobRow, find_job
from ampctl_sandbox.database.tables import job_events, jobs
from ampctl_sandbox.database.transitions import Detail

# Any number does; it keeps two deploys from adding the same job at once.
_DEPLOY_LOCK = 0x616D71
_IDENTITY = ("kind", "dataset_namespace", "dataset_name", "manifest_hash")


class ActiveJobConflict(Exception):
    """The job is scheduled or running, with other options.

    Attributes:
        job: as it is.
    """

    def __init__(self, job: JobRow) -> None:
        super().__init__(f"job {job.id} is {job.status} with other options")
        self.job = job


def deploy(
    connection: sa.Connection, node_id: str, descriptor: Detail, now: datetime.datetime
) -> JobRow:
    """Schedule the job of a descriptor's kind, dataset and hash, and return it.

    It is added if there is none. One that is scheduled or running already stays as it is.

    Raises:
        ActiveJobConflict: it is scheduled or running with another descriptor.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_DEPLOY_LOCK)))
    key = _make_key(descriptor)
    job_id = _find_same(connection, descriptor, key)
    if job_id is None:
        job_id = transitions.create_job(connection, node_id, descriptor, now, idempotency_key=key)
    else:
        transitions.schedule_again(connection, job_id, node_id, descriptor, now)
    job = find_job(connection, job_id)
    assert job is not None
    if job.descriptor != descriptor:
        raise ActiveJobConflict(job)
    return job


def _make_key(descriptor: Detail) -> str:
    identity = "{kind}:{dataset_namespace}/{dataset_name}@{manifest_hash}".format_map(descriptor)
    return hashlib.sha256(identity.encode()).hexdigest()


def _find_same(connection: sa.Connection, descriptor: Detail, key: str) -> int | None:
    # By descriptor too, since others make their keys in ways of their own.
    is_same = (job_events.c.detail[name].as_string() == descriptor[name] for name in _IDENTITY)
    deployed = sa.select(job_events.c.job_id).where(
        job_events.c.event_type == Status.SCHEDULED, *is_same
    )
    same = sa.or_(jobs.c.idempotency_key == key, jobs.c.id.in_(deployed))
    statement = sa.select(jobs.c.id).where(same).order_by(jobs.c.id.desc()).limit(1)
    return connection.execute(statement).scalar()
