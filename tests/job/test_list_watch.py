"""``job list --watch``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ampctl.testing import FakeClock, invoke
from ampctl_job.testing import job, page

ACTIVE = "/jobs?limit=50&status=active"


class Impatient(FakeClock):
    """A clock at which a person presses Ctrl-C in the sleep after so many others."""

    def __init__(self, left: int) -> None:
        super().__init__()
        self.left = left

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


def watch(api: Any, pages: list[Any], *options: str, query: str = ACTIVE) -> list[str]:
    """Return the lines that a watch prints which sees these pages."""
    api.on("GET", query, *pages)
    clock = Impatient(len(pages))
    return invoke("job", "list", *options, "-w", clock=clock).stdout.splitlines()


def test_changed_jobs_are_added_and_so_is_what_became_of_others(api: Any) -> None:
    pages = [page(job(9, "SCHEDULED"), job(8)), page(job(9), job(8)), page(job(9))]
    api.on("GET", "/jobs/8", job(8, "FATAL"))

    lines = watch(api, pages, "-f", "value", "-c", "id", "-c", "status")

    assert lines == ["9 SCHEDULED", "8 RUNNING", "9 RUNNING", "8 FATAL"]


def test_a_job_that_was_removed_is_not_told(api: Any) -> None:
    api.error("GET", "/jobs/8", 404, "JOB_NOT_FOUND")

    lines = watch(api, [page(job(8)), page()], "-f", "value", "-c", "status")

    assert lines == ["RUNNING"]


def test_a_job_that_newer_ones_push_out_has_not_changed(api: Any) -> None:
    api.on("GET", "/jobs/8", job(8))
    pages = [page(job(8)), page(job(9))]
    query = "/jobs?limit=1&status=active"

    assert watch(api, pages, "-l", "1", "-f", "value", "-c", "id", query=query) == ["8", "9"]


def test_json_is_the_document_of_each_changed_job(api: Any) -> None:
    pages = [page(job(8, "SCHEDULED", shard="a")), page(job(8, shard="a"))]

    lines = watch(api, pages, "--json")

    assert list(map(json.loads, lines)) == [job(8, "SCHEDULED", shard="a"), job(8, shard="a")]


@pytest.mark.parametrize("options", [["--all"], ["--worker", "worker-1"]], ids=" ".join)
def test_whole_and_filtered_lists_are_watched_too(api: Any, options: list[str]) -> None:
    pages = [page(job(8, "SCHEDULED"), next_cursor=None), page(job(8), next_cursor=None)]
    query = "/jobs?limit=1000&status=active"

    assert len(watch(api, pages, *options, "-f", "jsonl", query=query)) == 2


def test_a_person_is_told_of_failed_jobs_above_the_list(api: Any) -> None:
    api.on("GET", ACTIVE, page(job(8), next_cursor=None))
    api.on("GET", "/jobs?limit=100&status=error%2Cfatal%2Cfailed", page(job(7, "FATAL")))

    shown = invoke("job", "list", "-w", "5", is_terminal=True, clock=Impatient(1)).stdout

    assert "every 5s: job list, localhost:1610" in shown
    assert shown.index("1 job is in ERROR or FATAL") < shown.index("RUNNING")
