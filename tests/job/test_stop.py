"""``job stop``."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from ampctl.testing import Api, FakeClock, Result, invoke
from ampctl_job.testing import job


@pytest.mark.parametrize(
    ("before", "after", "result"),
    [
        ("RUNNING", "STOP_REQUESTED", "requested"),
        ("SCHEDULED", "STOPPING", "requested"),
        ("RUNNING", "STOPPED", "requested"),
        ("ERROR", "STOP_REQUESTED", "requested"),
        ("PAUSED", "STOPPING", "requested"),
        ("RUNNING", "RUNNING", "accepted"),
        ("PAUSED", "PAUSED", "accepted"),
        ("RUNNING", "COMPLETED", "already-finished"),
        ("RUNNING", "FAILED", "already-finished"),
        ("STOP_REQUESTED", None, "already-stopping"),
        ("STOPPING", None, "already-stopping"),
        ("COMPLETED", None, "already-finished"),
        ("STOPPED", None, "already-finished"),
        ("FATAL", None, "already-finished"),
        ("FAILED", None, "already-finished"),
    ],
)
def test_the_result_says_what_the_request_changed(
    api: Any, before: str, after: str | None, result: str
) -> None:
    api.on("GET", "/jobs/7", job(7, before), *([job(7, after)] if after else []))
    api.on("PUT", "/jobs/7/stop")

    answer = invoke("job", "stop", "7", "-f", "csv")

    assert answer.stdout.splitlines() == ["id,status,result", f"7,{after or before},{result}"]
    assert answer.stderr == ""
    assert api.requests.count("PUT /jobs/7/stop") == 1


@pytest.mark.parametrize(
    ("before", "after", "result", "hint"),
    [
        ("ERROR", "ERROR", "will-be-retried", "ampctl job rm 7"),
        ("RUNNING", "ERROR", "will-be-retried", "ampctl job rm 7"),
        ("ERROR", "SCHEDULED", "scheduled-again", "ampctl job stop 7"),
        ("ERROR", "RUNNING", "scheduled-again", "ampctl job stop 7"),
    ],
)
def test_a_job_that_the_controller_goes_on_with_is_not_stopped(
    api: Any, before: str, after: str, result: str, hint: str
) -> None:
    api.on("GET", "/jobs/7", job(7, before), job(7, after))
    api.on("PUT", "/jobs/7/stop")

    answer = invoke("job", "stop", "7", "--json", expect=1)

    assert answer.json == {"job_id": 7, "status": after, "result": result}
    assert "the controller" in answer.stderr
    assert f"Try: `{hint}`" in answer.stderr


def test_a_job_in_error_without_descriptor_is_finished(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, "ERROR", descriptor=None))
    api.on("PUT", "/jobs/7/stop")

    assert invoke("job", "stop", "7", "-f", "value").stdout == "7 ERROR already-finished\n"


ODD = [
    {"json": job(7, created_at="yesterday")},
    {"json": {"id": 7}},
    {"json": {"error_code": "GET_DESCRIPTOR_ERROR", "error_message": "none"}, "status_code": 500},
    {"text": "<html>", "status_code": 503},
]


@pytest.mark.parametrize("answer", ODD, ids=str)
@pytest.mark.parametrize(
    ("after", "result", "code"),
    [
        ("STOP_REQUESTED", "accepted", 0),
        ("RUNNING", "accepted", 0),
        ("STOPPED", "accepted", 0),
        ("COMPLETED", "already-finished", 0),
        ("ERROR", "will-be-retried", 1),
    ],
)
def test_a_job_that_can_not_be_seen_is_stopped_all_the_same(
    api: Any, answer: dict[str, Any], after: str, result: str, code: int
) -> None:
    api.mocker.get(f"{api.url}/jobs/7", [answer, {"json": job(7, after)}])
    api.on("PUT", "/jobs/7/stop")

    stopped = invoke("job", "stop", "7", "-f", "value", "--retries", "0", expect=code)

    assert stopped.stdout == f"7 {after} {result}\n"
    assert "job 7 was not seen before its stop: " in stopped.stderr
    assert "can't stop" not in stopped.stderr


@pytest.mark.parametrize("answer", ODD, ids=str)
def test_an_accepted_stop_is_reported_though_the_job_can_not_be_seen_after_it(
    api: Any, answer: dict[str, Any]
) -> None:
    api.mocker.get(f"{api.url}/jobs/7", [{"json": job(7)}, answer])
    api.on("PUT", "/jobs/7/stop")

    result = invoke("job", "stop", "7", "--json", "--retries", "0")

    assert result.json == {"job_id": 7, "status": None, "result": "accepted"}
    assert "the stop of job 7 was accepted, but then: " in result.stderr


def test_an_odd_descriptor_is_no_matter_for_a_stop(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, descriptor=["raw"]), job(7, "STOPPING", descriptor=["raw"]))
    api.on("PUT", "/jobs/7/stop")

    result = invoke("job", "stop", "7", "-f", "value")

    assert (result.stdout, result.stderr) == ("7 STOPPING requested\n", "")


def test_what_would_fail_again_is_not_sent(api: Any) -> None:
    for number, status in ((6, 401), (7, 404), (8, 403)):
        api.error("GET", f"/jobs/{number}", status, "NO")
    api.on("GET", "/jobs/9", exc=requests.exceptions.ProxyError)

    result = invoke("job", "stop", "6", "7", "8", "9", "--retries", "0", expect=1)

    assert [line[:6] for line in api.requests] == ["GET /j"] * 4
    for number in (6, 7, 8, 9):
        assert f"ampctl: can't stop job {number}: " in result.stderr


def test_json_is_one_object_for_each_job(api: Any) -> None:
    for number in (7, 8):
        api.on("GET", f"/jobs/{number}", job(number, "STOPPING"))
        api.on("PUT", f"/jobs/{number}/stop")

    documents = invoke("job", "stop", "7", "8", "--json").documents

    assert documents[0] == {"job_id": 7, "status": "STOPPING", "result": "already-stopping"}
    assert documents[1]["job_id"] == 8


def test_an_id_given_twice_counts_once(api: Any) -> None:
    for number in (8, 7):
        api.on("GET", f"/jobs/{number}", job(number, "STOPPING"))
        api.on("PUT", f"/jobs/{number}/stop")

    result = invoke("job", "stop", "8", "7", "8", "-f", "value", "-c", "id")

    assert result.stdout == "8\n7\n"
    assert api.requests.count("PUT /jobs/8/stop") == 1


def test_all_jobs_are_tried_though_some_are_missing(api: Any) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND")
    api.on("GET", "/jobs/8", job(8, "STOPPING"))
    api.on("PUT", "/jobs/8/stop")

    result = invoke("job", "stop", "7", "8", "-f", "value", expect=3)

    assert result.stdout == "8 STOPPING already-stopping\n"


def test_failures_of_different_kinds_end_with_1(api: Any) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND")
    api.error("GET", "/jobs/8", 500, "GET_JOB_ERROR")
    api.error("PUT", "/jobs/8/stop", 500, "STOP_JOB_ERROR")

    assert invoke("job", "stop", "7", "8", expect=1).stderr.count("ampctl:") == 2


def test_a_stop_that_is_refused_is_reported(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7))
    api.error("PUT", "/jobs/7/stop", 500, "UNEXPECTED_STATE_CONFLICT", "raced")

    result = invoke("job", "stop", "7", expect=5)

    assert (
        "can't stop job 7: raced\n        "
        "UNEXPECTED_STATE_CONFLICT, HTTP 500, PUT http://localhost:1610/jobs/7/stop"
        in result.stderr
    )
    assert result.stdout == ""


def test_a_redirected_stop_is_not_taken_for_done(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7))
    api.on("PUT", "/jobs/7/stop", status=302, headers={"Location": "/login"})

    invoke("job", "stop", "7", expect=7)

    assert api.requests == ["GET /jobs/7", "PUT /jobs/7/stop"]


def test_an_interrupt_leaves_open_what_became_of_the_job(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7))
    api.on("PUT", "/jobs/7/stop", exc=KeyboardInterrupt)

    assert (
        "interrupted at 7, which may have been carried out"
        in invoke("job", "stop", "7", expect=130).stderr
    )


@pytest.mark.parametrize("verb", ["stop", "rm"])
def test_a_server_that_answers_about_another_job_is_trusted_with_no_change(
    api: Any, verb: str
) -> None:
    api.on("GET", "/jobs/5", job(777))

    result = invoke("job", verb, "5", expect=7)

    assert api.requests == ["GET /jobs/5"]
    assert "the answer is about id 777, and not about 5" in result.stderr


def test_ranges_and_standard_input_name_jobs_too(api: Api) -> None:
    for number in (7, 8, 9, 11):
        api.on("GET", f"/jobs/{number}", job(number, "STOPPING"))
        api.on("PUT", f"/jobs/{number}/stop")

    result = invoke("job", "stop", "8-9", "-", "-f", "value", "-c", "id", stdin="11 7\n8\n")

    assert result.stdout.split() == ["8", "9", "11", "7"]


@pytest.mark.parametrize("options", [(), ("--json",)], ids=str)
def test_no_ids_on_standard_input_are_nothing_to_do(api: Api, options: tuple[str, ...]) -> None:
    assert invoke("job", "stop", "-", *options).stdout == ""
    assert api.requests == []


# With --wait.


def stop_and_wait(*options: str, ids: str = "7", expect: int = 0, **settings: Any) -> Result:
    words = ("job", "stop", ids, "--wait", "-f", "value", "--retries", "0", *options)
    return invoke(*words, expect=expect, **settings)


def seen(api: Api, *statuses: str, number: int = 7) -> None:
    """Answer with these statuses, in turn: before the stop, after it, and while it is waited for.

    Each change is a second after the one before.
    """
    there = []
    for index, status in enumerate(statuses):
        is_same = index > 0 and status == statuses[index - 1]
        updated_at = there[-1]["updated_at"] if is_same else f"2026-03-01T11:58:{index:02}Z"
        there.append(job(number, status, updated_at=updated_at))
    api.on("GET", f"/jobs/{number}", *there)
    api.on("PUT", f"/jobs/{number}/stop")


def test_wait_sees_the_stop_through(api: Api) -> None:
    seen(api, "RUNNING", "STOP_REQUESTED", "STOP_REQUESTED", "STOPPING", "STOPPED")
    clock = FakeClock()

    result = stop_and_wait(clock=clock)

    assert (result.stdout, result.stderr) == ("7 STOPPED stopped\n", "")
    assert clock.slept == [2, 2]


@pytest.mark.parametrize(
    ("statuses", "shown"),
    [
        (("RUNNING", "STOP_REQUESTED", "COMPLETED"), "COMPLETED already-finished"),
        (("RUNNING", "STOPPED", "STOPPED"), "STOPPED stopped"),
        (("STOPPED", "STOPPED"), "STOPPED already-finished"),
        (("STOPPING", "STOPPED"), "STOPPED stopped"),
    ],
    ids=" ".join,
)
def test_wait_succeeds_if_the_job_has_really_ended(
    api: Api, statuses: tuple[str, ...], shown: str
) -> None:
    seen(api, *statuses)

    assert stop_and_wait().stdout == f"7 {shown}\n"


@pytest.mark.parametrize(
    ("statuses", "shown", "hint"),
    [
        (("RUNNING", "STOP_REQUESTED", "FATAL"), "FATAL failed", "job inspect 7"),
        (("FATAL", "FATAL"), "FATAL failed", "job inspect 7"),
        (("RUNNING", "RUNNING", "ERROR"), "ERROR will-be-retried", "job rm 7"),
        (("RUNNING", "ERROR"), "ERROR will-be-retried", "job rm 7"),
        (("RUNNING", "STOPPING", "STOPPING", "RUNNING"), "RUNNING scheduled-again", "job stop 7"),
    ],
    ids=str,
)
def test_wait_fails_if_the_job_has_not_ended_or_not_well(
    api: Api, statuses: tuple[str, ...], shown: str, hint: str
) -> None:
    seen(api, *statuses)
    api.mocker.get(f"{api.url}/jobs/7/events", status_code=404)

    result = stop_and_wait(expect=1)

    assert result.stdout == f"7 {shown}\n"
    assert f"Try: `ampctl {hint}`" in result.stderr


def test_a_stop_that_takes_too_long_ends_with_124(api: Api) -> None:
    seen(api, "RUNNING", "STOP_REQUESTED")
    clock = FakeClock()

    result = stop_and_wait("--timeout", "5", clock=clock, expect=124)

    assert result.stdout == "7 STOP_REQUESTED requested\n"
    assert "still waiting for jobs to be stopped: 7\n" in result.stderr
    assert result.stderr.endswith("Try: more time, with --timeout\n")
    assert clock.slept == [2, 2, 1]


def test_a_stop_is_not_waited_for_for_ever(api: Api) -> None:
    seen(api, "RUNNING", "STOP_REQUESTED")
    clock = FakeClock()

    stop_and_wait(clock=clock, expect=124)

    assert sum(clock.slept) == 300


def test_an_interrupted_wait_shows_what_was_requested(api: Api) -> None:
    class Impatient(FakeClock):
        def sleep(self, seconds: float) -> None:
            raise KeyboardInterrupt

    seen(api, "RUNNING", "STOP_REQUESTED")

    result = stop_and_wait(clock=Impatient(), expect=130)

    assert result.stdout == "7 STOP_REQUESTED requested\n"


def test_an_outage_during_the_wait_is_ridden_out(api: Api) -> None:
    answers = [{"json": job(7)}, {"json": job(7, "STOPPING")}, {"json": job(7, "STOPPING")}]
    answers += [{"status_code": 503}, {"json": job(7, "STOPPED")}]
    api.mocker.get(f"{api.url}/jobs/7", answers)
    api.on("PUT", "/jobs/7/stop")

    result = stop_and_wait()

    assert result.stdout == "7 STOPPED stopped\n"
    assert result.stderr.count("asking on until the server answers") == 1


def test_of_several_each_is_seen_through(api: Api) -> None:
    seen(api, "RUNNING", "STOPPING", "STOPPING", "STOPPED", number=7)
    seen(api, "ERROR", "ERROR", number=8)
    seen(api, "RUNNING", "STOPPING", "STOPPED", number=9)

    result = stop_and_wait(ids="7-9", expect=1)

    assert result.stdout == "7 STOPPED stopped\n8 ERROR will-be-retried\n9 STOPPED stopped\n"


@pytest.mark.parametrize("options", [("--timeout", "5"), ("--interval", "5")], ids=str)
def test_waiting_options_need_the_wait(api: Api, options: tuple[str, ...]) -> None:
    assert "of use with --wait only" in invoke("job", "stop", "7", *options, expect=2).stderr
    assert api.requests == []
