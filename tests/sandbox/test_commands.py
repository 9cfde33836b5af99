"""The commands of the group, as processes."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ampctl.testing.runner import invoke
from ampctl_sandbox.commands import demo
from ampctl_sandbox.database.queries import find_detail, find_job, find_status, has_jobs
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.testing import make_job, make_worker
from tests.sandbox.processes import ampctl, up
from tests.sandbox.test_databases import amp_database


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """The database of ``sqlite_url``, with a worker."""
    store = Store.open(sqlite_url)
    make_worker(store, "worker-1")
    yield store
    store.close()


def test_reset_empties_the_database(sqlite_url: str, store: Store) -> None:
    make_job(store)

    result = invoke("sandbox", "reset", "--database-url", sqlite_url)

    assert result.stdout == ""
    assert "Deleted 1 job and all else" in result.stderr
    assert not store.read(has_jobs)
    assert make_job(store) == 1


def test_reset_leaves_the_workers_to_a_sandbox_that_is_up(sqlite_url: str) -> None:
    with up("--database-url", sqlite_url, "--jobs", "8") as sandbox:
        invoke("sandbox", "reset", "--database-url", sqlite_url)

        assert len(sandbox.get("/workers").json()["workers"]) == 4
        assert sandbox.get("/jobs?status=all").json()["jobs"] == []


@pytest.mark.parametrize(("answer", "code", "left"), [("n\n", 1, True), ("y\n", 0, False)])
def test_reset_asks_at_a_terminal(
    sqlite_url: str, store: Store, answer: str, code: int, left: bool
) -> None:
    make_job(store)

    argv = ("sandbox", "reset", "--database-url", sqlite_url)
    result = invoke(*argv, stdin=answer, is_terminal=True, expect=code)

    assert "Delete 1 job and all else" in result.stderr
    assert store.read(has_jobs) == left


def test_reset_does_not_ask_with_yes(sqlite_url: str, store: Store) -> None:
    make_job(store)

    invoke("sandbox", "reset", "--yes", "--database-url", sqlite_url, is_terminal=True)

    assert not store.read(has_jobs)


def test_reset_leaves_a_database_alone_that_it_did_not_create(fresh_postgres_url: str) -> None:
    amp_database(fresh_postgres_url).dispose()
    store = Store.open(fresh_postgres_url)
    make_job(store, worker="real-1")

    result = invoke("sandbox", "reset", "-y", "--database-url", fresh_postgres_url, expect=2)

    assert "was not created by the sandbox" in result.stderr
    assert store.read(has_jobs)
    store.close()


def test_reset_empties_a_postgresql_database_that_it_created(fresh_postgres_url: str) -> None:
    store = Store.open(fresh_postgres_url)
    make_job(store)

    invoke("sandbox", "reset", "-y", "--database-url", fresh_postgres_url)

    assert not store.read(has_jobs)
    store.close()


def test_reset_creates_no_file(sqlite_url: str, tmp_path: Path) -> None:
    invoke("sandbox", "reset", "--database-url", sqlite_url, expect=2)

    assert not list(tmp_path.glob("sandbox.sqlite3*"))


def test_status_counts_jobs_by_status(sqlite_url: str, store: Store) -> None:
    for status in ("RUNNING", "RUNNING", "FATAL"):
        make_job(store, status)

    argv = ("sandbox", "status", "--database-url", sqlite_url)
    shown = invoke(*argv, "-f", "json").json

    assert shown == {
        "database": sqlite_url,
        "in_use": False,
        "workers": 1,
        "jobs": 3,
        "scheduled": 0,
        "running": 2,
        "stop_requested": 0,
        "stopping": 0,
        "completed": 0,
        "stopped": 0,
        "error": 0,
        "fatal": 1,
    }


def test_status_shows_that_a_sandbox_is_up(sqlite_url: str) -> None:
    with up("--database-url", sqlite_url):
        shown = invoke("sandbox", "status", "--database-url", sqlite_url, "-f", "json").json

    assert shown["in_use"] is True


def test_status_of_no_database_is_an_error() -> None:
    assert "does not exist" in invoke("sandbox", "status", expect=2).stderr


def test_submit_adds_a_job(sqlite_url: str, store: Store) -> None:
    argv = ("sandbox", "submit", "ens/registrations", "--end-block=-100", "--worker", "worker-1")
    shown = json.loads(invoke(*argv, "--database-url", sqlite_url, "--json").stdout)

    assert list(shown) == ["job_id", "status", "dataset", "kind", "worker"]
    row = store.read(find_job, shown["job_id"])
    assert row is not None
    assert (row.status, row.node_id) == ("SCHEDULED", "worker-1")
    assert row.descriptor is not None
    assert row.descriptor["kind"] == "materialize-derived"
    assert row.descriptor["end_block"] == "-100"


def test_submit_to_a_fresh_database_finds_a_worker(sqlite_url: str) -> None:
    result = invoke("sandbox", "submit", "a/b", "--database-url", sqlite_url, "-f", "value")

    assert result.stdout.startswith("1 SCHEDULED a/b@")


@pytest.mark.parametrize(
    "argv",
    [
        ("x",),
        ("a/b/c",),
        ("a/",),
        ("a/b", "--end-block", "1.5"),
        ("a/b", "--end-block=-0"),
        ("a/b", "--worker", "no-such-worker"),
    ],
)
def test_submit_refuses_invalid_arguments(
    sqlite_url: str, store: Store, argv: tuple[str, ...]
) -> None:
    invoke("sandbox", "submit", *argv, "--database-url", sqlite_url, expect=2)

    assert not store.read(has_jobs)


@pytest.mark.parametrize(("options", "status"), [((), "ERROR"), (("--fatal",), "FATAL")])
def test_fail_lets_a_job_fail_with_a_reason(
    sqlite_url: str, store: Store, options: tuple[str, ...], status: str
) -> None:
    job = make_job(store, "RUNNING")

    argv = ("sandbox", "fail", str(job), *options, "--database-url", sqlite_url)
    assert json.loads(invoke(*argv, "--json").stdout) == {"job_id": job, "status": status}

    assert store.read(find_status, job) == status
    assert store.read(find_detail, job, status)[1]


@pytest.mark.parametrize(("job_id", "code"), [("9", 3), ("1", 6), ("0", 2), ("x", 2)])
def test_fail_explains_a_refusal(sqlite_url: str, store: Store, job_id: str, code: int) -> None:
    assert make_job(store, "COMPLETED") == 1

    invoke("sandbox", "fail", job_id, "--database-url", sqlite_url, expect=code)

    assert store.read(find_status, 1) == "COMPLETED"


@pytest.mark.long
@pytest.mark.measured
def test_the_demo_shows_each_command_before_its_output_and_ends_by_itself() -> None:
    result = ampctl("sandbox", "demo")

    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    shown = [line for line in result.stdout.splitlines() if line.startswith("$ ampctl job ")]
    for verb in ("list", "inspect", "progress", "events", "stop", "wait", "rm", "prune"):
        assert any(line.split()[3] == verb for line in shown), verb
    after = result.stdout.splitlines()
    assert after[after.index(shown[0]) + 1].startswith("id")
    assert "  ampctl sandbox up --jobs 200   in one terminal" in result.stdout
    assert "  ampctl job top                 in another one" in result.stdout
    assert "a shell on it, where Tab completes" in after[-1]
    # What is asked to stop is what is waited for.
    *_, stopped, awaited = (
        line.split()[4] for line in shown if line.split()[3] in ("stop", "wait")
    )
    assert stopped == awaited


def test_the_demo_fails_when_a_step_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "TOUR", (demo.Step("A job that is not there.", "job rm 0"),))

    result = invoke("sandbox", "demo", expect=1, environ=dict(os.environ))

    assert "`ampctl job rm 0` ended with exit code 2" in result.stderr


@pytest.mark.parametrize("words", ["status", "reset --yes", "fail 7"])
def test_a_database_that_refuses_gives_no_usable_answer(words: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"postgresql+psycopg://user:SECRET@127.0.0.1:{port}/amp"

    result = invoke("sandbox", *words.split(), "--database-url", url, expect=5)

    assert "ampctl: the database failed: " in result.stderr
    assert "SECRET" not in result.stderr
