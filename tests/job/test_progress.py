"""``job progress``."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl.testing import invoke
from ampctl_job.testing import descriptor, job, progress, table_progress


def rows(api: Any, end_block: str | None, **table: Any) -> list[str]:
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
    ],
)
def test_percent_is_known_for_a_fixed_end_only(
    api: Any, end_block: str | None, percent: str
) -> None:
    assert rows(api, end_block)[1] == f"blocks,0,499,{percent},5,1536"


def test_a_table_without_data_is_at_zero(api: Any) -> None:
    row = rows(api, "999", start_block=None, current_block=None, files_count=0, total_size_bytes=0)

    assert row[1] == "blocks,,,999,0.0,0,0"


def test_tables_are_sorted_by_name(api: Any) -> None:
    tables = {name: table_progress() for name in ("logs", "blocks", "transactions")}
    api.on("GET", "/jobs/123/progress", progress(123, tables=tables))

    result = invoke("job", "progress", "123", "-f", "value", "-c", "table")

    assert result.stdout.split() == ["blocks", "logs", "transactions"]


def test_json_is_the_document_of_the_server(api: Any) -> None:
    document = progress(123, extra=True)
    api.on("GET", "/jobs/123/progress", document)

    assert invoke("job", "progress", "123", "--json").json == document


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
