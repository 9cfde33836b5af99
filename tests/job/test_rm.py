"""``job rm``."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl.testing import invoke
from ampctl_job.testing import job


@pytest.mark.parametrize("verb", ["rm", "remove"])
def test_rm_removes_finished_jobs(api: Any, verb: str) -> None:
    api.on("GET", "/jobs/123", job(123, "COMPLETED"))
    api.on("DELETE", "/jobs/123", status=204)

    assert invoke("job", verb, "123", "-f", "csv").stdout.splitlines() == [
        "id,result",
        "123,removed",
    ]


def test_rm_reports_a_missing_job_and_goes_on(api: Any) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND", "no such job")
    api.on("GET", "/jobs/8", job(8, "STOPPED"))
    api.on("DELETE", "/jobs/8", status=204)

    result = invoke("job", "rm", "7", "8", "-f", "value", expect=3)

    assert result.stdout == "8 removed\n"
    assert "JOB_NOT_FOUND" in result.stderr


def test_an_id_given_twice_counts_once(api: Any) -> None:
    for number in (8, 7):
        api.on("GET", f"/jobs/{number}", job(number, "COMPLETED"))
        api.on("DELETE", f"/jobs/{number}", status=204)

    result = invoke("job", "rm", "8", "7", "8", "-f", "value")

    assert result.stdout == "8 removed\n7 removed\n"
    assert api.requests.count("DELETE /jobs/8") == 1


def test_a_missing_job_can_be_fine(api: Any) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND")

    result = invoke("job", "rm", "7", "--ignore-not-found", "--json")

    assert result.json == {"job_id": 7, "result": "not found"}


def test_a_bare_404_is_not_a_missing_job(api: Any) -> None:
    api.on("GET", "/jobs/7", status=404)

    invoke("job", "rm", "7", "--ignore-not-found", expect=6)


def test_an_active_job_is_refused(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7))
    api.error("DELETE", "/jobs/7", 409, "JOB_CONFLICT", "job is running")

    result = invoke("job", "rm", "7", expect=6)

    assert "can't remove job 7: job is running" in result.stderr
    assert "JOB_CONFLICT, HTTP 409" in result.stderr
    assert result.stdout == ""
