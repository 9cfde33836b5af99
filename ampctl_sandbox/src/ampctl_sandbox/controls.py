"""What a person does behind the API: deploy a job, let one fail, delete everything."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import sqlalchemy as sa

from ampctl.plugin import NotFoundError, RefusedError, UsageError
from ampctl_job.models import Status
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.deploys import ActiveJobConflict, deploy
from ampctl_sandbox.database.queries import (
    count_jobs,
    find_page,
    find_simulated_workers,
    find_status,
    find_workers,
)
from ampctl_sandbox.database.schema import delete_all_rows, is_made_here
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.simulation.catalog import FAILURES, FATAL_FAILURES, find_dataset
from ampctl_sandbox.simulation.workers import register_workers


class SubmittedJob(NamedTuple):
    """The job of a deploy, new or not."""

    id: int
    status: str
    dataset: str
    kind: str
    worker: str


def submit_job(
    store: Store, namespace: str, name: str, *, end_block: str | None, worker: str | None
) -> SubmittedJob:
    """Deploy a dataset: its job is scheduled, and added if there is none yet.

    Args:
        worker: the node that is to do it; one of the simulated workers if None.

    Raises:
        UsageError: there is no such worker.
        RefusedError: the job is scheduled or running with other options.
    """
    now = store.now()
    if is_made_here(store.engine) and not store.read(find_workers):
        store.write(register_workers, now)
    node_id = _choose_worker(store) if worker is None else _check_worker(store, worker)
    dataset = find_dataset({"dataset_namespace": namespace, "dataset_name": name})
    descriptor = dataset.make_descriptor(1, end_block)
    shown = f"{namespace}/{name}@{descriptor['manifest_hash'][:7]}"
    try:
        job = store.write(deploy, node_id, descriptor, now)
    except ActiveJobConflict as error:
        raise RefusedError(
            f"can't submit {shown}: {error}", hint=f"stop it first: ampctl job stop {error.job.id}"
        ) from error
    return SubmittedJob(job.id, job.status, shown, dataset.kind, job.node_id)


def fail_job(store: Store, job_id: int, *, is_fatal: bool) -> str:
    """Let a scheduled or running job fail, and return the status that it has now.

    Raises:
        NotFoundError: there is no such job.
        RefusedError: the job is not scheduled or running.
    """
    target = Status.FATAL if is_fatal else Status.ERROR
    detail = (FATAL_FAILURES if is_fatal else FAILURES)[0]
    if store.write(transitions.move, job_id, target, store.now(), detail):
        return target
    status = store.read(find_status, job_id)
    if status is None:
        raise NotFoundError(f"can't fail job {job_id}: there is no such job")
    raise RefusedError(
        f"can't fail job {job_id}: it is {status}", hint="only scheduled and running jobs can fail"
    )


def reset(connection: sa.Connection, now: datetime.datetime) -> int:
    """Delete everything but the simulated workers, and return how many jobs there were."""
    count = count_jobs(connection)
    has_own_workers = bool(find_simulated_workers(connection))
    delete_all_rows(connection)
    if has_own_workers:
        # A sandbox that is serving this database would otherwise go on without any.
        register_workers(connection, now)
    return count


def _check_worker(store: Store, node_id: str) -> str:
    known = [worker.node_id for worker in store.read(find_workers)]
    if node_id not in known:
        raise UsageError(f"there is no worker {node_id!r}", hint=f"one of {', '.join(known)}")
    return node_id


def _choose_worker(store: Store) -> str:
    own = store.read(find_simulated_workers)
    if not own:
        raise UsageError("this database has no simulated workers", hint="name one with --worker")
    newest = store.read(find_page, limit=1)
    return own[(newest[0].id if newest else 0) % len(own)]
