"""``job stop``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ampctl.testing import invoke
from ampctl_job.testing import job


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        ("RUNNING", "STOP_REQUESTED", "requested"),
        ("SCHEDULED", "STOPPING", "requested"),
        ("RUNNING", "STOPPED", "requested"),
        ("RUNNING", "COMPLETED", "already finished"),
        ("ERROR", "STOP_REQUESTED", "requested"),
        ("ERROR", "ERROR", "already finished"),
        ("STOP_REQUESTED", None, "already stopping"),
        ("STOPPING", None, "already stopping"),
        ("COMPLETED", None, "already finished"),
        ("STOPPED", None, "already finished"),
        ("FATAL", None, "already finished"),
    ],
)
def test_the_result_says_what_the_request_changed(
    api: Any, before: str, after: str | None, result: str
) -> None:
    api.on("GET", "/jobs/7", job(7, before), *([job(7, after)] if after else []))
    api.on("PUT", "/jobs/7/stop")

    rows = invoke("job", "stop", "7", "-f", "csv").stdout.splitlines()

    assert rows == ["id,status,result", f"7,{after or before},{result}"]
    assert api.requests.count("PUT /jobs/7/stop") == 1


def test_json_is_one_object_for_each_job(api: Any) -> None:
    for number in (7, 8):
        api.on("GET", f"/jobs/{number}", job(number, "STOPPING"))
        api.on("PUT", f"/jobs/{number}/stop")

    lines = invoke("job", "stop", "7", "8", "--json").stdout.splitlines()

    assert json.loads(lines[0]) == {"job_id": 7, "status": "STOPPING", "result": "already stopping"}
    assert json.loads(lines[1])["job_id"] == 8


def test_an_id_given_twice_counts_once(api: Any) -> None:
    for number in (8, 7):
        api.on("GET", f"/jobs/{number}", job(number, "STOPPING"))
        api.on("PUT", f"/jobs/{number}/stop")

    result = invoke("job", "stop", "8", "7", "8", "-f", "value", "-c", "id")

    assert result.stdout == "8\n7\n"
    assert api.requests.count("PUT /jobs/8/stop") == 1


def test_all_jobs_are_tried_though_some_are_missing(api: Any) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND")
    api.on("GET", "/jobs/8", job(8, "STOPPING"))
    api.on("PUT", "/jobs/8/stop")

    result = invoke("job", "stop", "7", "8", "-f", "value", expect=3)

    assert result.stdout == "8 STOPPING already stopping\n"


def test_failures_of_different_kinds_end_with_1(api: Any) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND")
    api.error("GET", "/jobs/8", 500, "GET_JOB_ERROR")

    assert invoke("job", "stop", "7", "8", expect=1).stderr.count("ampctl:") == 2


def test_a_stop_that_is_refused_is_told(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7))
    api.error("PUT", "/jobs/7/stop", 500, "UNEXPECTED_STATE_CONFLICT", "raced")

    result = invoke("job", "stop", "7", expect=5)

    assert (
        "can't stop job 7: raced\n        "
        "UNEXPECTED_STATE_CONFLICT, HTTP 500, PUT http://localhost:1610/jobs/7/stop"
        in result.stderr
    )
    assert result.stdout == ""


def test_a_redirected_stop_is_not_taken_for_done(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7))
    api.on("PUT", "/jobs/7/stop", status=302, headers={"Location": "/login"})

    invoke("job", "stop", "7", expect=7)

    assert api.requests == ["GET /jobs/7", "PUT /jobs/7/stop"]
