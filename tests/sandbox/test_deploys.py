"""Deploys: one job for each kind, dataset and hash."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl.testing.runner import invoke
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.deploys import ActiveJobConflict, deploy
from ampctl_sandbox.database.queries import JobRow, count_jobs, find_events, find_job
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.testing import make_descriptor, make_job, make_worker
from tests.sandbox.conftest import Clock
from tests.sandbox.test_transitions import at_once

DESCRIPTOR = make_descriptor()


def deploy_now(store: Store, worker: str = "worker-1", **members: Any) -> JobRow:
    return store.write(deploy, worker, {**DESCRIPTOR, **members}, store.now())


@pytest.mark.parametrize(
    "status", ["STOP_REQUESTED", "STOPPING", "COMPLETED", "STOPPED", "ERROR", "FATAL"]
)
def test_a_deploy_schedules_the_same_job_again(store: Store, clock: Clock, status: str) -> None:
    make_worker(store, "worker-2")
    job = make_job(store, status)
    before = store.read(find_job, job)
    clock.advance(1)

    row = deploy_now(store, "worker-2", end_block="7")

    assert (row.id, row.created_at) == (job, before.created_at)
    assert (row.status, row.node_id) == ("SCHEDULED", "worker-2")
    assert row.updated_at > before.updated_at
    assert row.descriptor == {**DESCRIPTOR, "end_block": "7"}
    assert store.read(find_events, job)[-1].event_type == "SCHEDULED"


@pytest.mark.parametrize("status", ["SCHEDULED", "RUNNING"])
def test_a_deploy_of_an_active_job_changes_nothing(store: Store, status: str) -> None:
    job = make_job(store, status)
    before = store.read(find_job, job), store.read(find_events, job)

    assert deploy_now(store).id == job
    with pytest.raises(ActiveJobConflict) as caught:
        deploy_now(store, end_block="7")

    assert caught.value.job.id == job
    assert (store.read(find_job, job), store.read(find_events, job)) == before


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "materialize-derived"},
        {"dataset_namespace": "x"},
        {"dataset_name": "x"},
        {"manifest_hash": "0" * 64},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_kind_dataset_or_hash_is_another_job(store: Store, other: dict[str, str]) -> None:
    make_job(store, "STOPPED", descriptor={**DESCRIPTOR, **other})

    deploy_now(store)

    assert store.read(count_jobs) == 2


def test_a_job_that_has_lost_its_descriptor_is_known_by_its_key(store: Store) -> None:
    make_worker(store)
    job = deploy_now(store).id
    store.write(transitions.move, job, "FATAL", store.now(), {"error_code": "X"})
    store.write(lambda c: c.exec_driver_sql("UPDATE job_events SET detail = NULL"))

    assert deploy_now(store).id == job


def test_deploys_at_once_make_one_job(store: Store) -> None:
    make_worker(store)

    rows = at_once([lambda: deploy_now(store)] * 8)

    assert len({row.id for row in rows}) == 1
    assert store.read(count_jobs) == 1


def test_submit_deploys(sqlite_url: str) -> None:
    submit = ("sandbox", "submit", "a/b", "--database-url", sqlite_url)

    first, second = (invoke(*submit, "-f", "json").json for _ in range(2))
    refused = invoke(*submit, "--end-block", "7", expect=6)

    assert first == second
    assert "job 1 is SCHEDULED with other options" in refused.stderr
    assert "ampctl job stop 1" in refused.stderr
