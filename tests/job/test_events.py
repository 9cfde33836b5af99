"""``job events``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ampctl.testing import invoke, timestamp
from ampctl_job.testing import descriptor, event


def test_events_come_oldest_first(api: Any) -> None:
    later = event(2, "RUNNING", created_at="2026-03-01T09:14:25.5+00:00")
    log = {"job_id": 123, "events": [event(1), later]}
    api.on("GET", "/jobs/123/events", log)

    assert invoke("job", "events", "123", "-f", "csv").stdout.splitlines() == [
        "id,created_at,event_type,worker,elapsed_s,error_code,error_message",
        "1,2026-03-01T09:14:22.123456+00:00,SCHEDULED,worker-1,,,",
        "2,2026-03-01T09:14:25.500000+00:00,RUNNING,worker-1,3.377,,",
    ]
    assert invoke("job", "events", "123", "--json").json == log


def test_a_single_event_comes_with_its_detail(api: Any) -> None:
    document = event(7, detail=descriptor(), job_id=123)
    api.on("GET", "/jobs/123/events/7", document)

    rows = invoke("job", "events", "123", "--event-id", "7", "-f", "json").json

    assert rows[0]["detail"] == descriptor()
    assert invoke("job", "events", "123", "--event-id", "7", "--json").json == document


def test_a_server_without_events_is_not_a_missing_job(api: Any) -> None:
    api.on("GET", "/jobs/123/events", status=404)

    result = invoke("job", "events", "123", expect=6)

    assert "this server does not offer job events" in result.stderr
    assert "HTTP 404, GET http://localhost:1610/jobs/123/events" in result.stderr
    assert "the server is too old for events" in result.stderr


def test_a_missing_job_or_event_is_not_found(api: Any) -> None:
    api.error("GET", "/jobs/123/events", 404, "JOB_NOT_FOUND")
    api.error("GET", "/jobs/123/events/7", 404, "EVENT_NOT_FOUND")

    assert "JOB_NOT_FOUND" in invoke("job", "events", "123", expect=3).stderr
    assert "EVENT_NOT_FOUND" in invoke("job", "events", "123", "--event-id", "7", expect=3).stderr


@pytest.mark.parametrize("detail", ["boom", ["a", 1], 5, None, {"error_code": 7}], ids=str)
def test_a_detail_may_be_any_json(api: Any, detail: Any) -> None:
    document = event(7, "ERROR", detail=detail, job_id=123)
    api.on("GET", "/jobs/123/events/7", document)

    rows = invoke("job", "events", "123", "--event-id", "7", "-f", "json").json

    assert rows[0]["detail"] == detail
    assert invoke("job", "events", "123", "--event-id", "7", "--json").json == document


@pytest.mark.parametrize("members", [{"job_id": 124}, {}], ids=["another", "none"])
def test_an_event_of_another_job_is_not_believed(api: Any, members: dict[str, Any]) -> None:
    api.on("GET", "/jobs/123/events/7", event(7, **members))

    assert "job_id" in invoke("job", "events", "123", "--event-id", "7", expect=7).stderr


def test_events_of_another_job_are_not_believed(api: Any) -> None:
    api.on("GET", "/jobs/123/events", {"job_id": 124, "events": []})

    invoke("job", "events", "123", expect=7)


def test_an_event_that_is_missing_is_named(api: Any) -> None:
    api.error("GET", "/jobs/123/events/7", 404, "EVENT_NOT_FOUND", "no such event")

    result = invoke("job", "events", "123", "--event-id", "7", expect=3)

    assert "can't read event 7 of job 123: no such event" in result.stderr


def test_an_answer_about_another_job_is_not_believed(api: Any) -> None:
    api.on("GET", "/jobs/123/events", {"job_id": 8, "events": []})

    assert "not about 123" in invoke("job", "events", "123", expect=7).stderr


def test_an_answer_about_another_event_is_not_believed(api: Any) -> None:
    api.on("GET", "/jobs/123/events/7", event(8, job_id=123))

    assert "not about 7" in invoke("job", "events", "123", "--event-id", "7", expect=7).stderr


def test_on_a_terminal_moments_are_exact_and_in_utc(api: Any) -> None:
    one = event(7, created_at="2026-03-01T11:14:22.123456+02:00")
    api.on("GET", "/jobs/123/events", {"job_id": 123, "events": [one]})
    api.on("GET", "/jobs/123/events/7", {**one, "job_id": 123})

    for arguments in ((), ("--event-id", "7")):
        shown = invoke("job", "events", "123", *arguments, "-c", "created_at", is_terminal=True)
        assert shown.stdout.splitlines()[-1] == "2026-03-01 09:14:22.123"


FAULT = {"error_code": "RPC", "error_message": "no answer"}
STEPS = ["SCHEDULED", "RUNNING", "ERROR", "SCHEDULED", "RUNNING", "COMPLETED"]


def make_log(job_id: int, first: int, *names: str) -> dict[str, Any]:
    """Return a log with an event every ten seconds, the last one ten seconds ago."""
    events = [
        event(first + at, name, created_at=timestamp(ago_s=10 * (len(names) - at)))
        for at, name in enumerate(names)
    ]
    return {"job_id": job_id, "events": events}


def serve_log(api: Any, job_id: int, first: int, *names: str) -> None:
    """Serve a log, and the details of its failures."""
    log = make_log(job_id, first, *names)
    api.on("GET", f"/jobs/{job_id}/events", log)
    for one in log["events"]:
        if one["event_type"] in ("ERROR", "FATAL"):
            document = {**one, "job_id": job_id, "detail": FAULT}
            api.on("GET", f"/jobs/{job_id}/events/{one['id']}", document)


def test_a_failure_comes_with_its_error_in_the_same_line(api: Any) -> None:
    serve_log(api, 7, 1, *STEPS)

    rows = invoke("job", "events", "7", "-f", "json").json

    assert [row["error_code"] for row in rows] == [None, None, "RPC", None, None, None]
    assert rows[2]["error_message"] == "no answer"
    assert len(api.requests) == 2


def test_an_error_that_is_not_shown_costs_no_request(api: Any) -> None:
    api.on("GET", "/jobs/7/events", make_log(7, 1, *STEPS))

    invoke("job", "events", "7", "-f", "csv", "-c", "id", "-c", "elapsed_s")
    invoke("job", "events", "7", "--json")

    assert api.requests == ["GET /jobs/7/events"] * 2


def test_an_error_that_can_not_be_read_hides_no_event(api: Any) -> None:
    api.on("GET", "/jobs/7/events", make_log(7, 1, *STEPS))
    api.error("GET", "/jobs/7/events/3", 500, "GET_JOB_EVENT_ERROR", "no detail")

    result = invoke("job", "events", "7", "-f", "json", "--retries", "0")

    assert [row["id"] for row in result.json] == [1, 2, 3, 4, 5, 6]
    assert result.stderr == (
        "ampctl: the detail of event 3 is not known: can't read event 3 of job 7: no detail\n"
    )


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["--tail", "2"], [5, 6]),
        (["--tail", "0"], []),
        (["--tail", "99"], [1, 2, 3, 4, 5, 6]),
        (["--since", "25s"], [5, 6]),
        (["--since", "20"], [5, 6]),
        (["--type", "running"], [2, 5]),
        (["--type", "Failed,completed"], [3, 6]),
        (["--type", "active"], [1, 2, 4, 5]),
        (["--type", "all"], [1, 2, 3, 4, 5, 6]),
        (["--type", "scheduled", "--tail", "1"], [4]),
    ],
    ids=str,
)
def test_a_log_can_be_narrowed(api: Any, arguments: list[str], ids: list[int]) -> None:
    api.on("GET", "/jobs/7/events", make_log(7, 1, *STEPS))
    words = ("job", "events", "7", *arguments)

    rows = invoke(*words, "-f", "json", "-c", "id", "-c", "elapsed_s").json
    document = invoke(*words, "--json").json

    assert [row["id"] for row in rows] == ids
    assert [row["elapsed_s"] for row in rows] == [None if one == 1 else 10.0 for one in ids]
    assert [one["id"] for one in document["events"]] == ids


def test_details_come_with_every_event_on_wish(api: Any) -> None:
    api.on("GET", "/jobs/7/events", make_log(7, 1, "SCHEDULED"))
    whole = {**make_log(7, 1, "SCHEDULED")["events"][0], "job_id": 7, "detail": descriptor()}
    api.on("GET", "/jobs/7/events/1", whole)

    rows = invoke("job", "events", "7", "--details", "-f", "json").json
    by_column = invoke("job", "events", "7", "-f", "json", "-c", "detail").json
    document = invoke("job", "events", "7", "--details", "--json").json

    assert rows[0]["detail"] == by_column[0]["detail"] == descriptor()
    assert document["events"] == [whole]


def test_events_of_several_jobs_are_one_story_in_which_each_is_named(api: Any) -> None:
    log = {"job_id": 9, "events": [event(2, "STOPPED")]}
    first = make_log(7, 1, "SCHEDULED", "RUNNING")
    first["events"][1]["id"] = 3
    api.on("GET", "/jobs/7/events", first)
    api.on("GET", "/jobs/9/events", log)

    lines = invoke("job", "events", "7", "9", "-f", "csv", "-c", "id", "-c", "job_id").stdout
    documents = invoke("job", "events", "7", "9", "--json").stdout.splitlines()

    assert lines.splitlines() == ["id,job_id", "1,7", "2,9", "3,7"]
    assert list(map(json.loads, documents)) == [first, log]


def test_a_missing_job_hides_no_event_of_others(api: Any) -> None:
    api.error("GET", "/jobs/7/events", 404, "JOB_NOT_FOUND")
    api.on("GET", "/jobs/9/events", make_log(9, 1, "RUNNING"))

    result = invoke("job", "events", "7", "9", "-f", "value", "-c", "id", expect=3)

    assert result.stdout == "1\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["7", "--event-id", "1", "--follow"],
        ["7", "--event-id", "1", "--tail", "0"],
        ["7", "8", "--event-id", "1"],
        ["7", "--follow", "--sort-column", "id"],
        ["7", "--type", "walking"],
        ["7", "--tail", "-1"],
        ["7", "--since", "yesterday"],
        ["7", "-c", "bogus"],
    ],
    ids=" ".join,
)
def test_wrong_usage_sends_nothing(api: Any, arguments: list[str]) -> None:
    invoke("job", "events", *arguments, expect=2)

    assert api.requests == []
