"""Fresh databases, databases of others, and databases that become unreachable."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from ampctl_sandbox.database import engine as engines
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.engine import UnfitDatabase, make_engine
from ampctl_sandbox.database.queries import find_job, find_status
from ampctl_sandbox.database.schema import is_made_here, prepare_tables
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.database.tables import metadata
from ampctl_sandbox.sandbox import claim
from ampctl_sandbox.testing import live_sandbox, make_job
from tests.sandbox.conftest import fresh_database, postgres_server
from tests.sandbox.http_calls import assert_error, call

AMP_SCHEMA = """
CREATE TABLE workers (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, node_id TEXT NOT NULL UNIQUE,
    heartbeat_at TIMESTAMPTZ NOT NULL, created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    registered_at TIMESTAMPTZ NOT NULL, info JSONB NOT NULL DEFAULT '{}', zone TEXT);
CREATE TABLE jobs (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    node_id TEXT NOT NULL REFERENCES workers (node_id), {left_over}
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(), idempotency_key TEXT NOT NULL UNIQUE,
    priority INT NOT NULL DEFAULT 3);
CREATE TABLE jobs_status (
    job_id BIGINT PRIMARY KEY REFERENCES jobs ON DELETE CASCADE, node_id TEXT NOT NULL,
    status TEXT NOT NULL, updated_at TIMESTAMPTZ NOT NULL DEFAULT now(), detail JSONB);
CREATE TABLE job_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    job_id BIGINT NOT NULL REFERENCES jobs ON DELETE CASCADE, node_id TEXT NOT NULL,
    event_type TEXT NOT NULL, detail JSONB);
CREATE INDEX ON job_events (job_id, id);
CREATE TABLE physical_table_revisions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(), updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    path TEXT NOT NULL UNIQUE, writer BIGINT REFERENCES jobs ON DELETE SET NULL, metadata JSONB);
CREATE TABLE physical_tables (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(), updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    dataset_namespace TEXT NOT NULL, dataset_name TEXT NOT NULL, table_name TEXT NOT NULL,
    manifest_hash TEXT NOT NULL,
    active_revision_id BIGINT REFERENCES physical_table_revisions ON DELETE SET NULL,
    UNIQUE (dataset_namespace, dataset_name, manifest_hash, table_name));
CREATE TABLE file_metadata (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    location_id BIGINT NOT NULL REFERENCES physical_table_revisions ON DELETE CASCADE,
    file_name TEXT NOT NULL, url TEXT NOT NULL, object_size BIGINT, object_e_tag TEXT,
    object_version TEXT, metadata JSONB NOT NULL, UNIQUE (location_id, file_name));
