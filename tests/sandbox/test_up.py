"""``ampctl sandbox up``, as a process."""

from __future__ import annotations

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
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.testing import make_job, make_worker
from tests.sandbox.processes import Up, up


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    """The database of ``sqlite_url``, with a worker."""
    store = Store.open(sqlite_url)
    make_worker(store, "worker-1")
    yield store
    store.close()


@pytest.mark.measured
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, -signal.SIGINT)])
def test_up_serves_until_a_signal_comes(number: signal.Signals, code: int) -> None:
    with up("--jobs", "12") as sandbox:
        assert len(sandbox.get("/jobs?status=all").json()["jobs"]) == 12
        assert len(sandbox.get("/workers").json()["workers"]) == 4

        sandbox.process.send_signal(number)

        out, err = sandbox.process.communicate(timeout=30)
        assert (sandbox.process.returncode, out, err) == (code, None, "")


def test_up_says_where_it_is_and_how_to_use_it() -> None:
    with up() as sandbox:
        where, database, *_, last = sandbox.said

    assert sandbox.url in where
    assert database.startswith("sqlite:///")
    assert last == f"export AMP_ADMIN_URL={sandbox.url}"


@pytest.mark.parametrize("token", [None, "hush-hush"])
def test_what_up_says_fits_eighty_columns_but_for_the_name_of_the_database(
    token: str | None,
) -> None:
    with up(environ={} if token is None else {"AMP_SANDBOX_TOKEN": token}) as sandbox:
        lines = [line for line in sandbox.said if not line.startswith("sqlite:///")]

    assert all(len(line) <= 80 for line in lines)
    assert any("AMP_AUTH_TOKEN" in line for line in lines) == (token is not None)


def test_up_keeps_its_jobs_in_the_users_state_folder() -> None:
    with up("--jobs", "3", "--no-workers") as sandbox:
        before = sandbox.get("/jobs?status=all").json()
    path = Path(os.environ["XDG_STATE_HOME"]) / "ampctl" / "sandbox.sqlite3"
    assert path.exists()

    with up("--no-workers") as sandbox:
        assert sandbox.get("/jobs?status=all").json() == before


def test_up_adds_no_jobs_where_there_are_some(sqlite_url: str, store: Store) -> None:
    make_job(store)

    with up("--jobs", "5", "--no-workers", "--database-url", sqlite_url) as sandbox:
        assert "ampctl: the database has jobs already, so none were made up" in sandbox.said
        assert len(sandbox.get("/jobs?status=all").json()["jobs"]) == 1


def test_up_requires_its_token_and_never_prints_it() -> None:
    with up("--no-workers", environ={"AMP_SANDBOX_TOKEN": "hush-hush"}) as sandbox:
        assert "hush-hush" not in "".join(sandbox.said)
        assert sandbox.get("/jobs").status_code == 401
        headers = {"Authorization": "Bearer hush-hush"}
        assert sandbox.get("/jobs", headers=headers).status_code == 200


@pytest.mark.parametrize("token", ["", "a b", "a\nb", "ä"])
def test_up_refuses_a_token_that_can_not_be_sent(token: str) -> None:
    invoke("sandbox", "up", "--token", token, "--port", "0", expect=2)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])
def test_up_needs_a_token_to_listen_for_other_machines(host: str) -> None:
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
def test_up_refuses_invalid_options(argv: tuple[str, ...]) -> None:
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

    assert f"port {port} of 127.0.0.1 is in use" in result.stderr


def test_up_says_why_it_can_not_listen(sqlite_url: str) -> None:
    argv = ("--host", "192.0.2.1", "--token", "x", "--database-url", sqlite_url)

    result = invoke("sandbox", "up", *argv, expect=2)

    assert "can't listen on port 1610 of 192.0.2.1: " in result.stderr


def test_up_says_that_its_file_is_taken(sqlite_url: str) -> None:
    with up("--database-url", sqlite_url):
        argv = ("--port", "0", "--database-url", sqlite_url)
        result = invoke("sandbox", "up", *argv, expect=2)

    assert "another sandbox is using" in result.stderr


def test_up_hides_the_password_of_a_database_that_is_unreachable() -> None:
    url = "postgresql://amp:hush-hush@127.0.0.1:1/amp"
    result = invoke("sandbox", "up", "--port", "0", "--database-url", url, expect=5)

    assert "hush-hush" not in result.stderr
    assert "the database failed" in result.stderr


def test_without_workers_jobs_stay_as_they_are(sqlite_url: str, store: Store) -> None:
    job = make_job(store, "STOP_REQUESTED")

    with up("--no-workers", "--speed", "1000", "--database-url", sqlite_url) as sandbox:
        for _ in range(3):
            assert sandbox.get(f"/jobs/{job}").json()["status"] == "STOP_REQUESTED"


def test_up_at_a_terminal_ends_with_ctrl_c() -> None:
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "ampctl", "sandbox", "up", "--port", "0"]
    with subprocess.Popen(
        command, stdin=follower, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stderr is not None
        Up(process)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(30) == -signal.SIGINT
    os.close(leader)
    os.close(follower)
