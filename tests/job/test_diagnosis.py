"""What ``job inspect`` tells of a job beyond itself."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl.testing import Result, invoke, timestamp
from ampctl_job.testing import descriptor, event, job, progress, worker

DETAIL = {
    "error_code": "RPC_TIMEOUT",
    "error_message": "no answer",
    "error_context": {"stack_trace": ["at rpc.rs:7", "at main.rs:1"], "tries": 3},
}


def serve(api: Any, status: str = "RUNNING", **members: Any) -> None:
    """Serve a job with its events and a living worker; a failed one with its error too."""
    api.on("GET", "/jobs/7", job(7, status, **members))
    names = ["SCHEDULED", "RUNNING", "ERROR"] * 2 + [status]
    log = [event(number, name) for number, name in enumerate(names, 1)]
    api.on("GET", "/jobs/7/events", {"job_id": 7, "events": log})
    api.on("GET", "/workers/worker-1", worker())
    if status in ("ERROR", "FATAL"):
        api.on("GET", "/jobs/7/progress", progress(7, status, detail=DETAIL))


def inspect(**streams: Any) -> Result:
    return invoke("job", "inspect", "7", **streams, environ={"COLUMNS": "120"})


def field(result: Result, name: str) -> str:
    """Return what a table shows of a field, with its further lines."""
    lines = result.stdout.splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(f"{name} "))
    width = lines[1].index("value") if "value" in lines[1] else lines[0].index("value")
    shown = [lines[start][width:]]
    for line in lines[start + 1 :]:
        if not line.startswith(" "):
            break
        shown.append(line[width:])
    return "\n".join(shown)


def test_a_record_has_age_worker_and_the_last_five_events(api: Any) -> None:
    serve(api)

    record = invoke("job", "inspect", "7", "-f", "json").json

    assert record["age_s"] == 9937.877
    assert record["worker_alive"] is True
    assert record["worker_heartbeat_at"] == "2026-03-01T11:59:59.000000+00:00"
    assert [one["event_type"] for one in record["last_events"]] == [
        *("ERROR", "SCHEDULED", "RUNNING", "ERROR", "RUNNING"),
    ]
    assert record["last_events"][0] == {
        "id": 3,
        "created_at": "2026-03-01T09:14:22.123456+00:00",
        "event_type": "ERROR",
        "worker": "worker-1",
    }
    assert record["stack_trace"] is None


def test_columns_keep_their_places_and_new_ones_follow(api: Any) -> None:
    serve(api)

    header = invoke("job", "inspect", "7", "-f", "csv").stdout.splitlines()[0]

    assert header == (
        "id,status,dataset,kind,worker,created_at,updated_at,end_block,descriptor,error_code,"
        "error_message,error_context,attempts,retry_at,stack_trace,age_s,worker_alive,"
        "worker_heartbeat_at,last_events"
    )


def test_a_failed_job_comes_with_its_stack_trace(api: Any) -> None:
    serve(api, "FATAL")

    record = invoke("job", "inspect", "7", "-f", "json").json

    assert record["stack_trace"] == ["at rpc.rs:7", "at main.rs:1"]
    assert record["error_context"] == DETAIL["error_context"]
    assert api.requests.count("GET /jobs/7/events") == 1


def test_a_person_reads_a_stack_trace_and_events_line_by_line(api: Any) -> None:
    serve(api, "FATAL")

    result = inspect(is_terminal=True)

    assert field(result, "stack_trace") == "at rpc.rs:7\nat main.rs:1"
    assert field(result, "error_context") == '{"tries":3}'
    assert field(result, "last_events").splitlines()[-1] == (
        "2026-03-01T09:14:22.123456+00:00  FATAL  worker-1"
    )
    assert field(result, "worker_alive") == "yes, 1s ago"
    assert field(result, "age_s") == "2h"


@pytest.mark.parametrize(
    ("members", "shown"),
    [
        ({}, "continuous"),
        ({"descriptor": descriptor(end_block="-100")}, "-100"),
        ({"descriptor": None}, "-"),
        ({"descriptor": {"kind": "materialize-quantum"}}, "-"),
    ],
    ids=str,
)
def test_a_person_is_told_of_a_job_that_has_no_end(
    api: Any, members: dict[str, Any], shown: str
) -> None:
    serve(api, **members)

    assert field(inspect(stdout_is_terminal=True), "end_block") == shown


@pytest.mark.parametrize(
    ("column", "request_path"),
    [
        ("id", None),
        ("age_s", None),
        ("error_code", None),
        ("last_events", "GET /jobs/7/events"),
        ("worker_alive", "GET /workers/worker-1"),
        ("worker_heartbeat_at", "GET /workers/worker-1"),
    ],
)
def test_only_what_is_shown_costs_a_request(
    api: Any, column: str, request_path: str | None
) -> None:
    api.on("GET", "/jobs/7", job(7))
    if column == "last_events":
        api.on("GET", "/jobs/7/events", {"job_id": 7, "events": []})
    if column.startswith("worker"):
        api.on("GET", "/workers/worker-1", worker())

    invoke("job", "inspect", "7", "-c", column)

    assert api.requests == ["GET /jobs/7", *filter(None, [request_path])]


def test_the_document_in_a_pipe_costs_one_request_and_no_remark(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, "FATAL"))

    assert invoke("job", "inspect", "7", stderr_is_terminal=True).stderr == ""
    assert invoke("job", "inspect", "7", "--json", is_terminal=True).stderr == ""
    assert api.requests == ["GET /jobs/7"] * 2


def test_what_an_older_server_does_not_offer_is_not_known(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7))
    api.on("GET", "/jobs/7/events", status=404)
    api.on("GET", "/workers/worker-1", status=404)

    result = invoke("job", "inspect", "7", "-f", "json")

    names = ("worker_alive", "worker_heartbeat_at", "last_events")
    assert [result.json[name] for name in names] == [None, None, None]
    assert result.stderr == ""


def test_what_fails_is_told_and_the_rest_is_shown(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7))
    api.error("GET", "/jobs/7/events", 500, "GET_JOB_EVENTS_ERROR", "no log")
    api.error("GET", "/workers/worker-1", 500, "SCHEDULER_GET_WORKER_ERROR", "no worker")

    result = invoke("job", "inspect", "7", "-f", "json", "--retries", "0")

    assert result.json["id"] == 7
    assert result.stderr == (
        "ampctl: not all is known of job 7: can't read the events of job 7: no log;"
        " can't read worker worker-1: no worker\n"
    )


@pytest.mark.parametrize(
    ("answer", "alive", "shown"),
    [
        (worker(heartbeat_at=timestamp(ago_s=4.9)), True, "yes, 4s ago"),
        (worker(heartbeat_at=timestamp(ago_s=5)), False, "no, 5s ago"),
        (worker(heartbeat_at=timestamp(ago_s=-3)), True, "yes, in 3s"),
        (None, False, "no, not known"),
    ],
    ids=["just alive", "dead", "a clock ahead", "missing"],
)
def test_a_worker_is_alive_if_it_has_told_so_within_five_seconds(
    api: Any, answer: Any, alive: bool, shown: str
) -> None:
    api.on("GET", "/jobs/7", job(7))
    if answer:
        api.on("GET", "/workers/worker-1", answer)
    else:
        api.error("GET", "/workers/worker-1", 404, "WORKER_NOT_FOUND")
    only = ("-c", "worker_alive")

    record = invoke("job", "inspect", "7", "-f", "json", *only).json
    table = invoke("job", "inspect", "7", *only, stdout_is_terminal=True)

    assert record["worker_alive"] is alive
    assert field(table, "worker_alive") == shown


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("SCHEDULED", "`ampctl job progress 7 --watch` shows how it goes on."),
        ("RUNNING", "`ampctl job progress 7 --watch` shows how it goes on."),
        ("STOPPING", "It is being stopped: `ampctl job wait 7` waits for that."),
        ("COMPLETED", "It has ended: `ampctl job rm 7` removes it."),
        (
            "ERROR",
            "The controller schedules it again within a minute; `ampctl job rm 7` ends that.",
        ),
        (
            "FATAL",
            "It is not retried: it runs again when its dataset is deployed again,"
            " and `ampctl job rm 7` removes it.",
        ),
    ],
)
def test_a_person_is_told_what_to_do_next(api: Any, status: str, advice: str) -> None:
    serve(api, status)

    assert inspect(is_terminal=True).stderr == f"{advice}\n"


def test_the_next_attempt_is_not_promised_for_a_moment(api: Any) -> None:
    serve(api, "ERROR", updated_at=timestamp(ago_s=1))

    assert inspect(is_terminal=True).stderr == (
        "The controller schedules it again in 3s at the earliest; `ampctl job rm 7` ends that.\n"
    )


def test_a_status_that_is_not_known_yet_has_no_next_step(api: Any) -> None:
    serve(api, "PAUSED")

    assert inspect(is_terminal=True).stderr == ""


@pytest.mark.parametrize(
    ("beat", "since"),
    [(timestamp(ago_s=180), "gave its last sign of life 3m ago"), (None, "is not known")],
    ids=["silent", "missing"],
)
def test_a_person_is_sent_to_a_worker_that_is_away(api: Any, beat: str | None, since: str) -> None:
    api.on("GET", "/jobs/7", job(7))
    api.on("GET", "/jobs/7/events", {"job_id": 7, "events": []})
    if beat:
        api.on("GET", "/workers/worker-1", worker(heartbeat_at=beat))
    else:
        api.error("GET", "/workers/worker-1", 404, "WORKER_NOT_FOUND")

    assert inspect(is_terminal=True).stderr == (
        f"Look at worker-1, which {since}: without it nothing happens to this job.\n"
    )


def test_the_next_steps_of_several_jobs_are_named(api: Any) -> None:
    for number in range(1, 13):
        api.on("GET", f"/jobs/{number}", job(number, "COMPLETED"))
        api.on("GET", f"/jobs/{number}/events", {"job_id": number, "events": []})
    api.on("GET", "/workers/worker-1", worker())

    stderr = invoke("job", "inspect", *map(str, range(1, 13)), is_terminal=True).stderr

    assert stderr.splitlines()[1] == "Job 2: It has ended: `ampctl job rm 2` removes it."
    assert len(stderr.splitlines()) == 10
