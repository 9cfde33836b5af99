"""``job events --follow``."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests

from ampctl.runtime import Runtime
from ampctl.testing import FakeClock, Result, fake_runtime, invoke
from ampctl_job.testing import event

NAMES = ["SCHEDULED", "RUNNING", "ERROR", "SCHEDULED", "RUNNING", "COMPLETED"]
DETAIL = {"error_code": "RPC", "error_message": "no answer"}


def log_of(*names: str, job_id: int = 7) -> dict[str, Any]:
    """Return a log whose events are numbered from 1."""
    return {"job_id": job_id, "events": [event(at, name) for at, name in enumerate(names, 1)]}


def serve(api: Any, *answers: Any, job_id: int = 7) -> None:
    """Answer with logs, the statuses of failures, or exceptions, in turn."""
    responses = [
        {"json": one}
        if isinstance(one, dict)
        else {"status_code": one}
        if isinstance(one, int)
        else {"exc": one}
        for one in answers
    ]
    api.mocker.get(f"{api.url}/jobs/{job_id}/events", responses)


def follow(*arguments: str, ids: tuple[str, ...] = ("7",), **options: Any) -> Result:
    words = ("job", "events", *ids, "--follow", "--retries", "0", *arguments)
    return invoke(*words, **options)


def ids_of(result: Result) -> list[int]:
    return [json.loads(line)["id"] for line in result.stdout.splitlines()]


def test_each_event_comes_once_and_in_order_until_the_job_has_ended(api: Any) -> None:
    serve(api, log_of(*NAMES[:2]), log_of(*NAMES[:2]), log_of(*NAMES[:5]), log_of(*NAMES))
    api.on("GET", "/jobs/7/events/3", {**event(3, "ERROR"), "job_id": 7, "detail": DETAIL})
    clock = FakeClock()

    result = follow("-f", "jsonl", clock=clock)

    assert ids_of(result) == [1, 2, 3, 4, 5, 6]
    assert json.loads(result.stdout.splitlines()[2])["error_message"] == "no answer"
    assert clock.slept == [2, 2, 2]


def test_outages_lose_and_repeat_no_event_and_are_told_once_each(api: Any) -> None:
    away = [requests.ConnectionError, 503, requests.ReadTimeout]
    serve(api, log_of(*NAMES[:2]), *away, log_of(*NAMES[:2]), 502, log_of(*NAMES[:2], "STOPPED"))

    result = follow("-f", "jsonl")

    assert ids_of(result) == [1, 2, 3]
    assert result.stderr.count("asking on until the server answers") == 2


@pytest.mark.parametrize(("status", "code"), [(401, 4), (403, 4), (400, 6)])
def test_what_time_does_not_heal_ends_it_at_once(api: Any, status: int, code: int) -> None:
    serve(api, log_of("SCHEDULED"), status)
    clock = FakeClock()

    assert ids_of(follow("-f", "jsonl", clock=clock, expect=code)) == [1]
    assert clock.slept == [2]


@pytest.mark.parametrize("status", ["FATAL", "FAILED"])
def test_a_job_that_has_failed_permanently_ends_it_with_1(api: Any, status: str) -> None:
    serve(api, log_of("SCHEDULED", status))

    result = follow("-f", "value", "-c", "event_type", expect=1)

    assert result.stdout == f"SCHEDULED\n{status}\n"
    assert f"job 7 has ended in {status}" in result.stderr
    assert "Try: `ampctl job inspect 7`" in result.stderr


def test_the_last_events_come_first_and_then_all_new_ones(api: Any) -> None:
    serve(api, log_of(*NAMES[:3]), log_of(*NAMES))

    result = follow("--tail", "1", "-f", "value", "-c", "id")

    assert result.stdout.split() == ["3", "4", "5", "6"]


def test_only_events_of_a_type_are_followed(api: Any) -> None:
    serve(api, log_of(*NAMES[:2]), log_of(*NAMES))

    assert follow("--type", "running", "-f", "value", "-c", "id").stdout.split() == ["2", "5"]


def test_several_jobs_are_followed_until_the_last_one_has_ended(api: Any) -> None:
    serve(api, log_of("SCHEDULED", "STOPPED"))
    later = {"job_id": 9, "events": [event(8, "RUNNING"), event(9, "COMPLETED")]}
    serve(api, {"job_id": 9, "events": later["events"][:1]}, later, job_id=9)

    result = follow("-f", "value", "-c", "job_id", "-c", "id", ids=("7", "9"))

    assert result.stdout == "7 1\n7 2\n9 8\n9 9\n"
    assert api.requests.count("GET /jobs/7/events") == 1


def test_a_job_that_is_removed_is_told_and_others_go_on(api: Any) -> None:
    gone = {"error_code": "JOB_NOT_FOUND", "error_message": "no such job"}
    api.mocker.get(f"{api.url}/jobs/7/events", json=gone, status_code=404)
    serve(api, log_of("RUNNING", job_id=9), log_of("RUNNING", "STOPPED", job_id=9), job_id=9)

    result = follow("-f", "value", "-c", "id", ids=("7", "9"), expect=3)

    assert result.stdout == "1\n2\n"
    assert result.stderr.count("no such job") == 1


def test_a_server_without_events_is_named_as_such(api: Any) -> None:
    serve(api, 404)

    assert "this server does not offer job events" in follow(expect=6).stderr


def test_documents_are_followed_one_by_one(api: Any) -> None:
    serve(api, log_of("SCHEDULED"), log_of("SCHEDULED", "STOPPED"))

    lines = follow("--json").stdout.splitlines()

    assert list(map(json.loads, lines)) == [
        {"job_id": 7, **event(1)},
        {"job_id": 7, **event(2, "STOPPED")},
    ]


class Flushed(FakeClock):
    """A clock that notes what a reader of standard output has got by each sleep."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[int] = []
        self.flushed = 0
        self.runtime: Runtime = fake_runtime(clock=self)
        stdout = self.runtime.stdout
        stdout.flush = lambda: setattr(self, "flushed", stdout.tell())  # type: ignore[method-assign]

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        assert self.flushed == self.runtime.stdout.tell()
        self.seen.append(self.flushed)


