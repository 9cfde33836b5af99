"""Retries of failed jobs."""

from __future__ import annotations

import pytest

from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.queries import (
    find_job,
    find_page,
    find_status,
)
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.simulation.population import populate
from ampctl_sandbox.simulation.retries import Retries
from ampctl_sandbox.testing import make_job
from tests.sandbox.conftest import Clock


def test_failed_jobs_of_a_population_are_not_yet_due_for_a_retry(store: Store) -> None:
    populate(store, 100)
    failed = [row.id for row in store.read(find_page, limit=1000, statuses=["ERROR"])]

    Retries(store).tick()

    assert failed
    assert {store.read(find_status, job) for job in failed} == {"ERROR"}


@pytest.mark.parametrize("tries", [1, 3])
def test_a_failed_job_is_tried_again_after_two_to_the_tries(
    store: Store, clock: Clock, tries: int
) -> None:
    history = ("SCHEDULED", "ERROR") * tries
    job = make_job(store, "ERROR", history=history)
    clock.advance(2**tries - 0.1)
    Retries(store).tick()
    before = store.read(find_status, job)
    clock.advance(0.1)
    Retries(store).tick()

    assert (before, store.read(find_status, job)) == ("ERROR", "SCHEDULED")
    assert store.read(find_job, job).descriptor is not None


@pytest.mark.parametrize("speed", [1, 10])
def test_it_looks_at_once_and_then_every_sixty_seconds(
    store: Store, clock: Clock, speed: float
) -> None:
    first = make_job(store, "ERROR")
    retries = Retries(store, speed=speed)
    clock.advance(2)
    retries.tick()
    second = make_job(store, "ERROR", updated_at=clock.now)
    seen = []
    for wait_s in (59.9 / speed, 0.1 / speed):
        clock.advance(wait_s)
        retries.tick()
        seen.append(store.read(find_status, second))

    assert store.read(find_status, first) == "SCHEDULED"
    assert seen == ["ERROR", "SCHEDULED"]


def test_a_clock_that_is_set_back_keeps_it_from_nothing(store: Store, clock: Clock) -> None:
    retries = Retries(store)
    retries.tick()
    clock.advance(-1000)
    job = make_job(store, "ERROR", updated_at=clock.now)
    clock.advance(2)
    retries.tick()

    assert store.read(find_status, job) == "SCHEDULED"


def test_a_job_without_a_descriptor_is_never_tried_again(store: Store, clock: Clock) -> None:
    job = make_job(store, "ERROR", descriptor=None)
    clock.advance(10**8)

    Retries(store).tick()

    assert store.read(find_status, job) == "ERROR"


@pytest.mark.parametrize("tries", [20, 21, 60])
def test_no_job_waits_for_longer_than_two_to_the_twenty(
    store: Store, clock: Clock, tries: int
) -> None:
    often = make_job(store, "ERROR", history=("SCHEDULED", "ERROR") * tries)
    once = make_job(store, "ERROR")
    seen = []
    for wait_s in (2**20 - 1, 1):
        clock.advance(wait_s)
        Retries(store).tick()
        seen.append([store.read(find_status, job) for job in (often, once)])

    assert seen == [["ERROR", "SCHEDULED"], ["SCHEDULED", "SCHEDULED"]]


def test_a_wait_longer_than_a_date_can_hold_stops_no_other_retry(
    store: Store, clock: Clock
) -> None:
    often = make_job(store, "ERROR", history=("SCHEDULED", "ERROR") * 60)
    once = make_job(store, "ERROR")
    clock.advance(2_000_000)

    Retries(store, speed=0.000001).tick()

    found = [store.read(find_status, job) for job in (often, once)]
    assert found == ["ERROR", "SCHEDULED"]


def test_a_fatal_job_is_never_tried_again(store: Store, clock: Clock) -> None:
    job = make_job(store, "FATAL")
    clock.advance(10**8)

    Retries(store).tick()

    assert store.read(find_status, job) == "FATAL"


def test_a_job_that_fails_again_waits_for_longer(store: Store, clock: Clock) -> None:
    job = make_job(store, "ERROR")
    for wait_s in (2, 4, 8):
        clock.advance(wait_s - 0.1)
        Retries(store).tick()
        assert store.read(find_status, job) == "ERROR"
        clock.advance(0.1)
        Retries(store).tick()
        assert store.read(find_status, job) == "SCHEDULED"
        store.write(lambda c: transitions.move(c, job, "ERROR", clock.now))


def test_failed_jobs_of_real_workers_are_tried_again_too(store: Store, clock: Clock) -> None:
    job = make_job(store, "ERROR", worker="real")
    store.write(lambda c: c.exec_driver_sql("UPDATE workers SET info = '{}'"))
    clock.advance(2)

    Retries(store).tick()

    assert store.read(find_status, job) == "SCHEDULED"


def test_a_faster_sandbox_tries_again_sooner(store: Store, clock: Clock) -> None:
    job = make_job(store, "ERROR")
    seen = []
    for _ in range(2):
        clock.advance(0.15)
        Retries(store, speed=10).tick()
        seen.append(store.read(find_status, job))

    assert seen == ["ERROR", "SCHEDULED"]
