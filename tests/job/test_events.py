"""``job events``."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl.testing import invoke
from ampctl_job.testing import descriptor, event


def test_events_come_oldest_first(api: Any) -> None:
    log = {"job_id": 123, "events": [event(1), event(2, "RUNNING")]}
    api.on("GET", "/jobs/123/events", log)

    assert invoke("job", "events", "123", "-f", "csv").stdout.splitlines() == [
        "id,created_at,event_type,worker",
        "1,2026-03-01T09:14:22.123456+00:00,SCHEDULED,worker-1",
        "2,2026-03-01T09:14:22.123456+00:00,RUNNING,worker-1",
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


def test_on_a_terminal_events_have_an_age(api: Any) -> None:
    api.on("GET", "/jobs/123/events", {"job_id": 123, "events": [event(7)]})
    api.on("GET", "/jobs/123/events/7", event(7, job_id=123))

    for arguments in ((), ("--event-id", "7")):
        shown = invoke("job", "events", "123", *arguments, "-c", "created_at", is_terminal=True)
        assert shown.stdout.splitlines()[-1] == "2h ago"
