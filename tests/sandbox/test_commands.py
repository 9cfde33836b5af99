"""The commands of the group, as processes."""

from __future__ import annotations

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ampctl.testing.runner import invoke
from ampctl_sandbox.commands import demo
from ampctl_sandbox.store import Store
from ampctl_sandbox.testing import make_job, make_worker
from tests.sandbox.processes import Up, ampctl, up
from tests.sandbox.test_databases import amp_database


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """The database of ``sqlite_url``, with a worker."""
    store = Store.open(sqlite_url)
    make_worker(store, "worker-1")
    yield store
    store.close()


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_up_serves_until_a_signal_comes(number: signal.Signals, code: int) -> None:
    with up("--jobs", "12") as sandbox:
        assert len(sandbox.get("/jobs?status=all").json()["jobs"]) == 12
        assert len(sandbox.get("/workers").json()["workers"]) == 4

        sandbox.process.send_signal(number)

        out, err = sandbox.process.communicate(timeout=30)
        assert (sandbox.process.returncode, out, err) == (code, None, "")


def test_up_says_in_one_line_where_it_is_and_how_to_use_it() -> None:
    with up() as sandbox:
        assert sandbox.line.startswith(f"Admin API at {sandbox.url} over sqlite:///")
        assert sandbox.line.endswith(f"export AMP_ADMIN_URL={sandbox.url}\n")


def test_up_keeps_its_jobs_in_the_users_state_folder() -> None:
    with up("--jobs", "3", "--no-workers") as sandbox:
        before = sandbox.get("/jobs?status=all").json()
    path = Path(os.environ["XDG_STATE_HOME"]) / "ampctl" / "sandbox.sqlite3"
    assert path.exists()

    with up("--no-workers") as sandbox:
        assert sandbox.get("/jobs?status=all").json() == before


def test_up_makes_no_jobs_up_where_there_are_some(sqlite_url: str, store: Store) -> None:
    make_job(store)

    with up("--jobs", "5", "--no-workers", "--database-url", sqlite_url) as sandbox:
        assert sandbox.warnings == ["ampctl: the database has jobs already, so none were made up"]
        assert len(sandbox.get("/jobs?status=all").json()["jobs"]) == 1


def test_up_wants_the_token_it_was_given_and_never_prints_it() -> None:
    with up("--no-workers", environ={"AMP_SANDBOX_TOKEN": "hush-hush"}) as sandbox:
        assert "hush-hush" not in sandbox.line
        assert sandbox.get("/jobs").status_code == 401
        headers = {"Authorization": "Bearer hush-hush"}
        assert sandbox.get("/jobs", headers=headers).status_code == 200


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "ä"])
def test_up_refuses_a_token_that_can_not_be_sent(token: str) -> None:
    invoke("sandbox", "up", "--token", token, "--port", "0", expect=2)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])
def test_up_lets_no_other_machine_in_without_a_token(host: str) -> None:
    result = invoke("sandbox", "up", "--host", host, expect=2)

    assert f"listening on {host} lets other machines in" in result.stderr


@pytest.mark.parametrize(
    "argv",
    [
        ("--port", "65536"),
        ("--port", "-1"),
        ("--jobs", "x"),
        ("--jobs", "１"),
        ("--speed", "0"),
        ("--speed", "nan"),
        ("--database-url", "nonsense"),
        ("--database-url", "mysql://localhost/x"),
        ("--database-url", "sqlite://"),
        ("--database-url", ""),
    ],
)
def test_up_refuses_what_makes_no_sense(argv: tuple[str, ...]) -> None:
    result = invoke("sandbox", "up", *argv, expect=2)

    assert "Traceback" not in result.stderr
    assert "bug" not in result.stderr


