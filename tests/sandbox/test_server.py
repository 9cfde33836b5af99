"""How much a request may hold, and what a failure of the server shows."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ampctl_sandbox.api.app import make_app
from ampctl_sandbox.api.service import Service
from ampctl_sandbox.database import queries
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.testing import Sandbox, blocks, live_sandbox, make_job
from tests.sandbox.http_calls import assert_error, call, raw, refused


@pytest.mark.parametrize("size", [64 * 1024, 0])
def test_a_body_up_to_the_limit_is_read(shared: Sandbox, size: int) -> None:
    assert call(shared, "GET", "/jobs", data=b"x" * size).status_code == 200


@pytest.mark.parametrize("size", [64 * 1024 + 1, 300_000, 5_000_000])
def test_a_larger_body_is_refused(shared: Sandbox, size: int) -> None:
    assert_error(call(shared, "PUT", "/jobs/1/stop", data=b"x" * size), 413, "PAYLOAD_TOO_LARGE")


def test_a_larger_body_in_chunks_is_refused(shared: Sandbox) -> None:
    chunk = b"1000\r\n" + b"x" * 4096 + b"\r\n"
    head = b"PUT /jobs/1/stop HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert refused(raw(shared, head + chunk * 17)) == (413, "PAYLOAD_TOO_LARGE")


def test_headers_past_the_limit_are_refused(shared: Sandbox) -> None:
    answer = call(shared, "GET", "/jobs", headers={"X-Long": "x" * 16 * 1024})

    assert_error(answer, 431, "HEADERS_TOO_LARGE")
    assert call(shared, "GET", "/jobs", headers={"X-Long": "x" * 15_000}).status_code == 200


def test_an_unexpected_failure_shows_a_number_and_nothing_else(
    sqlite_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with live_sandbox(database_url=sqlite_url) as sandbox:
        with monkeypatch.context() as patch:
            secret = RuntimeError("SELECT secret FROM /etc/passwd")

            def fail(*_: object, **__: object) -> None:
                raise secret

            patch.setattr(sandbox.store, "read", fail)
            answer = call(sandbox, "GET", "/jobs")

        assert_error(answer, 500, "LIST_JOBS_ERROR")
        assert "secret" not in answer.text
        number = answer.json()["error_message"].split()[-1]
        assert number in caplog.text
        assert call(sandbox, "GET", "/jobs").status_code == 200


FAILURES = {
    "jobs_status": {
        "GET /jobs": "LIST_JOBS_ERROR",
        "GET /jobs/1": "GET_JOB_ERROR",
        "GET /jobs/1/progress": "GET_JOB_ERROR",
        "GET /jobs/1/events": "GET_JOB_ERROR",
        "GET /jobs/1/events/1": "GET_JOB_ERROR",
        "PUT /jobs/1/stop": "STOP_JOB_ERROR",
        "DELETE /jobs/1": "DELETE_JOB_ERROR",
        "DELETE /jobs?status=terminal": "DELETE_JOBS_BY_STATUS_ERROR",
    },
    "job_events": {
        "GET /jobs/1/progress": "GET_JOB_DETAIL_ERROR",
        "GET /jobs/1/events": "GET_JOB_EVENTS_ERROR",
        "GET /jobs/1/events/1": "GET_JOB_EVENT_ERROR",
    },
    "physical_tables": {"GET /jobs/1/progress": "GET_TABLES_ERROR"},
    "file_metadata": {"GET /jobs/1/progress": "SNAPSHOT_TABLE_ERROR"},
    "workers": {
        "GET /workers": "SCHEDULER_LIST_WORKERS_ERROR",
        "GET /workers/w": "SCHEDULER_GET_WORKER_ERROR",
    },
}


@pytest.mark.parametrize("table", FAILURES)
def test_a_failure_of_the_database_is_the_documented_code_without_sql(
    sqlite_url: str, caplog: pytest.LogCaptureFixture, table: str
) -> None:
    with live_sandbox(database_url=sqlite_url) as sandbox:
        make_job(sandbox.store, "ERROR", tables={"blocks": blocks(1)})

        def drop(connection: sa.Connection) -> None:
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO away")

        sandbox.store.write(drop)
        for call_, code in FAILURES[table].items():
            answer = call(sandbox, *call_.split())
            assert_error(answer, 500, code)
            assert table not in answer.text
    assert "no such table" in caplog.text


def test_a_job_that_can_not_be_looked_up_is_the_documented_failure_of_its_delete(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    with live_sandbox(database_url=sqlite_url) as sandbox:
        monkeypatch.setattr(queries, "find_status", fail)

        assert_error(call(sandbox, "DELETE", "/jobs/1"), 500, "GET_JOB_ERROR")


def test_a_descriptor_that_can_not_be_looked_up_is_the_documented_failure(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    with live_sandbox(database_url=sqlite_url) as sandbox:
        job = make_job(sandbox.store)
        monkeypatch.setattr(queries, "has_descriptor", fail)

        assert_error(call(sandbox, "GET", f"/jobs/{job}"), 500, "GET_DESCRIPTOR_ERROR")


def test_the_application_needs_no_server(sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    try:
        client = make_app(Service(store)).test_client()
        job = make_job(store)
        assert client.get(f"/jobs/{job}").json["status"] == "SCHEDULED"
    finally:
        store.close()
