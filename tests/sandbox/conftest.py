"""Sandboxes over both databases; PostgreSQL is a real one, started here if need be."""

from __future__ import annotations

import contextlib
import datetime
import getpass
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from filelock import FileLock

from ampctl_sandbox.database.engine import make_engine
from ampctl_sandbox.database.schema import delete_all_rows
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.testing import Sandbox, live_sandbox

ENGINES = ("sqlite", "postgresql")
NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
# PostgreSQL refuses to run as root.
_POSTGRES_USER = "postgres" if os.geteuid() == 0 else getpass.getuser()


def _postgres_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


def _require_postgres() -> None:
    if _postgres_programs() is None:
        reason = "PostgreSQL is not installed, and AMPCTL_TEST_POSTGRES_URL is not set"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)


class Postgres:
    """A PostgreSQL server of our own, known by its folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"postgresql+psycopg://amp@/postgres?host={folder}"

    @classmethod
    def make(cls) -> Postgres:
        """Start one in a new folder."""
        server = cls(Path(tempfile.mkdtemp(prefix="ampctl-pg-", dir="/var/tmp")))
        shutil.chown(server.folder, _POSTGRES_USER, pwd.getpwnam(_POSTGRES_USER).pw_gid)
        server._run("initdb", "-A", "trust", "-U", "amp", "--no-sync", "-E", "UTF8")
        server._run("pg_ctl", *server._start_options, "start")
        return server

    def restart(self) -> None:
        """Let it crash and start again."""
        self._run("pg_ctl", *self._start_options, "-m", "immediate", "restart")

    def remove(self) -> None:
        """Stop it and remove its folder."""
        self._run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    @property
    def _start_options(self) -> tuple[str, ...]:
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c max_connections=200"
        return ("-w", "-l", str(self.folder / "log"), "-o", options)

    def _run(self, program: str, *args: str) -> None:
        programs = _postgres_programs()
        assert programs is not None
        command = [programs / program, "-D", self.folder / "data", *args]
        as_user = {"user": _POSTGRES_USER, "group": _POSTGRES_USER} if os.geteuid() == 0 else {}
        subprocess.run(
            command, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, timeout=60, **as_user
        )


@contextlib.contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Run a PostgreSQL of our own until the block ends."""
    _require_postgres()
    server = Postgres.make()
    try:
        yield server
    finally:
        server.remove()


@contextlib.contextmanager
def shared_postgres(folder: Path) -> Iterator[Postgres]:
    """Run one PostgreSQL for all that name the same folder: the last of them stops it."""
    _require_postgres()
    users = folder / "postgres"  # one line for each, with the folder of the server
    lock = FileLock(users.with_suffix(".lock"))
    with lock:
        lines = users.read_text().splitlines() if users.exists() else []
        server = Postgres(Path(lines[0])) if lines else Postgres.make()
        users.write_text(f"{server.folder}\n" * (len(lines) + 1))
    try:
        yield server
    finally:
        with lock:
            left = users.read_text().splitlines()[1:]
            users.write_text("".join(f"{line}\n" for line in left))
            if not left:
                server.remove()


@pytest.fixture(scope="session")
def postgres_url(shared_folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL server, with the right to create databases."""
    given = os.environ.get("AMPCTL_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with shared_postgres(shared_folder) as server:
        yield server.url


@contextlib.contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """Create an empty database and drop it in the end."""
    name = f"ampctl_test_{secrets.token_hex(6)}"
    engine = make_engine(server_url).execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    url = sa.make_url(server_url).set(database=name)
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


@pytest.fixture
def fresh_postgres_url(postgres_url: str) -> Iterator[str]:
    """The URL of an empty PostgreSQL database."""
    with fresh_database(postgres_url) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'sandbox.sqlite3'}"


@pytest.fixture(params=ENGINES)
def fresh_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database, of either kind."""
    name = "sqlite_url" if request.param == "sqlite" else "fresh_postgres_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture(scope="session")
def _sqlite_sandbox() -> Iterator[Sandbox]:
    with live_sandbox() as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def _postgresql_sandbox(postgres_url: str) -> Iterator[Sandbox]:
    with fresh_database(postgres_url) as url, live_sandbox(database_url=url) as sandbox:
        yield sandbox


@pytest.fixture(params=ENGINES)
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """An empty sandbox without workers, over either database."""
    found: Sandbox = request.getfixturevalue(f"_{request.param}_sandbox")
    found.store.write(delete_all_rows)
    return found


@pytest.fixture
def sandboxes(request: pytest.FixtureRequest) -> tuple[Sandbox, Sandbox]:
    """Two empty sandboxes, over SQLite and over PostgreSQL."""
    pair = tuple(request.getfixturevalue(f"_{name}_sandbox") for name in ENGINES)
    for found in pair:
        found.store.write(delete_all_rows)
    return pair


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """A sandbox over SQLite that the tests of a module share: none leaves a job in it."""
    with live_sandbox() as found:
        yield found


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime.datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += datetime.timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still."""
    return Clock()


@pytest.fixture
def store(fresh_url: str, clock: Clock) -> Iterator[Store]:
    """A database of either kind, whose clock stands still."""
    store = Store.open(fresh_url)
    store.now = clock
    yield store
    store.close()
