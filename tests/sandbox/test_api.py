"""Every endpoint to the letter, over both databases."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from ampctl_job import schemas
from ampctl_sandbox.api.openapi import (
    JobEventDetailResponseSchema,
    WorkerDetailResponseSchema,
    WorkersResponseSchema,
)
from ampctl_sandbox.database.queries import find_status, find_workers
from ampctl_sandbox.testing import (
    ERROR_DETAIL,
    Sandbox,
    blocks,
    make_descriptor,
    make_job,
    make_worker,
)
from tests.sandbox.http_calls import assert_error, call, document

TERMINAL = ("COMPLETED", "STOPPED", "ERROR", "FATAL")
ACTIVE = ("SCHEDULED", "RUNNING", "STOP_REQUESTED", "STOPPING")
BAD_IDS = (
    *("0", "+0", "-1", "++7", "+", "abc", "1_0", "１２", "7.0", " 7", "%00"),
    *(str(2**63), "9" * 5000),
)
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?\+00:00")
NO_JOB = 9_223_372_036_854_775_807


def test_a_job_is_shown_with_its_current_state_and_descriptor(sandbox: Sandbox) -> None:
    moment = datetime(2026, 3, 1, 9, 14, 22, tzinfo=UTC)
    descriptor = make_descriptor("ens/names", end_block="100")
    job = make_job(sandbox.store, "RUNNING", descriptor=descriptor, created_at=moment)

    assert document(sandbox, f"/jobs/{job}", schemas.JOB) == {
        "id": job,
        "created_at": "2026-03-01T09:14:22+00:00",
        "updated_at": "2026-03-01T09:14:22+00:00",
        "node_id": "worker-1",
        "status": "RUNNING",
        "descriptor": descriptor,
    }


def update_newest(sandbox: Sandbox, values: str) -> None:
    """Change the newest event there is."""
    newest = "(SELECT max(id) FROM job_events)"
    change = f"UPDATE job_events SET {values} WHERE id = {newest}"
    sandbox.store.write(lambda c: c.exec_driver_sql(change))


def test_a_descriptor_is_sent_with_the_digits_that_are_stored(sandbox: Sandbox) -> None:
    job = make_job(sandbox.store)
    digits = ("0.10", "12345678901234567890.5", "1" + "0" * 5000)
    stored = "[" + ",".join(digits) + "]"
    change = f"UPDATE job_events SET detail = '{stored}'"
    sandbox.store.write(lambda c: c.exec_driver_sql(change))

    for path in ("/jobs", f"/jobs/{job}"):
        answer = call(sandbox, "GET", path)
        assert answer.status_code == 200
        assert f'"descriptor":{stored}' in answer.text.replace(", ", ",")


def test_a_job_may_have_no_descriptor(sandbox: Sandbox) -> None:
    job = make_job(sandbox.store, descriptor=None)

    assert document(sandbox, "/jobs", schemas.JOB_PAGE)["jobs"][0]["descriptor"] is None
    assert_error(call(sandbox, "GET", f"/jobs/{job}"), 500, "GET_DESCRIPTOR_ERROR")


@pytest.mark.parametrize("null", ["NULL", "'null'"])
def test_only_the_list_looks_past_a_scheduling_without_a_descriptor(
    sandbox: Sandbox, null: str
) -> None:
    history = ("SCHEDULED", "ERROR", "SCHEDULED")
    job = make_job(sandbox.store, history=history, descriptor=make_descriptor())
    update_newest(sandbox, f"detail = {null}")

    listed = document(sandbox, "/jobs", schemas.JOB_PAGE)["jobs"]

    assert [one["descriptor"] for one in listed] == [make_descriptor()]
    assert_error(call(sandbox, "GET", f"/jobs/{job}"), 500, "GET_DESCRIPTOR_ERROR")
    assert call(sandbox, "PUT", f"/jobs/{job}/stop").status_code == 200


@pytest.mark.parametrize(
    ("stored", "shown"),
    [("PAUSED", "UNKNOWN"), ("running", "RUNNING"), ("Stopped", "STOPPED"), ("\u017ftopped", None)],
)
def test_a_stored_status_is_read_without_regard_to_ascii_case(
    sandbox: Sandbox, stored: str, shown: str | None
) -> None:
    job = make_job(sandbox.store, stored)

    status = document(sandbox, f"/jobs/{job}", schemas.JOB)["status"]

    assert status == (shown or "UNKNOWN")
    assert document(sandbox, f"/jobs/{job}/progress", schemas.JOB_PROGRESS)["job_status"] == status


def test_a_status_that_is_stored_in_small_letters_is_found_stopped_and_deleted(
    sandbox: Sandbox,
) -> None:
    running, completed = (make_job(sandbox.store, name) for name in ("running", "completed"))

    listed = {
        name: [job["id"] for job in call(sandbox, "GET", f"/jobs?status={name}").json()["jobs"]]
        for name in ("active", "RUNNING", "completed", "all")
    }
    stopped = call(sandbox, "PUT", f"/jobs/{running}/stop")
    removed = call(sandbox, "DELETE", "/jobs?status=terminal")

    both = [completed, running]
    assert listed == {"active": both[1:], "RUNNING": both[1:], "completed": both[:1], "all": both}
    assert (stopped.status_code, removed.status_code) == (200, 204)
    assert sandbox.store.read(find_status, running) == "STOP_REQUESTED"
    assert sandbox.store.read(find_status, completed) is None


def test_a_failed_event_that_is_stored_in_small_letters_shows_why(sandbox: Sandbox) -> None:
    job = make_job(sandbox.store, "ERROR")
    update_newest(sandbox, "event_type = 'error'")

    shown = document(sandbox, f"/jobs/{job}/progress", schemas.JOB_PROGRESS)

    assert shown["detail"] == ERROR_DETAIL


def test_stop_of_a_job_that_is_stored_as_completed_in_small_letters_is_done(
    sandbox: Sandbox,
) -> None:
    job = make_job(sandbox.store, "completed")

    assert call(sandbox, "PUT", f"/jobs/{job}/stop").status_code == 200


@pytest.mark.parametrize("type_", ["PAUSED", "scheduled"])
def test_the_type_of_an_event_is_shown_as_stored(sandbox: Sandbox, type_: str) -> None:
    job = make_job(sandbox.store, "RUNNING")
    update_newest(sandbox, f"event_type = '{type_}'")

    newest = document(sandbox, f"/jobs/{job}/events", schemas.JOB_EVENTS)["events"][-1]
    shown = document(sandbox, f"/jobs/{job}/events/{newest['id']}", schemas.EVENT)

    assert (newest["event_type"], shown["event_type"]) == (type_, type_)


@pytest.mark.parametrize(
    ("detail", "shown"), [("NULL", {}), ("'null'", {"detail": None}), ("'[1]'", {"detail": [1]})]
)
def test_a_detail_is_shown_if_it_is_there_whatever_it_is(
    sandbox: Sandbox, detail: str, shown: dict[str, object]
) -> None:
    job = make_job(sandbox.store)
    update_newest(sandbox, f"detail = {detail}")
    (event,) = document(sandbox, f"/jobs/{job}/events", schemas.JOB_EVENTS)["events"]

    found = document(sandbox, f"/jobs/{job}/events/{event['id']}", JobEventDetailResponseSchema())

    assert found == {"job_id": job, **event, **shown}


@pytest.mark.parametrize("suffix", ["", "/progress", "/events"])
@pytest.mark.parametrize("sign", ["+", "+00", "000"])
def test_an_id_may_have_a_plus_sign_and_zeros(sandbox: Sandbox, sign: str, suffix: str) -> None:
    job = make_job(sandbox.store)

    assert call(sandbox, "GET", f"/jobs/{sign}{job}{suffix}").status_code == 200


@pytest.mark.parametrize(
    ("microsecond", "fraction"),
    [(0, ""), (500_000, ".500"), (123_000, ".123"), (120, ".000120"), (123_456, ".123456")],
)
def test_a_fraction_has_as_few_digits_as_do(
    sandbox: Sandbox, microsecond: int, fraction: str
) -> None:
    moment = datetime(2026, 3, 1, 10, 0, 0, microsecond, tzinfo=UTC)
    job = make_job(sandbox.store, created_at=moment)

    shown = document(sandbox, f"/jobs/{job}", schemas.JOB)["created_at"]

    assert shown == f"2026-03-01T10:00:00{fraction}+00:00"


@pytest.mark.parametrize("suffix", ["", "/progress", "/events", "/events/1"])
@pytest.mark.parametrize("job_id", BAD_IDS)
def test_a_malformed_id_is_refused(sandbox: Sandbox, job_id: str, suffix: str) -> None:
    assert_error(call(sandbox, "GET", f"/jobs/{job_id}{suffix}"), 400, "INVALID_JOB_ID")


@pytest.mark.parametrize("job_id", BAD_IDS)
def test_a_malformed_id_is_refused_for_changes_and_events(sandbox: Sandbox, job_id: str) -> None:
    job = make_job(sandbox.store, "COMPLETED")

    assert_error(call(sandbox, "PUT", f"/jobs/{job_id}/stop"), 400, "INVALID_JOB_ID")
    assert_error(call(sandbox, "DELETE", f"/jobs/{job_id}"), 400, "INVALID_JOB_ID")
    if job_id not in ("0", "+0", "-1"):
        assert_error(call(sandbox, "GET", f"/jobs/{job}/events/{job_id}"), 400, "INVALID_JOB_ID")
    assert sandbox.store.read(find_status, job) == "COMPLETED"


@pytest.mark.parametrize("suffix", ["", "/progress", "/events", "/events/1"])
def test_a_missing_job_is_not_found(sandbox: Sandbox, suffix: str) -> None:
    assert_error(call(sandbox, "GET", f"/jobs/{NO_JOB}{suffix}"), 404, "JOB_NOT_FOUND")


def test_stop_of_a_missing_job_is_not_found(sandbox: Sandbox) -> None:
    assert_error(call(sandbox, "PUT", f"/jobs/{NO_JOB}/stop"), 404, "JOB_NOT_FOUND")


@pytest.mark.parametrize("status", ["SCHEDULED", "RUNNING"])
def test_stop_is_a_request_with_an_empty_answer_and_one_event(
    sandbox: Sandbox, status: str
) -> None:
    job = make_job(sandbox.store, status)

    answer = call(sandbox, "PUT", f"/jobs/{job}/stop")

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Length"] == "0"
    assert sandbox.store.read(find_status, job) == "STOP_REQUESTED"
    events = document(sandbox, f"/jobs/{job}/events", schemas.JOB_EVENTS)["events"]
    assert [event["event_type"] for event in events].count("STOP_REQUESTED") == 1


@pytest.mark.parametrize("status", ["STOP_REQUESTED", "STOPPING", *TERMINAL])
def test_stop_of_a_stopping_or_finished_job_changes_nothing(sandbox: Sandbox, status: str) -> None:
    job = make_job(sandbox.store, status)
    before = [call(sandbox, "GET", f"/jobs/{job}{x}").json() for x in ("", "/events")]

    assert call(sandbox, "PUT", f"/jobs/{job}/stop").status_code == 200

    assert before == [call(sandbox, "GET", f"/jobs/{job}{x}").json() for x in ("", "/events")]


@pytest.mark.parametrize("status", TERMINAL)
def test_a_terminal_job_is_deleted_with_its_events(sandbox: Sandbox, status: str) -> None:
    job = make_job(sandbox.store, status, tables={"blocks": blocks(2)})

    answer = call(sandbox, "DELETE", f"/jobs/{job}")

    assert (answer.status_code, answer.content) == (204, b"")
    assert_error(call(sandbox, "GET", f"/jobs/{job}/events"), 404, "JOB_NOT_FOUND")
    assert call(sandbox, "DELETE", f"/jobs/{job}").status_code == 204


@pytest.mark.parametrize("status", ACTIVE)
def test_an_active_job_is_not_deleted(sandbox: Sandbox, status: str) -> None:
    job = make_job(sandbox.store, status)

    assert_error(call(sandbox, "DELETE", f"/jobs/{job}"), 409, "JOB_CONFLICT")
    assert sandbox.store.read(find_status, job) == status


@pytest.mark.parametrize(
    ("filter_", "removed"),
    [
        ("terminal", TERMINAL),
        ("completed", ("COMPLETED",)),
        ("StoPPed", ("STOPPED",)),
        ("ERROR", ("ERROR", "FATAL")),
    ],
)
def test_a_bulk_delete_removes_its_statuses_and_no_other(
    sandbox: Sandbox, filter_: str, removed: tuple[str, ...]
) -> None:
    by_status = {status: make_job(sandbox.store, status) for status in (*ACTIVE, *TERMINAL)}

    answer = call(sandbox, "DELETE", f"/jobs?status={filter_}")

    assert (answer.status_code, answer.content) == (204, b"")
    left = {status for status, job in by_status.items() if sandbox.store.read(find_status, job)}
    assert left == {*ACTIVE, *TERMINAL} - set(removed)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?status=",
        "?status",
        "?status=all",
        "?status=fatal",
        "?status=running",
        "?status=completed,stopped",
        "?status=%20completed",
        "?status=completed%00",
        "?status=completed&status=completed",
        "?status=completed&status=",
        "?Status=completed",
    ],
)
def test_a_bulk_delete_without_one_known_status_deletes_nothing(
    sandbox: Sandbox, query: str
) -> None:
    job = make_job(sandbox.store, "COMPLETED")

    assert_error(call(sandbox, "DELETE", f"/jobs{query}"), 400, "INVALID_QUERY_PARAM")
    assert sandbox.store.read(find_status, job) == "COMPLETED"


def test_events_are_listed_oldest_first_without_details(sandbox: Sandbox) -> None:
    make_job(sandbox.store)
    job = make_job(sandbox.store, "ERROR", worker="worker-2")

    answer = document(sandbox, f"/jobs/{job}/events", schemas.JOB_EVENTS)

    assert answer["job_id"] == job
    types = [event["event_type"] for event in answer["events"]]
    assert types == ["SCHEDULED", "RUNNING", "ERROR"]
    ids = [event["id"] for event in answer["events"]]
    assert ids == sorted(ids)
    for event in answer["events"]:
        assert set(event) == {"id", "created_at", "node_id", "event_type"}
        assert event["node_id"] == "worker-2"
        assert TIMESTAMP.fullmatch(event["created_at"])


def test_one_event_comes_with_its_detail(sandbox: Sandbox) -> None:
    descriptor = make_descriptor()
    job = make_job(sandbox.store, "ERROR", descriptor=descriptor)
    listed = document(sandbox, f"/jobs/{job}/events", schemas.JOB_EVENTS)["events"]

    shown = [
        document(sandbox, f"/jobs/{job}/events/{event['id']}", JobEventDetailResponseSchema())
        for event in listed
    ]

    assert [event.pop("detail", None) for event in shown] == [descriptor, None, ERROR_DETAIL]
    assert shown == [{"job_id": job, **event} for event in listed]


def test_an_event_of_another_job_is_not_found(sandbox: Sandbox) -> None:
    first, second = make_job(sandbox.store), make_job(sandbox.store)
    (event,) = document(sandbox, f"/jobs/{first}/events", schemas.JOB_EVENTS)["events"]

    answer = call(sandbox, "GET", f"/jobs/{second}/events/{event['id']}")

    assert_error(answer, 404, "EVENT_NOT_FOUND")


@pytest.mark.parametrize("event_id", ["0", "+0", "-0", "-1", "-007", str(2**63 - 1)])
def test_an_event_that_no_job_can_have_is_not_found(sandbox: Sandbox, event_id: str) -> None:
    job = make_job(sandbox.store)

    assert_error(call(sandbox, "GET", f"/jobs/{job}/events/{event_id}"), 404, "EVENT_NOT_FOUND")


@pytest.mark.parametrize("event_id", ["-", "-+1", "--1", "+-1", f"-{2**64}"])
def test_a_malformed_id_of_an_event_is_refused(sandbox: Sandbox, event_id: str) -> None:
    job = make_job(sandbox.store)

    assert_error(call(sandbox, "GET", f"/jobs/{job}/events/{event_id}"), 400, "INVALID_JOB_ID")


def test_workers_are_listed_and_shown(sandbox: Sandbox) -> None:
    info = {"version": "1.2.3", "commit_sha": None, "build_date": 7, "x": "y"}
    make_worker(sandbox.store, "w-b", info=info)
    make_worker(sandbox.store, "w-a")

    listed = document(sandbox, "/workers", WorkersResponseSchema())["workers"]
    shown = document(sandbox, "/workers/w-b", WorkerDetailResponseSchema())

    assert [worker["node_id"] for worker in listed] == ["w-a", "w-b"]  # the newest first
    assert all(TIMESTAMP.fullmatch(worker["heartbeat_at"]) for worker in listed)
    assert shown["info"] == {
        "version": "1.2.3",
        "commit_sha": "unknown",
        "commit_timestamp": "unknown",
        "build_date": "unknown",
    }
    for name in ("created_at", "registered_at", "heartbeat_at"):
        assert TIMESTAMP.fullmatch(shown[name])


@pytest.mark.parametrize("info", ["[1]", "null", "7"])
def test_a_worker_whose_info_is_not_an_object_is_shown(sandbox: Sandbox, info: str) -> None:
    name = make_worker(sandbox.store)
    sandbox.store.write(lambda c: c.exec_driver_sql(f"UPDATE workers SET info = '{info}'"))

    shown = document(sandbox, f"/workers/{name}", WorkerDetailResponseSchema())["info"]

    assert set(shown.values()) == {"unknown"}
    assert not any(worker.is_simulated for worker in sandbox.store.read(find_workers))


@pytest.mark.parametrize("name", ["\u00fcber-1", "\u043e\u0434\u0438\u043d.\u0662_x"])
def test_a_worker_may_have_letters_of_any_script(sandbox: Sandbox, name: str) -> None:
    assert_error(call(sandbox, "GET", f"/workers/{name}"), 404, "WORKER_NOT_FOUND")
    make_worker(sandbox.store, name)

    shown = document(sandbox, f"/workers/{name}", WorkerDetailResponseSchema())

    assert shown["node_id"] == name


@pytest.mark.parametrize("name", ["1w", "-", "_w", "w%20x", "w%00", "w%0A", "%D9%A2", "w@x"])
def test_a_malformed_worker_id_is_refused(sandbox: Sandbox, name: str) -> None:
    assert_error(call(sandbox, "GET", f"/workers/{name}"), 400, "INVALID_WORKER_ID")


def test_a_missing_worker_is_not_found(sandbox: Sandbox) -> None:
    assert_error(call(sandbox, "GET", "/workers/no-such-worker"), 404, "WORKER_NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/jobs", "DELETE, GET, HEAD"),
        ("PATCH", "/jobs/1", "DELETE, GET, HEAD"),
        ("OPTIONS", "/jobs/1", "DELETE, GET, HEAD"),
        ("GET", "/jobs/1/stop", "PUT"),
        ("DELETE", "/jobs/1/progress", "GET, HEAD"),
        ("PUT", "/workers", "GET, HEAD"),
    ],
)
def test_a_method_that_is_not_allowed_is_refused_with_those_that_are(
    sandbox: Sandbox, method: str, path: str, allowed: str
) -> None:
    answer = call(sandbox, method, path)

    assert (answer.status_code, answer.content) == (405, b"")
    assert answer.headers["Allow"] == allowed


@pytest.mark.parametrize("path", ["/", "/job", "/jobs/", "/jobs/1/", "/jobs/1//stop", "/a/b/c"])
def test_an_unknown_path_is_a_bare_not_found(sandbox: Sandbox, path: str) -> None:
    answer = call(sandbox, "GET", path, allow_redirects=False)

    assert (answer.status_code, answer.content) == (404, b"")


def test_its_health_is_an_empty_answer(sandbox: Sandbox) -> None:
    answer = call(sandbox, "GET", "/healthz")

    assert (answer.status_code, answer.content) == (200, b"")


def test_no_web_page_of_another_origin_may_read_an_answer(sandbox: Sandbox) -> None:
    answer = call(sandbox, "GET", "/jobs", headers={"Origin": "https://example.org"})

    assert not [name for name in answer.headers if name.lower().startswith("access-control-")]


def test_head_answers_like_get_without_a_body(sandbox: Sandbox) -> None:
    answer = call(sandbox, "HEAD", "/jobs")

    assert (answer.status_code, answer.content) == (200, b"")


def test_both_databases_give_the_same_answers(sandboxes: tuple[Sandbox, Sandbox]) -> None:
    moment = datetime(2026, 3, 1, 9, 14, 22, 5, tzinfo=UTC)
    answers = []
    for sandbox in sandboxes:
        for status in (*ACTIVE, *TERMINAL):
            tables = {"blocks": blocks(2), "logs": ()}
            make_job(sandbox.store, status, created_at=moment, tables=tables)
        paths = ["/jobs?status=all", "/jobs", "/workers", "/workers/worker-1"]
        paths += [
            f"/jobs/{job}{end}" for job in range(1, 9) for end in ("", "/progress", "/events")
        ]
        paths += [f"/jobs/8/events/{event}" for event in range(15, 25)]
        shown = [call(sandbox, "GET", path) for path in paths]
        answers.append([(answer.status_code, answer.json()) for answer in shown])
        for _, body in answers[-1]:
            for worker in body.get("workers", [body]):
                for name in ("heartbeat_at", "registered_at", "created_at"):
                    worker.pop(name, None)

    assert answers[0] == answers[1]
