"""What a person does behind the API: look at the database, add a job, let one fail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from ampctl.plugin import NotFoundError, RefusedError, UsageError
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.engine import is_made_here
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import jobs_status
from ampctl_sandbox.simulation.catalog import FAILURES, FATAL_FAILURES, dataset_of
from ampctl_sandbox.simulation.population import register_workers


class Submitted(NamedTuple):
    """A new job."""

    id: int
    status: str
    dataset: str
    kind: str
    worker: str


def status_counts(store: Store) -> Mapping[str, int]:
    """Return how many jobs there are in each status that some job is in."""
    status = jobs_status.c.status
    statement = sa.select(status, sa.func.count()).group_by(status)
    return store.read(lambda c: {row[0]: row[1] for row in c.execute(statement)})


def submit(
    store: Store, namespace: str, name: str, *, end_block: str | None, worker: str | None
) -> Submitted:
    """Add a ``SCHEDULED`` job for a dataset.

    Args:
        worker: who shall do it; one of the simulated workers if None.

    Raises:
        UsageError: there is no such worker.
    """
    now = store.now()
    if is_made_here(store.engine) and not store.workers():
        store.write(lambda c: register_workers(c, now))
    chosen = _worker(store, worker)
    dataset = dataset_of({"dataset_namespace": namespace, "dataset_name": name})
    descriptor = dataset.descriptor(1, end_block)
    job_id = store.write(lambda c: transitions.create_job(c, chosen, descriptor, now))
    shown = f"{namespace}/{name}@{descriptor['manifest_hash'][:7]}"
    return Submitted(job_id, "SCHEDULED", shown, dataset.kind, chosen)


def fail(store: Store, job_id: int, *, is_fatal: bool) -> str:
    """Let a scheduled or running job fail, and return the status that it has now.

    Raises:
        NotFoundError: there is no such job.
        RefusedError: the job is not scheduled or running.
    """
    target = "FATAL" if is_fatal else "ERROR"
    detail = (FATAL_FAILURES if is_fatal else FAILURES)[0]
    if store.write(lambda c: transitions.move(c, job_id, target, store.now(), detail)):
        return target
    status = store.status(job_id)
    if status is None:
        raise NotFoundError(f"can't fail job {job_id}: there is no such job")
    raise RefusedError(
        f"can't fail job {job_id}: it is {status}", hint="only scheduled and running jobs can fail"
    )


def _worker(store: Store, wanted: str | None) -> str:
    if wanted is not None:
        known = [worker.node_id for worker in store.workers()]
        if wanted not in known:
            names = ", ".join(known)
            raise UsageError(f"there is no worker {wanted!r}", hint=f"one of {names}")
        return wanted
    own = store.simulated_workers()
    if not own:
        raise UsageError("this database has no simulated workers", hint="name one with --worker")
    newest = store.page(limit=1)
    return own[(newest[0].id if newest else 0) % len(own)]
