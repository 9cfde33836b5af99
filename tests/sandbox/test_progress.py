"""Progress as the API shows it."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl_job import schemas
from ampctl_sandbox.testing import ERROR_DETAIL, BlockFile, Sandbox, blocks, make_job
from tests.sandbox.http_calls import assert_error, call, document


def progress(sandbox: Sandbox, job: int) -> Any:
    return document(sandbox, f"/jobs/{job}/progress", schemas.JOB_PROGRESS)


def odd_file(**members: Any) -> BlockFile:
    return BlockFile(**{"start": 0, "end": 9, "hash": "0xb", "prev_hash": "0xa", **members})


def test_a_job_without_tables_has_none(sandbox: Sandbox) -> None:
    job = make_job(sandbox.store, "RUNNING")

    assert progress(sandbox, job) == {"job_id": job, "job_status": "RUNNING", "tables": {}}


def test_each_table_is_shown_and_one_without_files_has_no_blocks(sandbox: Sandbox) -> None:
    tables = {"blocks": blocks(3, first=100, step=10, size_bytes=7), "logs": ()}
    job = make_job(sandbox.store, "RUNNING", tables=tables)

    assert progress(sandbox, job)["tables"] == {
        "blocks": {
            "start_block": 100,
            "current_block": 129,
            "files_count": 3,
            "total_size_bytes": 21,
        },
        "logs": {
            "start_block": None,
            "current_block": None,
            "files_count": 0,
            "total_size_bytes": 0,
        },
    }


def test_a_table_that_a_newer_job_writes_is_no_longer_the_older_ones(sandbox: Sandbox) -> None:
    older = make_job(sandbox.store, "STOPPED", tables={"blocks": blocks(3)})
    newer = make_job(sandbox.store, "RUNNING", tables={"blocks": blocks(1)})

    assert progress(sandbox, older)["tables"] == {}
    assert progress(sandbox, newer)["tables"]["blocks"]["files_count"] == 1


def test_a_file_of_unknown_size_counts_as_empty(sandbox: Sandbox) -> None:
    job = make_job(sandbox.store, tables={"blocks": [odd_file(size_bytes=None)]})

    assert progress(sandbox, job)["tables"]["blocks"]["total_size_bytes"] == 0


@pytest.mark.parametrize("status", ["ERROR", "FATAL"])
def test_a_failed_job_shows_why(sandbox: Sandbox, status: str) -> None:
    job = make_job(sandbox.store, status)

    assert progress(sandbox, job)["detail"] == ERROR_DETAIL


def test_a_failure_that_is_stored_in_small_letters_shows_why(sandbox: Sandbox) -> None:
    job = make_job(sandbox.store, "ERROR")
    sandbox.store.write(lambda c: c.exec_driver_sql("UPDATE jobs_status SET status = 'error'"))

    shown = progress(sandbox, job)

    assert (shown["job_status"], shown["detail"]) == ("ERROR", ERROR_DETAIL)


def test_only_the_newest_event_of_the_current_status_shows_why(sandbox: Sandbox) -> None:
    history = ("SCHEDULED", "ERROR", "SCHEDULED", "RUNNING")
    job = make_job(sandbox.store, "RUNNING", history=history, detail={"error_code": "OLD"})

    assert "detail" not in progress(sandbox, job)


@pytest.mark.parametrize(
    "beside",
    [
        odd_file(start=5000, end=2**63),
        odd_file(start=2**100, end=2**100),
        odd_file(start=5000, network="base"),
        odd_file(start=1, end=2, size_bytes=2**63 - 1),
    ],
    ids=["block past int64", "far past int64", "another network", "size past int64"],
)
def test_a_file_beside_the_chain_fails_nothing(sandbox: Sandbox, beside: BlockFile) -> None:
    job = make_job(sandbox.store, "RUNNING", tables={"blocks": [*blocks(2), beside]})

    assert progress(sandbox, job)["tables"]["blocks"]["files_count"] == 2


@pytest.mark.parametrize("status", ["ERROR", "FATAL"])
@pytest.mark.parametrize("history", [("SCHEDULED",), None], ids=["no event", "no detail"])
def test_a_failure_without_a_detail_is_the_documented_failure(
    sandbox: Sandbox, status: str, history: tuple[str, ...] | None
) -> None:
    job = make_job(sandbox.store, status, history=history)
    sandbox.store.write(lambda c: c.exec_driver_sql("UPDATE job_events SET detail = NULL"))

    answer = call(sandbox, "GET", f"/jobs/{job}/progress")

    assert_error(answer, 500, "GET_JOB_DETAIL_ERROR")


@pytest.mark.parametrize(("stored", "shown"), [("null", None), ("[1]", [1])])
def test_a_detail_may_be_any_value(sandbox: Sandbox, stored: str, shown: object) -> None:
    job = make_job(sandbox.store, "ERROR")
    change = f"UPDATE job_events SET detail = '{stored}'"
    sandbox.store.write(lambda c: c.exec_driver_sql(change))

    assert call(sandbox, "GET", f"/jobs/{job}/progress").json()["detail"] == shown


ONE = odd_file().metadata["ranges"][0]
MOMENT = {"secs": 1, "nanos": 0}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (
            [odd_file(document={"created_at": MOMENT, "ranges": [ONE, ONE]})],
            "MULTI_NETWORK_SEGMENTS_ERROR",
        ),
        ([BlockFile(start=0, end=2**63, hash="0xb", prev_hash="0xa")], "BLOCK_NUMBER_OVERFLOW"),
        (
            [
                BlockFile(start=0, end=2**100, hash="0xb", prev_hash="0xa"),
            ],
            "BLOCK_NUMBER_OVERFLOW",
        ),
        (blocks(2, size_bytes=2**62), "BLOCK_NUMBER_OVERFLOW"),
        ([odd_file(document={"created_at": MOMENT, "ranges": []})], "SNAPSHOT_TABLE_ERROR"),
        ([odd_file(document={})], "SNAPSHOT_TABLE_ERROR"),
        ([odd_file(network=None)], "SNAPSHOT_TABLE_ERROR"),
        ([odd_file(hash=["0xb"])], "SNAPSHOT_TABLE_ERROR"),
        ([odd_file(start=-1)], "SNAPSHOT_TABLE_ERROR"),
    ],
    ids=[
        "two ranges",
        "past int64",
        "far past int64",
        "size past int64",
        "no range",
        "empty",
        "no network",
        "hash is a list",
        "below zero",
    ],
)
def test_invalid_files_are_the_documented_failure(
    sandbox: Sandbox, files: list[BlockFile], code: str
) -> None:
    job = make_job(sandbox.store, "RUNNING", tables={"blocks": files})

    assert_error(call(sandbox, "GET", f"/jobs/{job}/progress"), 500, code)
