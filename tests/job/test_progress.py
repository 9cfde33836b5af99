"""``job progress``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ampctl.testing import invoke
from ampctl_job.testing import descriptor, job, progress, table_progress


def rows(api: Any, end_block: Any, **table: Any) -> list[str]:
    api.on("GET", "/jobs/123/progress", progress(123, tables={"blocks": table_progress(**table)}))
    api.on("GET", "/jobs/123", job(123, descriptor=descriptor(end_block=end_block)))
    return invoke("job", "progress", "123", "-f", "csv").stdout.splitlines()


@pytest.mark.parametrize(
    ("end_block", "percent"),
    [
        ("999", "999,50.0"),
        (None, ","),
        ("latest", "latest,"),
        ("-100", "-100,"),
        ("499", "499,100.0"),
        ("9", "9,100.0"),
        (999, "999,50.0"),
        ("0999", "0999,"),
        ("٩٩٩", "٩٩٩,"),
        ("9223372036854775808", "9223372036854775808,"),
        pytest.param("9" * 5000, "9" * 5000 + ",", id="5,000 digits"),
        ([1], "[1],"),
    ],
)
def test_percent_is_known_for_a_fixed_end_only(api: Any, end_block: Any, percent: str) -> None:
    assert rows(api, end_block)[1] == f"blocks,0,499,{percent},5,1536"


def test_a_table_without_data_is_at_zero(api: Any) -> None:
    row = rows(api, "999", start_block=None, current_block=None, files_count=0, total_size_bytes=0)

    assert row[1] == "blocks,,,999,0.0,0,0"


@pytest.mark.parametrize("current", [0, 98, 99])
def test_percent_is_never_below_zero(api: Any, current: int) -> None:
    row = rows(api, "999", start_block=100, current_block=current)[1]

    assert row.split(",")[4] == "0.0"


@pytest.mark.parametrize("left_out", [("current_block",), ("start_block", "current_block")])
def test_a_block_that_is_left_out_is_not_there_yet(api: Any, left_out: tuple[str, ...]) -> None:
    table = {name: value for name, value in table_progress().items() if name not in left_out}
    api.on("GET", "/jobs/123/progress", progress(123, tables={"blocks": table}))
    api.on("GET", "/jobs/123", job(123, descriptor=descriptor(end_block="999")))

    row = json.loads(invoke("job", "progress", "123", "-f", "jsonl").stdout)

    assert all(row[name] is None for name in left_out)
    assert row["percent"] == 0.0


@pytest.mark.parametrize(
    ("status", "document"),
    [
        (500, {"error_code": "GET_DESCRIPTOR_ERROR", "error_message": "no descriptor"}),
        (200, {"id": 123}),
    ],
    ids=["500", "odd"],
)
def test_progress_is_shown_though_the_end_is_not_known(
    api: Any, status: int, document: dict[str, Any]
) -> None:
    api.on("GET", "/jobs/123/progress", progress(123))
    api.on("GET", "/jobs/123", document, status=status)

    result = invoke("job", "progress", "123", "-f", "csv")

    assert result.stdout.splitlines()[1] == "blocks,0,499,,,5,1536"
    assert "the end block of job 123 is not known: " in result.stderr


def test_progress_of_a_job_with_an_odd_descriptor_names_it(api: Any) -> None:
    api.on("GET", "/jobs/123/progress", progress(123))
    api.on("GET", "/jobs/123", job(123, descriptor=["raw"]))

    result = invoke("job", "progress", "123", "-f", "csv")

    assert result.stdout.splitlines()[1] == "blocks,0,499,,,5,1536"
    assert "job 123 is not as documented: descriptor (" in result.stderr


def test_a_server_without_progress_is_not_a_missing_job(api: Any) -> None:
    api.on("GET", "/jobs/123/progress", status=404)

    result = invoke("job", "progress", "123", expect=6)

    assert "this server does not offer job progress" in result.stderr


def test_an_odd_error_detail_is_reported(api: Any) -> None:
    api.on("GET", "/jobs/123/progress", progress(123, "FAILED", detail="boom", tables={}))
    api.on("GET", "/jobs/123", job(123, "FAILED"))

    stderr = invoke("job", "progress", "123").stderr

    assert "job 123 is in FAILED: boom" in stderr
    assert "job 123 is not as documented: detail (" in stderr


@pytest.mark.parametrize(
    ("end_block", "start", "current", "percent"),
    [
        ("1099", 100, 349, "25.0"),
        ("1099", 100, 100, "0.1"),
        ("9", 10, 12, "100.0"),
        ("9", 20, 20, "100.0"),
        ("999", 5, None, "0.0"),
        ("999", None, 5, "0.0"),
    ],
)
def test_percent_is_of_the_blocks_from_the_first_one_synced(
    api: Any, end_block: str, start: int | None, current: int | None, percent: str
) -> None:
    row = rows(api, end_block, start_block=start, current_block=current)[1]

    assert row.split(",")[4] == percent


@pytest.mark.parametrize(
    ("end_block", "shown"),
    [
        ("1099", 1099),
        ("latest", "latest"),
        ("-100", "-100"),
        ("9" * 5000, "9" * 5000),
        ("１２", "１２"),
    ],
    ids=["absolute", "latest", "relative", "past any number", "digits of another script"],
)
def test_an_end_is_a_number_if_it_is_one_and_else_shown_as_it_came(
    api: Any, end_block: str, shown: int | str
) -> None:
    api.on("GET", "/jobs/123/progress", progress(123))
    api.on("GET", "/jobs/123", job(123, descriptor=descriptor(end_block=end_block)))

    assert invoke("job", "progress", "123", "-f", "json").json[0]["end_block"] == shown


def test_the_end_of_a_job_is_read_with_its_progress(api: Any) -> None:
    """Several jobs are read at a time, and nothing of them one by one afterwards."""
    for number in (1, 2):
        api.on("GET", f"/jobs/{number}/progress", progress(number))
        api.on("GET", f"/jobs/{number}", job(number))

    invoke("job", "progress", "1", "2")

    assert api.requests[:2] == ["GET /jobs/1/progress", "GET /jobs/1"]


def test_a_job_without_descriptor_has_no_end(api: Any) -> None:
    api.on("GET", "/jobs/123/progress", progress(123))
    api.on("GET", "/jobs/123", job(123, descriptor=None))

    row = invoke("job", "progress", "123", "-f", "json").json[0]

    assert (row["end_block"], row["percent"], row["current_block"]) == (None, None, 499)


@pytest.mark.parametrize(("tables", "is_told"), [({}, True), ({"t": table_progress()}, False)])
def test_a_person_is_told_that_there_are_no_tables_yet(
    api: Any, tables: dict[str, Any], is_told: bool
) -> None:
    api.on("GET", "/jobs/123/progress", progress(123, tables=tables))
    api.on("GET", "/jobs/123", job(123))

    result = invoke("job", "progress", "123", is_terminal=True)

    assert ("This job has no tables yet." in result.stderr) is is_told


def test_tables_are_sorted_by_name(api: Any) -> None:
    tables = {name: table_progress() for name in ("logs", "blocks", "transactions")}
    api.on("GET", "/jobs/123/progress", progress(123, tables=tables))

    result = invoke("job", "progress", "123", "-f", "value", "-c", "table")

    assert result.stdout.split() == ["blocks", "logs", "transactions"]


def test_json_is_the_document_of_the_server(api: Any) -> None:
    document = progress(123, extra=True)
    api.on("GET", "/jobs/123/progress", document)

    assert invoke("job", "progress", "123", "--json").json == document


def test_an_answer_about_another_job_is_not_believed(api: Any) -> None:
    api.on("GET", "/jobs/123/progress", progress(8))

    assert "not about 123" in invoke("job", "progress", "123", expect=7).stderr


def test_a_failure_says_what_was_being_done(api: Any) -> None:
    api.error("GET", "/jobs/123/progress", 500, "GET_TABLES_ERROR", "no tables")

    stderr = invoke("job", "progress", "123", expect=5).stderr

    assert "can't read the progress of job 123: no tables" in stderr


def test_a_failed_job_without_detail_says_so(api: Any) -> None:
    api.on("GET", "/jobs/123/progress", progress(123, "FATAL", detail={}))
    api.on("GET", "/jobs/123", job(123, "FATAL"))

    assert "job 123 is in FATAL: no reason given" in invoke("job", "progress", "123").stderr


def test_a_failed_job_says_why_on_stderr(api: Any) -> None:
    detail = {"error_code": "RPC_TIMEOUT", "error_message": "no answer\x1b[2J"}
    api.on("GET", "/jobs/123/progress", progress(123, "ERROR", detail=detail, tables={}))
    api.on("GET", "/jobs/123", job(123, "ERROR"))

    result = invoke("job", "progress", "123")

    assert result.stdout == ""
    assert "job 123 is in ERROR: RPC_TIMEOUT: no answer\\x1b[2J" in result.stderr


@pytest.mark.parametrize(
    ("table", "path"),
    [
        ({"current_block": -1}, "tables.blocks.current_block"),
        ({"files_count": None}, "tables.blocks.files_count"),
        ({"total_size_bytes": "5"}, "tables.blocks.total_size_bytes"),
    ],
)
def test_an_answer_of_another_shape_names_the_path(
    api: Any, table: dict[str, Any], path: str
) -> None:
    document = progress(123, tables={"blocks": table_progress(**table)})
    api.on("GET", "/jobs/123/progress", document)

    assert path in invoke("job", "progress", "123", expect=7).stderr
