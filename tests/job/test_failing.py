"""What ``job list`` says of failed jobs that it does not show."""

from __future__ import annotations

import threading
import types
from typing import Any, cast

import pytest
import requests

from ampctl.testing import NOW, invoke, timestamp
from ampctl_job import failing
from ampctl_job.api import Jobs
from ampctl_job.testing import job, page

DEFAULT = "/jobs?limit=50&status=active"
FAILED = "/jobs?limit=100&status=error%2Cfatal%2Cfailed"


@pytest.mark.parametrize(
    ("failed", "told"),
    [
        ([], ""),
        (["ERROR"], "1 job is in ERROR or FATAL: --status failed shows it.\n"),
        (
            ["ERROR", "FATAL", "FAILED"],
            "3 jobs are in ERROR or FATAL: --status failed shows them.\n",
        ),
        (
            ["FATAL"] * 100,
            "100 or more jobs are in ERROR or FATAL: --status failed shows them.\n",
        ),
    ],
    ids=len,
)
def test_a_person_is_told_how_many_jobs_have_failed(api: Any, failed: list[str], told: str) -> None:
    api.on("GET", DEFAULT, page(job(7), next_cursor=None))
    numbers = range(200, 0, -1)
    failed_jobs = [job(number, status) for number, status in zip(numbers, failed, strict=False)]
    api.on("GET", FAILED, page(*failed_jobs))

    assert invoke("job", "list", is_terminal=True).stderr == told


@pytest.mark.parametrize(
    "arguments",
    [["-s", "all"], ["-s", "failed"], ["-s", "fatal,running"], ["-s", "terminal"], ["-q"]],
    ids=" ".join,
)
def test_no_one_is_told_what_is_shown_or_not_wanted(api: Any, arguments: list[str]) -> None:
    api.on("GET", "/jobs", page(next_cursor=None))

    invoke("job", "list", *arguments, is_terminal=True)

    assert len(api.requests) == 1


def test_without_a_terminal_there_is_one_request(api: Any) -> None:
    api.on("GET", DEFAULT, page(job(7), next_cursor=None))

    result = invoke("job", "list", stdout_is_terminal=True)

    assert (result.stderr, api.requests) == ("", [f"GET {DEFAULT}"])


def test_only_failed_jobs_that_the_filters_leave_count(api: Any) -> None:
    api.on("GET", "/jobs?limit=1000&status=active", page())
    on_one = job(9, "ERROR", updated_at=timestamp(ago_s=60))
    long_ago = job(8, "FATAL", updated_at=timestamp(ago_s=9000))
    api.on("GET", FAILED, page(on_one, long_ago))

    stderr = invoke("job", "list", "--since", "1h", is_terminal=True).stderr

    assert stderr.splitlines()[-1] == "1 job is in ERROR or FATAL: --status failed shows it."


@pytest.mark.parametrize(
    "answer",
    [{"status": 503}, {"status": 404}, {"text": "<html>"}, {"exc": requests.ConnectionError}],
    ids=str,
)
def test_a_count_that_fails_says_nothing_and_fails_nothing(api: Any, answer: Any) -> None:
    api.on("GET", DEFAULT, page(job(7), next_cursor=None))
    api.on("GET", FAILED, **answer)

    result = invoke("job", "list", "--retries", "0", is_terminal=True)

    assert (result.stdout.count("RUNNING"), result.stderr) == (1, "")


def test_a_count_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failing, "_PATIENCE_S", 0)
    never = threading.Event()
    jobs = types.SimpleNamespace(fetch=lambda status, limit: never.wait(60))

    remarks = list(failing.remark_on_failed(cast(Jobs, jobs), None, NOW))
    never.set()

    assert remarks == []
