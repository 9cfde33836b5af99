"""Jobs that are selected and not named, for several commands."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl.testing import Api, invoke
from ampctl_job.testing import descriptor, job, page

OLD = "2026-02-01T00:00:00+00:00"


def last(*jobs: dict[str, Any]) -> dict[str, Any]:
    """Return a page after which there is none."""
    return page(*jobs, next_cursor=None)


def all_of(*statuses: str) -> str:
    return f"/jobs?limit=1000&status={'%2C'.join(statuses)}"


TERMINAL = all_of("completed", "stopped", "error", "fatal", "failed")


def test_rm_removes_what_its_filters_find(api: Api) -> None:
    other = descriptor(dataset_name="logs")
    found = [
        job(9, "STOPPED", updated_at=OLD),
        job(8, "STOPPED", updated_at=OLD, descriptor=other),
        job(7, "STOPPED", updated_at=OLD, node_id="worker-2"),
        job(6, "STOPPED"),
        job(5, "FATAL", updated_at=OLD),
    ]
    api.on("GET", TERMINAL, last(*found))
    for number in (9, 5):
        api.on("DELETE", f"/jobs/{number}", status=204)
    filters = ("--dataset", "eth_mainnet/blocks", "--worker", "worker-1", "--older", "7d")

    result = invoke("job", "rm", *filters, "-f", "value")

    assert result.stdout == "9 removed\n5 removed\n"


@pytest.mark.parametrize(
    ("verb", "filters", "path", "question"),
    [
        ("rm", ("--status", "fatal"), all_of("fatal"), "Remove 1 FATAL: job 9?"),
        ("rm", ("--worker", "worker-1"), TERMINAL, "Remove 1 FATAL: job 9?"),
        ("stop", ("--worker", "worker-1"), all_of("active"), "Stop 1 FATAL: job 9?"),
    ],
    ids=str,
)
def test_what_was_found_is_shown_and_a_no_changes_nothing(
    api: Api, verb: str, filters: tuple[str, ...], path: str, question: str
) -> None:
    status = "FATAL" if verb == "rm" else "RUNNING"
    api.on("GET", path, last(job(9, status)))

    result = invoke("job", verb, *filters, is_terminal=True, stdin="n\n", expect=1)

    assert question.replace("FATAL", status) in result.stderr
    assert api.requests == [f"GET {path}"]


@pytest.mark.parametrize(
    ("options", "settings"),
    [((), {}), (("--yes",), {"is_terminal": True}), ((), {"is_terminal": True, "stdin": "y\n"})],
    ids=["unasked", "--yes", "agreed"],
)
def test_stop_stops_what_was_found(
    api: Api, options: tuple[str, ...], settings: dict[str, Any]
) -> None:
    api.on("GET", all_of("active"), last(job(9), job(8, node_id="worker-2")))
    api.on("GET", "/jobs/9", job(9), job(9, "STOP_REQUESTED"))
    api.on("PUT", "/jobs/9/stop")

    result = invoke("job", "stop", "--worker", "worker-1", "-f", "value", *options, **settings)

    assert result.stdout == "9 STOP_REQUESTED requested\n"


def test_jobs_that_are_still_being_retried_are_marked(api: Api) -> None:
    there = last(job(9, "ERROR"), job(8, "ERROR", descriptor=None), job(7, "STOPPED"))
    api.on("GET", TERMINAL, there)

    result = invoke("job", "rm", "-s", "terminal", is_terminal=True, stdin="n\n", expect=1)

    question = "Remove 2 ERROR (1 still being retried), 1 STOPPED: jobs 9, 8, 7?"
    assert question in result.stderr


def test_wait_waits_for_what_was_found(api: Api) -> None:
    api.on("GET", all_of("active"), last(job(9), job(8, node_id="worker-2")))
    api.on("GET", "/jobs/9", job(9), job(9, "STOPPED"))

    result = invoke("job", "wait", "--worker", "worker-1", "-f", "value")

    assert result.stdout == "9 STOPPED reached\n"


def test_inspect_shows_what_was_found_as_a_list_without_asking_for_each(api: Api) -> None:
    api.on("GET", all_of("all"), last(job(9), job(8, node_id="worker-2")))

    result = invoke(
        "job", "inspect", "--worker", "worker-1", "-f", "json", "-c", "id", "-c", "status"
    )

    assert result.json == [{"id": 9, "status": "RUNNING"}]
    assert len(api.requests) == 1


@pytest.mark.parametrize("verb", ["stop", "rm", "wait", "inspect"])
def test_where_none_is_found_nothing_is_done_and_nothing_is_asked(api: Api, verb: str) -> None:
    api.on("GET", "/jobs", page())

    result = invoke("job", verb, "--status", "running", is_terminal=True)

    assert (result.stdout, result.stderr) == ("", "No such jobs were found.\n")


@pytest.mark.parametrize("verb", ["stop", "rm", "wait", "inspect"])
@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "no job is named"),
        (("7", "--status", "all"), "exclude each other"),
        (("-", "--older", "7d"), "exclude each other"),
        (("--worker", ""), "an empty name is not a filter"),
    ],
    ids=str,
)
def test_jobs_are_either_named_or_selected(
    api: Api, verb: str, words: tuple[str, ...], message: str
) -> None:
    assert message in invoke("job", verb, *words, expect=2).stderr
    assert api.requests == []
