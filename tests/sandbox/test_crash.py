"""Nothing that was acknowledged is lost when the process is killed at any moment."""

from __future__ import annotations

import random
import threading
import time

import pytest
import requests
import sqlalchemy as sa

from ampctl_job.models import TERMINAL
from ampctl_sandbox.database.queries import find_status
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import job_events, jobs, jobs_status
from ampctl_sandbox.testing import make_job
from tests.sandbox.processes import Up, up

_JOBS_PER_ROUND = 24


def _load(sandbox: Up, calls: list[tuple[str, str, int]], done: list[tuple[str, int]]) -> None:
    """Send stops and deletes, noting each that was acknowledged, until the server is killed."""
    with requests.Session() as session:
        for method, path, job in calls:
            try:
                answer = session.request(method, sandbox.url + path, timeout=30)
            except requests.RequestException:
                return
            assert answer.status_code in (200, 204)
            done.append((method, job))


def _check_no_half_states(store: Store) -> None:
    latest = (
        sa.select(job_events.c.event_type)
        .where(job_events.c.job_id == jobs_status.c.job_id)
        .order_by(job_events.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    with store.engine.connect() as connection:
        odd = connection.execute(
            sa.select(jobs_status.c.job_id).where(jobs_status.c.status != latest)
        ).all()
        orphans = connection.execute(
            sa.select(jobs.c.id).outerjoin(jobs_status).where(jobs_status.c.job_id.is_(None))
        ).all()
        assert (odd, orphans) == ([], [])
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def _round(url: str, rng: random.Random) -> int:
    store = Store.open(url)
    running = [make_job(store, "RUNNING") for _ in range(_JOBS_PER_ROUND)]
    ended = [make_job(store, "COMPLETED") for _ in range(_JOBS_PER_ROUND)]
    store.close()
    stops = [("PUT", f"/jobs/{job}/stop", job) for job in running]
    deletes = [("DELETE", f"/jobs/{job}", job) for job in ended]
    done: list[tuple[str, int]] = []
    with up("--database-url", url, "--no-workers") as sandbox:
        threads = [
            threading.Thread(target=_load, args=(sandbox, calls, done))
            for calls in (stops[::2], stops[1::2], deletes)
        ]
        for thread in threads:
            thread.start()
        wanted = rng.randrange(1, _JOBS_PER_ROUND)
        deadline = time.monotonic() + 30
        while len(done) < wanted and time.monotonic() < deadline:
            threading.Event().wait(0.001)
        sandbox.process.kill()
        for thread in threads:
            thread.join()
    store = Store.open(url)
    for method, job in done:
        assert store.read(find_status, job) == ("STOP_REQUESTED" if method == "PUT" else None)
    for job in running:
        assert store.read(find_status, job) in ("RUNNING", "STOP_REQUESTED")
    _check_no_half_states(store)
    assert {store.read(find_status, job) for job in ended} <= {None, *TERMINAL}
    store.close()
    return len(done)


@pytest.mark.long
def test_five_kills_under_load_lose_nothing(fresh_url: str) -> None:
    rng = random.Random(7)

    assert all(_round(fresh_url, rng) for _ in range(5))


@pytest.mark.slow
def test_a_hundred_kills_under_load_lose_nothing(fresh_url: str) -> None:
    rng = random.Random(8)

    assert all(_round(fresh_url, rng) for _ in range(100))