@pytest.mark.parametrize(
    "url", ["sqlite:///:memory:", "sqlite:///no/such/folder/x", "sqlite:///x?mode=ro"]
)
def test_a_refused_database_leaves_no_files(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    for argv in (("up", "--port", "0"), ("submit", "a/b"), ("status",), ("reset",)):
        invoke("sandbox", *argv, "--database-url", url, expect=2)

    assert not list(tmp_path.iterdir())


def test_up_says_that_its_port_is_taken(sqlite_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        argv = ("--port", port, "--database-url", sqlite_url)
        result = invoke("sandbox", "up", *argv, expect=2)

    assert f"can't listen on 127.0.0.1 port {port}: Address already in use" in result.stderr


def test_up_says_that_its_file_is_taken(sqlite_url: str) -> None:
    with up("--database-url", sqlite_url):
        argv = ("--port", "0", "--database-url", sqlite_url)
        result = invoke("sandbox", "up", *argv, expect=2)

    assert "another sandbox is using" in result.stderr


def test_up_hides_the_password_of_a_database_that_is_away() -> None:
    url = "postgresql://amp:hush-hush@127.0.0.1:1/amp"
    result = invoke("sandbox", "up", "--port", "0", "--database-url", url, expect=1)

    assert "hush-hush" not in result.stderr
    assert "the database failed" in result.stderr


def test_without_workers_jobs_stay_as_they_are(sqlite_url: str, store: Store) -> None:
    job = make_job(store, "STOP_REQUESTED")

    with up("--no-workers", "--speed", "1000", "--database-url", sqlite_url) as sandbox:
        for _ in range(3):
            assert sandbox.get(f"/jobs/{job}").json()["status"] == "STOP_REQUESTED"


def test_reset_empties_the_database(sqlite_url: str, store: Store) -> None:
    make_job(store)

    result = invoke("sandbox", "reset", "--database-url", sqlite_url)

    assert result.stdout == ""
    assert "Deleted 1 job and all else" in result.stderr
    assert not store.has_jobs()
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
    assert store.has_jobs() == left


def test_reset_does_not_ask_when_told_yes(sqlite_url: str, store: Store) -> None:
    make_job(store)

    invoke("sandbox", "reset", "--yes", "--database-url", sqlite_url, is_terminal=True)

    assert not store.has_jobs()


def test_reset_leaves_a_database_alone_that_it_did_not_create(fresh_postgres_url: str) -> None:
    amp_database(fresh_postgres_url).dispose()
    store = Store.open(fresh_postgres_url)
    make_job(store, worker="real-1")

    result = invoke("sandbox", "reset", "-y", "--database-url", fresh_postgres_url, expect=2)

    assert "was not created by the sandbox" in result.stderr
    assert store.has_jobs()
    store.close()


def test_reset_empties_a_postgresql_database_that_it_created(fresh_postgres_url: str) -> None:
    store = Store.open(fresh_postgres_url)
    make_job(store)

    invoke("sandbox", "reset", "-y", "--database-url", fresh_postgres_url)

    assert not store.has_jobs()
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


def test_status_tells_that_a_sandbox_is_up(sqlite_url: str) -> None:
    with up("--database-url", sqlite_url):
        shown = invoke("sandbox", "status", "--database-url", sqlite_url, "-f", "json").json

    assert shown["in_use"] is True


def test_status_of_no_database_is_an_error() -> None:
    assert "does not exist" in invoke("sandbox", "status", expect=2).stderr


def test_submit_adds_a_job(sqlite_url: str, store: Store) -> None:
    argv = ("sandbox", "submit", "ens/registrations", "--end-block=-100", "--worker", "worker-1")
    shown = json.loads(invoke(*argv, "--database-url", sqlite_url, "--json").stdout)

    assert list(shown) == ["job_id", "status", "dataset", "kind", "worker"]
    row = store.job(shown["job_id"])
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
        ("a/b", "--worker", "nobody"),
    ],
)
def test_submit_refuses_what_makes_no_sense(
    sqlite_url: str, store: Store, argv: tuple[str, ...]
) -> None:
    invoke("sandbox", "submit", *argv, "--database-url", sqlite_url, expect=2)

    assert not store.has_jobs()


@pytest.mark.parametrize(("options", "status"), [((), "ERROR"), (("--fatal",), "FATAL")])
def test_fail_lets_a_job_fail_with_a_reason(
    sqlite_url: str, store: Store, options: tuple[str, ...], status: str
) -> None:
    job = make_job(store, "RUNNING")

    argv = ("sandbox", "fail", str(job), *options, "--database-url", sqlite_url)
    assert json.loads(invoke(*argv, "--json").stdout) == {"job_id": job, "status": status}

    progress = store.progress(job)
    assert progress is not None
    assert progress.status == status
    assert progress.detail is not None


@pytest.mark.parametrize(("job_id", "code"), [("9", 3), ("1", 6), ("0", 2), ("x", 2)])
def test_fail_says_why_it_can_not(sqlite_url: str, store: Store, job_id: str, code: int) -> None:
    assert make_job(store, "COMPLETED") == 1

    invoke("sandbox", "fail", job_id, "--database-url", sqlite_url, expect=code)

    assert store.status(1) == "COMPLETED"


def test_the_demo_shows_each_command_before_its_output_and_ends_by_itself() -> None:
    result = ampctl("sandbox", "demo")

    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    shown = [line for line in result.stdout.splitlines() if line.startswith("$ ampctl job ")]
    for verb in ("list", "inspect", "progress", "events", "stop", "rm", "prune"):
        assert any(line.split()[3] == verb for line in shown), verb
    after = result.stdout.splitlines()
    assert after[after.index(shown[0]) + 1].startswith("id")


def test_the_demo_fails_when_a_step_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "_TOUR", (demo._fixed("A job that is not there.", "job rm 0"),))

    result = invoke("sandbox", "demo", expect=1, environ=dict(os.environ))

    assert "`ampctl job rm 0` ended with exit code 2" in result.stderr


def test_up_at_a_terminal_ends_with_ctrl_c() -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "ampctl", "sandbox", "up", "--port", "0"]
    with subprocess.Popen(
        command, stdin=follower, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        Up(process)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(30) == 130
    os.close(leader)
    os.close(follower)
