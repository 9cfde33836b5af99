"""Pages of jobs: parameters, order, cursors, filters, and walks while jobs come and go."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl_job import schemas
from ampctl_sandbox.testing import Sandbox, make_job
from tests.sandbox.http_calls import assert_error, call, document

ALL = (
    "SCHEDULED",
    "RUNNING",
    "STOP_REQUESTED",
    "STOPPING",
    "COMPLETED",
    "STOPPED",
    "ERROR",
    "FATAL",
)


def page(sandbox: Sandbox, query: str = "") -> Any:
    return document(sandbox, f"/jobs{query}", schemas.JOB_PAGE)


def ids(sandbox: Sandbox, query: str = "") -> list[int]:
    return [job["id"] for job in page(sandbox, query)["jobs"]]


def test_jobs_come_newest_first(sandbox: Sandbox) -> None:
    made = [make_job(sandbox.store) for _ in range(5)]

    assert ids(sandbox) == made[::-1]


def test_every_page_with_jobs_has_a_cursor_even_the_last(sandbox: Sandbox) -> None:
    made = [make_job(sandbox.store) for _ in range(3)]

    assert page(sandbox, "?limit=2")["next_cursor"] == made[1]
    last = page(sandbox, f"?limit=2&last_job_id={made[1]}")
    assert (last["next_cursor"], len(last["jobs"])) == (made[0], 1)
    assert page(sandbox, f"?last_job_id={made[0]}") == {"jobs": []}


def test_a_page_has_fifty_jobs_unless_told_otherwise(sandbox: Sandbox) -> None:
    for _ in range(60):
        make_job(sandbox.store)

    queries = ("", "?limit=1000", "?limit=7", "?limit=%2B07")
    assert [len(ids(sandbox, query)) for query in queries] == [50, 60, 7, 7]


def test_the_highest_id_is_listed_and_may_be_a_cursor(sandbox: Sandbox) -> None:
    highest = 2**63 - 1
    small = make_job(sandbox.store)
    make_job(sandbox.store, job_id=highest)

    assert ids(sandbox) == [highest, small]
    assert ids(sandbox, f"?last_job_id={highest}") == [small]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("limit=0", "LIMIT_INVALID"),
        ("limit=000", "LIMIT_INVALID"),
        ("limit=-1", "INVALID_QUERY_PARAMETERS"),
        ("limit=1001", "LIMIT_TOO_LARGE"),
        ("limit=%2B1001", "LIMIT_TOO_LARGE"),
        (f"limit={2**64 - 1}", "LIMIT_TOO_LARGE"),
        (f"limit={2**64}", "INVALID_QUERY_PARAMETERS"),
        ("limit=" + "9" * 5000, "INVALID_QUERY_PARAMETERS"),
        ("limit=abc", "INVALID_QUERY_PARAMETERS"),
        ("limit=", "INVALID_QUERY_PARAMETERS"),
        ("limit=5.0", "INVALID_QUERY_PARAMETERS"),
        ("limit=%2B", "INVALID_QUERY_PARAMETERS"),
        ("limit=%2B%2B5", "INVALID_QUERY_PARAMETERS"),
        ("limit=+5", "INVALID_QUERY_PARAMETERS"),
        ("limit=５", "INVALID_QUERY_PARAMETERS"),
        ("limit=5&limit=5", "INVALID_QUERY_PARAMETERS"),
        ("last_job_id=0", "INVALID_QUERY_PARAMETERS"),
        ("last_job_id=-1", "INVALID_QUERY_PARAMETERS"),
        ("last_job_id=x", "INVALID_QUERY_PARAMETERS"),
        (f"last_job_id={2**63}", "INVALID_QUERY_PARAMETERS"),
        ("last_job_id=1&last_job_id=1", "INVALID_QUERY_PARAMETERS"),
        ("status=all&status=all", "INVALID_QUERY_PARAMETERS"),
        ("limit=0&last_job_id=abc", "INVALID_QUERY_PARAMETERS"),
        ("limit=1001&status=all&status=all", "INVALID_QUERY_PARAMETERS"),
    ],
)
def test_an_invalid_parameter_is_refused(sandbox: Sandbox, query: str, code: str) -> None:
    assert_error(call(sandbox, "GET", f"/jobs?{query}"), 400, code)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("limit=abc", "limit is not a whole number of 64 bits"),
        ("limit=1&limit=1", "limit is given more than once"),
        ("limit=0", "the limit must be at least 1"),
        ("limit=1001", "the limit must be at most 1000"),
        ("last_job_id=x", "last_job_id is not a whole number from 1 to 2^63-1"),
        ("last_job_id=1&last_job_id=1", "last_job_id is given more than once"),
        ("status=all&status=all", "status is given more than once"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(
    sandbox: Sandbox, query: str, message: str
) -> None:
    assert call(sandbox, "GET", f"/jobs?{query}").json()["error_message"] == message


@pytest.mark.parametrize(
    ("query", "statuses"),
    [
        ("", ALL[:4]),
        ("?status=active", ALL[:4]),
        ("?status=ACTIVE", ALL[:4]),
        ("?status=all", ALL),
        ("?status=running", ("RUNNING",)),
        ("?status=Running,stop_requested", ("RUNNING", "STOP_REQUESTED")),
        ("?status=Running,%20stop_requested", ("RUNNING",)),
        ("?status=%20active", ()),
        ("?status=all%20", ()),
        ("?status=%C5%BFtopped", ()),
        ("?status=error,fatal,error", ("ERROR", "FATAL")),
        ("?status=running,nonsense", ("RUNNING",)),
        ("?status=nonsense", ()),
        ("?status=", ()),
        ("?status=unknown", ()),
        ("?status=%00%ff,'", ()),
        ("?something=else", ALL[:4]),
    ],
)
def test_a_filter_shows_its_statuses_and_no_other(
    sandbox: Sandbox, query: str, statuses: tuple[str, ...]
) -> None:
    for status in ALL:
        make_job(sandbox.store, status)

    assert [job["status"] for job in page(sandbox, query)["jobs"]] == list(statuses)[::-1]


@pytest.mark.parametrize("query", ["unknown", "nonsense", "paused", "running,unknown"])
def test_a_job_in_an_unknown_status_is_only_found_among_all(sandbox: Sandbox, query: str) -> None:
    job = make_job(sandbox.store, "PAUSED")

    assert page(sandbox, f"?status={query}")["jobs"] == []
    assert [shown["id"] for shown in page(sandbox, "?status=all")["jobs"]] == [job]


@pytest.mark.parametrize("query", ["unknown", "nonsense", "running,unknown", "running,nonsense"])
def test_a_name_that_is_not_a_status_is_treated_as_unknown(sandbox: Sandbox, query: str) -> None:
    job = make_job(sandbox.store, "UNKNOWN")

    assert [shown["id"] for shown in page(sandbox, f"?status={query}")["jobs"]] == [job]


@pytest.mark.parametrize("limit", [1, 3, 7])
@pytest.mark.parametrize("filter_", ["all", "running", "running,completed,error"])
def test_a_walk_finds_every_job_once(sandbox: Sandbox, limit: int, filter_: str) -> None:
    made = [(make_job(sandbox.store, ALL[n % 7]), ALL[n % 7]) for n in range(20)]
    expected = [job for job, status in made if filter_ == "all" or status.lower() in filter_]

    seen: list[int] = []
    while True:
        after = f"&last_job_id={seen[-1]}" if seen else ""
        found = page(sandbox, f"?status={filter_}&limit={limit}{after}")
        if not found["jobs"]:
            break
        seen += [job["id"] for job in found["jobs"]]

    assert seen == expected[::-1]


def test_a_walk_shows_each_job_that_stays_once_whatever_else_happens(sandbox: Sandbox) -> None:
    made = [make_job(sandbox.store, "COMPLETED") for _ in range(30)]
    doomed = set(made[::3])
    seen: list[int] = []
    cursor = ""
    while found := page(sandbox, f"?status=all&limit=4{cursor}").get("jobs"):
        seen += [job["id"] for job in found]
        cursor = f"&last_job_id={found[-1]['id']}"
        make_job(sandbox.store)
        for job in list(doomed)[:2]:
            doomed.discard(job)
            assert call(sandbox, "DELETE", f"/jobs/{job}").status_code == 204

    assert len(seen) == len(set(seen))
    assert set(made) - set(made[::3]) <= set(seen)