@pytest.mark.parametrize("name", ["table", "csv", "value", "jsonl"])
def test_each_event_reaches_the_reader_before_the_next_look(api: Any, name: str) -> None:
    serve(api, log_of("SCHEDULED"), log_of("SCHEDULED", "RUNNING"), log_of(*NAMES[:2], "STOPPED"))
    clock = Flushed()

    follow("-f", name, runtime=clock.runtime)

    assert 0 < clock.seen[0] < clock.seen[1]


def test_a_table_grows_line_by_line(api: Any) -> None:
    serve(api, log_of("SCHEDULED"), log_of("SCHEDULED", "STOP_REQUESTED", "STOPPED"))

    table = follow("-c", "id", "-c", "event_type", "-c", "worker").stdout

    assert table == (
        "id  event_type  worker\n"
        "1   SCHEDULED   worker-1\n"
        "2   STOP_REQUESTED  worker-1\n"
        "3   STOPPED         worker-1\n"
    )


def test_on_a_terminal_the_columns_stay_where_they_are_and_the_fault_is_beside(api: Any) -> None:
    serve(api, log_of(*NAMES[:2]), log_of(*NAMES))
    whole = {**event(3, "ERROR"), "job_id": 7, "detail": {**DETAIL, "error_code": "RPC_TIMEOUT_X"}}
    api.on("GET", "/jobs/7/events/3", whole)

    lines = follow(is_terminal=True, environ={"COLUMNS": "80"}).stdout.splitlines()

    assert lines[0].split() == [
        *("id", "created_at", "event_type", "worker", "after", "error_code", "error_message")
    ]
    assert set(lines[1]) == {"-"}
    assert len(lines) == 2 + len(NAMES)
    assert max(map(len, lines)) == 80
    assert "✗ ERROR" in lines[4]
    assert lines[4].endswith(" RPC_TIMEOUT… no answer")
    assert len({line.index("03-01 ") for line in lines[2:]}) == 1
