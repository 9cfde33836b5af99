"""The made-up past."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from ampctl_job import schemas
from ampctl_job.models import STATUSES
from ampctl_sandbox.api.service import Service
from ampctl_sandbox.database.queries import (
    find_page,
    has_jobs,
)
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.simulation import population
from ampctl_sandbox.simulation.population import populate
from ampctl_sandbox.testing import Sandbox, live_sandbox
from tests.sandbox.conftest import Clock
from tests.sandbox.test_transitions import at_once


def statuses(store: Store) -> list[str]:
    return [row.status for row in store.read(find_page, limit=1000)]


@pytest.mark.parametrize("count", [8, 30, 1100])
def test_a_population_has_as_many_jobs_as_asked_in_all_states(store: Store, count: int) -> None:
    populate(store, count)

    rows = list(store.read(find_page, limit=1000))
    rows += store.read(find_page, limit=1000, after=rows[-1].id)
    assert len(rows) == count
    assert {row.status for row in rows} == set(STATUSES) - {"UNKNOWN"}
    assert all(row.created_at <= row.updated_at <= "2026-03-01T12" for row in rows)
    assert [row.created_at for row in rows] == sorted((r.created_at for r in rows), reverse=True)


def test_a_population_is_believable(store: Store) -> None:
    populate(store, 60)

    service = Service(store)
    jobs = [
        schemas.JOB.load(job) for job in json.loads(service.list_jobs(["60"], [], ["all"]))["jobs"]
    ]
    assert len({job.descriptor.dataset_namespace for job in jobs}) > 3
    assert len({job.node_id for job in jobs}) > 2
    assert {job.descriptor.kind for job in jobs} == {"materialize-raw", "materialize-derived"}
    for job in jobs:
        progress = schemas.JOB_PROGRESS.load(service.get_progress(str(job.id)))
        events = schemas.JOB_EVENTS.load(service.list_events(str(job.id))).events
        assert events[-1].event_type == job.status
        assert events[-1].created_at == job.updated_at
        assert bool(progress.tables) == (job.status != "SCHEDULED")
        assert (progress.detail is not None) == (job.status in ("ERROR", "FATAL"))
        if job.status == "COMPLETED" and (job.descriptor.end_block or "").isdigit():
            last = {table.current_block for table in progress.tables.values()}
            assert last == {int(job.descriptor.end_block)}


def test_a_population_that_is_cut_short_leaves_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = population.insert_jobs
    inserted: list[int] = []

    def insert_and_die(connection: Any, past: Sequence[Any], *args: Any) -> None:
        insert(connection, past, *args)
        inserted.append(len(past))
        if len(inserted) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(population, "_CHUNK", 4)
        patch.setattr(population, "insert_jobs", insert_and_die)
        with pytest.raises(KeyboardInterrupt):
            populate(store, 12)
    assert inserted == [4, 4]

    assert not store.read(has_jobs)
    assert populate(store, 8)


def test_two_populations_at_once_make_one(store: Store) -> None:
    made = at_once([lambda: populate(store, 30)] * 4)

    assert sorted(made) == [False, False, False, True]
    assert len(statuses(store)) == 30


def test_a_population_is_the_same_for_the_same_seed(tmp_path: Path, clock: Clock) -> None:
    shown: list[Any] = []
    for name in "ab":
        store = Store.open(f"sqlite:///{tmp_path / name}")
        store.now = clock
        populate(store, 40)
        shown.append(store.read(find_page, limit=100))
        store.close()

    assert shown[0] == shown[1]


def test_a_live_sandbox_is_made_with_jobs() -> None:
    with live_sandbox(jobs=9) as sandbox:
        assert isinstance(sandbox, Sandbox)
        assert len(statuses(sandbox.store)) == 9