CREATE TABLE footer_cache (file_id BIGINT PRIMARY KEY);
INSERT INTO workers (node_id, heartbeat_at, registered_at) VALUES ('real-1', now(), now());
"""
LEFT_OVER = (
    "descriptor JSONB, status TEXT NOT NULL DEFAULT 'SCHEDULED', "
    "updated_at TIMESTAMPTZ NOT NULL DEFAULT now(),"
)


def amp_database(url: str, left_over: str = LEFT_OVER) -> sa.Engine:
    """Make the database that Amp itself would have migrated."""
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(AMP_SCHEMA.replace("{left_over}", left_over))
    return engine


def shape(engine: sa.Engine) -> dict[str, object]:
    inspector = sa.inspect(engine)
    return {
        name: (
            sorted((c["name"], str(c["type"])) for c in inspector.get_columns(name)),
            sorted(str(i["name"]) for i in inspector.get_indexes(name)),
        )
        for name in inspector.get_table_names()
    }


@pytest.mark.parametrize("left_over", [LEFT_OVER, ""], ids=["left over", "without"])
def test_a_database_that_amp_migrated_is_served_as_it_is(
    fresh_postgres_url: str, left_over: str
) -> None:
    engine = amp_database(fresh_postgres_url, left_over)
    before = shape(engine)

    with live_sandbox(database_url=fresh_postgres_url, workers=True, speed=1000) as sandbox:
        job = make_job(sandbox.store, "RUNNING", worker="real-1")
        if left_over:
            with engine.begin() as connection:
                connection.exec_driver_sql("UPDATE jobs SET status = 'FATAL', updated_at = now()")
        assert call(sandbox, "GET", f"/jobs/{job}").json()["status"] == "RUNNING"
        assert call(sandbox, "PUT", f"/jobs/{job}/stop").status_code == 200
        assert call(sandbox, "DELETE", "/jobs?status=terminal").status_code == 204
        assert sandbox.store.read(find_status, job) == "STOP_REQUESTED"
        assert not is_made_here(sandbox.store.engine)

    assert shape(engine) == before
    engine.dispose()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("DROP TABLE job_events", "table job_events"),
        ("ALTER TABLE jobs_status DROP COLUMN detail", "column jobs_status.detail"),
    ],
)
def test_a_database_that_lacks_something_is_refused_and_left_alone(
    fresh_postgres_url: str, change: str, named: str
) -> None:
    engine = amp_database(fresh_postgres_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(change)
    before = shape(engine)

    with pytest.raises(UnfitDatabase, match=f"lacks {named}") as caught:
        prepare_tables(engine)

    assert str(engine.url.database) in str(caught.value)

    assert shape(engine) == before
    engine.dispose()


def test_a_fresh_database_gets_all_tables_once(fresh_url: str) -> None:
    for _ in range(2):
        store = Store.open(fresh_url)
        assert set(metadata.tables) <= set(sa.inspect(store.engine).get_table_names())
        assert is_made_here(store.engine)
        make_job(store)
        store.close()


def test_ids_are_not_given_out_again(fresh_url: str) -> None:
    store = Store.open(fresh_url)
    first = make_job(store, "COMPLETED", job_id=500)
    with live_sandbox(database_url=fresh_url) as sandbox:
        assert call(sandbox, "DELETE", f"/jobs/{first}").status_code == 204
    assert make_job(store) == 501
    store.close()


@pytest.mark.parametrize("null", ["'null'", "NULL"], ids=["JSON", "SQL"])
def test_a_null_does_not_hide_the_descriptor_before_it(fresh_url: str, null: str) -> None:
    store = Store.open(fresh_url)
    job = make_job(store, "SCHEDULED", history=("SCHEDULED", "ERROR", "SCHEDULED"))
    store.write(
        lambda c: c.exec_driver_sql(
            f"UPDATE job_events SET detail = {null} WHERE id = (SELECT max(id) FROM job_events)"
        )
    )

    row = store.read(find_job, job)

    assert row is not None
    assert row.descriptor is not None
    store.close()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("nonsense", "can't be read"),
        ("mysql://localhost/x", "not supported"),
        ("sqlite://", "must be a file"),
        ("sqlite:///:memory:", "must be a file"),
        ("sqlite:///x.sqlite3?mode=ro", "takes no options"),
        ("postgresql://localhost:port/x", "can't be read"),
        ("", "can't be read"),
    ],
)
def test_other_databases_are_refused(url: str, reason: str) -> None:
    with pytest.raises(UnfitDatabase, match=reason):
        make_engine(url)


def test_a_file_that_another_sandbox_serves_is_refused(sqlite_url: str) -> None:
    with (
        claim(sqlite_url),
        pytest.raises(UnfitDatabase, match="another sandbox"),
        claim(sqlite_url),
    ):
        pass
    with claim(sqlite_url):
        pass


def test_a_file_that_another_sandbox_serves_is_known_by_any_name(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "folder-link").symlink_to(tmp_path)
    with claim(f"sqlite:///{tmp_path / 'file'}"):
        for name in ("link", "folder/../file", "folder-link/file"):
            with (
                pytest.raises(UnfitDatabase, match="another sandbox"),
                claim(f"sqlite:///{tmp_path / name}"),
            ):
                pass


def test_a_file_with_a_second_name_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    Store.open(sqlite_url).close()
    (tmp_path / "second").hardlink_to(tmp_path / "sandbox.sqlite3")

    with pytest.raises(UnfitDatabase, match="second name"), claim(sqlite_url):
        pass


def test_a_database_of_another_program_is_refused_and_left_alone(fresh_url: str) -> None:
    engine = make_engine(fresh_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bookmarks (id BIGINT)")

    with pytest.raises(UnfitDatabase, match="another program's"):
        prepare_tables(engine)

    assert sa.inspect(engine).get_table_names() == ["bookmarks"]
    engine.dispose()


def test_a_file_that_is_not_a_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("hello " * 1000)

    with pytest.raises(sa.exc.DatabaseError):
        Store.open(f"sqlite:///{tmp_path / 'x'}")


def test_a_connection_to_a_file_that_is_no_database_is_closed(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("hello " * 1000)
    made: list[sqlite3.Connection] = []

    def record(connection: sqlite3.Connection, _record: object) -> None:
        made.append(connection)

    sa.event.listen(sa.Pool, "connect", record)
    try:
        with pytest.raises(sa.exc.DatabaseError):
            Store.open(f"sqlite:///{tmp_path / 'x'}")
    finally:
        sa.event.remove(sa.Pool, "connect", record)

    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        made[0].execute("SELECT 1")


def test_sqlite_is_set_up_to_lose_nothing(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    with store.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    store.close()

    full = 2
    wait_ms = engines.BUSY_TIMEOUT_S * 1000
    expected = ("wal", full, 1, wait_ms)
    assert tuple(found.values()) == expected


def test_terminated_backends_cost_at_most_one_clean_failure(fresh_postgres_url: str) -> None:
    with live_sandbox(database_url=fresh_postgres_url) as sandbox:
        job = make_job(sandbox.store)
        for _ in range(3):
            killer = make_engine(fresh_postgres_url)
            with killer.begin() as connection:
                connection.exec_driver_sql(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            killer.dispose()

            first = call(sandbox, "GET", f"/jobs/{job}")

            if first.status_code != 200:
                assert_error(first, 503, "DATABASE_UNAVAILABLE")
            assert call(sandbox, "PUT", f"/jobs/{job}/stop").status_code == 200


def test_a_restart_of_postgresql_is_survived() -> None:
    with (
        postgres_server() as server,
        fresh_database(server.url) as url,
        live_sandbox(database_url=url) as sandbox,
    ):
        job = make_job(sandbox.store)
        assert call(sandbox, "PUT", f"/jobs/{job}/stop").status_code == 200

        server.restart()

        first = call(sandbox, "GET", f"/jobs/{job}")
        if first.status_code != 200:
            assert_error(first, 503, "DATABASE_UNAVAILABLE")
        assert call(sandbox, "GET", f"/jobs/{job}").json()["status"] == "STOP_REQUESTED"


def test_a_database_that_is_unreachable_is_one_clean_failure(fresh_postgres_url: str) -> None:
    with live_sandbox(database_url=fresh_postgres_url) as sandbox:
        sandbox.store.engine.dispose()
        away = sandbox.store.engine.url.update_query_dict({"host": "/nonexistent"})
        unreachable = Store(make_engine(away.render_as_string(hide_password=False)))
        sandbox.store.read = unreachable.read

        answer = call(sandbox, "GET", "/jobs")

        assert_error(answer, 503, "DATABASE_UNAVAILABLE")
        assert answer.headers["Retry-After"] == "1"
        unreachable.close()


def test_a_write_that_reads_first_is_not_overtaken(fresh_url: str) -> None:
    store = Store.open(fresh_url)
    job, other = make_job(store), make_job(store)
    overtaken = threading.Event()

    def overtake() -> None:
        store.write(lambda c: transitions.move(c, other, "RUNNING", store.now()))
        overtaken.set()

    def change(connection: sa.Connection) -> bool:
        assert find_status(connection, job) == "SCHEDULED"
        thread.start()
        overtaken.wait(0.3)
        return transitions.move(connection, job, "RUNNING", store.now())

    thread = threading.Thread(target=overtake)
    assert store.write(change)
    thread.join()
    assert [store.read(find_status, one) for one in (job, other)] == ["RUNNING", "RUNNING"]
    store.close()
