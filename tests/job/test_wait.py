"""``job wait``."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

import pytest

from ampctl.errors import Terminated
from ampctl.testing import Api, FakeClock, Result, invoke
from ampctl_job.testing import descriptor, event, job, page, progress, table_progress

START = datetime.datetime(2026, 3, 1, 11, 58, tzinfo=datetime.UTC)


def at(second: int) -> str:
    """Return a moment in the life of the jobs of these tests."""
    return (START + datetime.timedelta(seconds=second)).isoformat()


def steps(*statuses: str, number: int = 7, **members: Any) -> list[dict[str, Any]]:
    """Return a job as it is seen each time; each change is ten seconds after the one before."""
    changed = 0
    seen = []
    for index, status in enumerate(statuses):
        changed += 10 * (index > 0 and status != statuses[index - 1])
        seen.append(job(number, status, updated_at=at(changed), **members))
    return seen


def log(*statuses: str) -> dict[str, Any]:
    """Return the events of a job, ten seconds apart; the first is that of its first sight."""
    events = [
        event(index + 1, status, created_at=at(10 * index)) for index, status in enumerate(statuses)
    ]
    return {"job_id": 7, "events": events}


def wait(*options: str, expect: int = 0, **settings: Any) -> Result:
    return invoke(
        *("job", "wait", "7", "-f", "value", "--retries", "0", *options), expect=expect, **settings
    )


def test_it_ends_when_the_job_does(api: Api) -> None:
    api.on("GET", "/jobs/7", *steps("RUNNING", "RUNNING", "COMPLETED"))
    clock = FakeClock()

    result = wait(clock=clock)

    assert (result.stdout, result.stderr) == ("7 COMPLETED reached\n", "")
    assert clock.slept == [2, 2]


def test_json_is_one_object_for_each_job(api: Api) -> None:
    api.on("GET", "/jobs/7", *steps("STOPPED"))

    assert invoke("job", "wait", "7", "--json").json == {
        "job_id": 7,
        "status": "STOPPED",
        "result": "reached",
    }


@pytest.mark.parametrize(
    ("goal", "status"),
    [
        ("completed", "COMPLETED"),
        ("Stopped", "STOPPED"),
        ("finished", "STOPPED"),
        ("finished", "COMPLETED"),
        ("running", "RUNNING"),
    ],
)
def test_what_is_so_already_is_not_waited_for(api: Api, goal: str, status: str) -> None:
    api.on("GET", "/jobs/7", job(7, status))
    clock = FakeClock()

    assert wait("--for", goal, clock=clock).stdout == f"7 {status} reached\n"
    assert clock.slept == []


@pytest.mark.parametrize(
    ("goal", "status"),
    [
        ("completed", "STOPPED"),
        ("completed", "STOP_REQUESTED"),
        ("completed", "STOPPING"),
        ("stopped", "COMPLETED"),
        ("running", "STOPPING"),
        ("running", "COMPLETED"),
    ],
)
def test_what_can_not_come_any_more_ends_it_at_once(api: Api, goal: str, status: str) -> None:
    api.on("GET", "/jobs/7", job(7, status))

    result = wait("--for", goal, expect=1)

    assert result.stdout == f"7 {status} unreachable\n"
    assert f"job 7 can't be {goal} any more: it is {status}" in result.stderr


@pytest.mark.parametrize("goal", ["completed", "stopped", "finished", "running", "block=5000"])
@pytest.mark.parametrize("status", ["FATAL", "FAILED", "ERROR"])
def test_a_job_that_has_failed_permanently_ends_it_with_1(api: Api, goal: str, status: str) -> None:
    # Without a descriptor the controller does not schedule it again.
    api.on("GET", "/jobs/7", job(7, status, descriptor=None))
    if "block" in goal:
        api.on("GET", "/jobs/7/progress", progress(status=status))

    result = wait("--for", goal, expect=1)

    assert result.stdout == f"7 {status} failed\n"
    assert f"job 7 has failed: it is {status}" in result.stderr
    assert "Try: `ampctl job inspect 7`" in result.stderr


def test_a_job_that_is_scheduled_again_after_an_error_goes_on(api: Api) -> None:
    api.on("GET", "/jobs/7", *steps("RUNNING", "ERROR", "SCHEDULED", "RUNNING", "COMPLETED"))
    api.on("GET", "/jobs/7/events", log("RUNNING", "ERROR", "SCHEDULED", "RUNNING"))

    result = wait()

    assert (result.stdout, result.stderr) == ("7 COMPLETED reached\n", "")


def test_an_error_between_two_looks_is_not_a_failure_by_itself(api: Api) -> None:
    seen = [job(7, updated_at=at(0)), job(7, updated_at=at(30)), *steps("COMPLETED")]
    api.on("GET", "/jobs/7", *seen)
    api.on("GET", "/jobs/7/events", log("RUNNING", "ERROR", "SCHEDULED", "RUNNING"))

    result = wait()

    assert (result.stdout, result.stderr) == ("7 COMPLETED reached\n", "")


def test_what_happened_before_the_first_look_does_not_count(api: Api) -> None:
    seen = [job(7, updated_at=at(30)), job(7, updated_at=at(60)), *steps("COMPLETED")]
    api.on("GET", "/jobs/7", *seen)
    before = ("RUNNING", "STOPPED", "SCHEDULED", "RUNNING")
    api.on("GET", "/jobs/7/events", log(*before, "ERROR", "SCHEDULED", "RUNNING"))

    assert wait().stdout == "7 COMPLETED reached\n"


def test_on_wish_an_error_is_a_failure(api: Api) -> None:
    api.on("GET", "/jobs/7", *steps("RUNNING", "ERROR"))
    api.on("GET", "/jobs/7/events", log("RUNNING", "ERROR"))

    assert wait("--fail-on-error", expect=1).stdout == "7 ERROR failed\n"


def test_on_wish_an_error_between_two_looks_is_a_failure(api: Api) -> None:
    api.on("GET", "/jobs/7", job(7, "RUNNING", updated_at=at(0)), job(7, updated_at=at(30)))
    api.on("GET", "/jobs/7/events", log("RUNNING", "ERROR", "SCHEDULED", "RUNNING"))

    assert wait("--fail-on-error", expect=1).stdout == "7 ERROR failed\n"


def test_an_end_between_two_looks_is_noticed_though_the_job_was_deployed_again(api: Api) -> None:
    api.on("GET", "/jobs/7", *steps("STOPPING", "RUNNING"))
    api.on("GET", "/jobs/7/events", log("STOPPING", "STOPPED", "SCHEDULED", "RUNNING"))

    result = wait("--for", "stopped")

    assert result.stdout == "7 STOPPED reached\n"


def test_a_deploy_before_the_end_is_reported_and_waiting_goes_on(api: Api) -> None:
    api.on("GET", "/jobs/7", *steps("STOPPING", "SCHEDULED", "RUNNING", "COMPLETED"))
    api.on("GET", "/jobs/7/events", log("STOPPING", "SCHEDULED"))

    result = wait()

    assert result.stdout == "7 COMPLETED reached\n"
    assert result.stderr == "ampctl: job 7 was deployed again meanwhile\n"


def test_a_deploy_is_noticed_on_a_server_without_events(api: Api) -> None:
    api.on("GET", "/jobs/7", *steps("STOPPING", "RUNNING", "COMPLETED"))
    api.on("GET", "/jobs/7/events", status=404)

    assert "job 7 was deployed again meanwhile" in wait().stderr


def test_a_job_without_an_end_never_completes(api: Api) -> None:
    api.on("GET", "/jobs/7", job(7))

    result = wait("--for", "completed", expect=1)

    assert "job 7 can't be completed any more: it has no end block" in result.stderr


def test_a_job_with_an_end_is_waited_for(api: Api) -> None:
    some = descriptor(end_block="latest")
    api.on("GET", "/jobs/7", *steps("RUNNING", "COMPLETED", descriptor=some))

    wait("--for", "completed")


def test_a_deletion_is_reached_when_the_job_is_gone(api: Api) -> None:
    api.mocker.get(
        f"{api.url}/jobs/7",
        [{"json": job(7, "FATAL")}, {"json": {"error_code": "JOB_NOT_FOUND"}, "status_code": 404}],
    )

    assert wait("--for", "deleted").stdout == "7 FATAL reached\n"


def test_a_job_that_is_not_there_is_an_error(api: Api) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND")

    assert wait(expect=3).stdout == ""


def test_a_job_that_is_removed_meanwhile_is_an_error(api: Api) -> None:
    api.mocker.get(
        f"{api.url}/jobs/7",
        [{"json": job(7)}, {"json": {"error_code": "JOB_NOT_FOUND"}, "status_code": 404}],
    )

    wait(expect=3)


def tables(*blocks: int | None) -> dict[str, Any]:
    return progress(
        tables={f"t{at}": table_progress(current_block=one) for at, one in enumerate(blocks)}
    )


def test_a_block_is_reached_when_all_tables_have_it(api: Api) -> None:
    api.on("GET", "/jobs/7", job(7))
    none_yet = progress(tables={})
    api.on("GET", "/jobs/7/progress", none_yet, tables(None, 9), tables(4, 9), tables(5, 9))
    clock = FakeClock()

    assert wait("--for", "block=5", clock=clock).stdout == "7 RUNNING reached\n"
    assert len(clock.slept) == 3


def test_a_block_after_the_end_is_never_reached(api: Api) -> None:
    api.on("GET", "/jobs/7", job(7, descriptor=descriptor(end_block="4")))
    api.on("GET", "/jobs/7/progress", tables(1))

    result = wait("--for", "block=5", expect=1)

    assert "job 7 can't be at block 5 any more: it ends at block 4" in result.stderr


def test_the_end_block_itself_can_be_waited_for(api: Api) -> None:
    api.on("GET", "/jobs/7", job(7, descriptor=descriptor(end_block="5")))
    api.on("GET", "/jobs/7/progress", tables(1), tables(5))

    wait("--for", "block=5")


def test_a_server_without_progress_is_named(api: Api) -> None:
    api.on("GET", "/jobs/7", job(7))
    api.on("GET", "/jobs/7/progress", status=404)

    assert "this server does not offer job progress" in wait("--for", "block=5", expect=6).stderr


@pytest.mark.parametrize(("timeout", "looks"), [("5s", 4), ("0", 1)])
def test_a_time_that_is_up_ends_it_with_124(api: Api, timeout: str, looks: int) -> None:
    api.on("GET", "/jobs/7", job(7))

    result = wait("--timeout", timeout, expect=124)

    assert result.stdout == "7 RUNNING waiting\n"
    assert "still waiting for jobs to be finished: 7\n" in result.stderr
    assert len(api.requests) == looks


def test_it_looks_as_often_as_it_is_told(api: Api) -> None:
    api.on("GET", "/jobs/7", *steps("RUNNING", "RUNNING", "COMPLETED"))
    clock = FakeClock()

    wait("--interval", "1m", clock=clock)

    assert clock.slept == [60, 60]


def test_an_outage_is_ridden_out_and_a_refused_token_is_not(api: Api) -> None:
    answers = [{"json": job(7)}, {"status_code": 503}, {"json": job(7)}, {"status_code": 401}]
    api.mocker.get(f"{api.url}/jobs/7", answers)

    result = wait(expect=4)

    assert result.stdout == "7 RUNNING waiting\n"
    assert result.stderr.count("asking on until the server answers") == 1


@pytest.mark.parametrize(("signal", "code"), [(KeyboardInterrupt(), 130), (Terminated(), 143)])
def test_an_interrupt_leaves_the_answer_and_no_line(
    api: Api, signal: BaseException, code: int
) -> None:
    class Impatient(FakeClock):
        def sleep(self, seconds: float) -> None:
            raise signal

    api.on("GET", "/jobs/7", job(7))

    result = wait(expect=code, clock=Impatient(), stderr_is_terminal=True)

    assert result.stdout == "7 RUNNING waiting\n"
    assert "1 of 1 jobs not yet finished: 1 RUNNING" in result.stderr
    assert "\r\x1b[Kampctl: interrupted while waiting\n" in result.stderr


def test_a_job_that_the_server_can_not_show_is_looked_up_in_the_list(api: Api) -> None:
    api.error("GET", "/jobs/7", 500, "GET_DESCRIPTOR_ERROR")
    api.on(
        "GET", "/jobs?limit=1&status=all&last_job_id=8", page(job(7, "STOPPED", descriptor=None))
    )

    assert wait().stdout == "7 STOPPED reached\n"


# Several jobs.


def several(*options: str, expect: int = 0, **settings: Any) -> Result:
    return invoke("job", "wait", "7-9", "-f", "value", *options, expect=expect, **settings)


def are(api: Api, **statuses: Iterable[str]) -> None:
    """Answer for each of the jobs, ``j7=["RUNNING", "STOPPED"]``."""
    for name, seen in statuses.items():
        number = int(name[1:])
        api.on("GET", f"/jobs/{number}", *steps(*seen, number=number))


def test_all_of_several_are_waited_for_and_failures_told_meanwhile(api: Api) -> None:
    are(api, j7=["RUNNING", "RUNNING", "STOPPED"], j8=["FATAL"], j9=["COMPLETED"])

    result = several(expect=1)

    assert result.stdout == "7 STOPPED reached\n8 FATAL failed\n9 COMPLETED reached\n"
    assert "job 8 has failed" in result.stderr
    assert api.requests.count("GET /jobs/9") == 1


def test_one_of_several_can_be_enough(api: Api) -> None:
    are(api, j7=["RUNNING", "RUNNING"], j8=["FATAL"], j9=["RUNNING", "COMPLETED"])

    result = several("--any")

    assert result.stdout == "7 RUNNING waiting\n8 FATAL failed\n9 COMPLETED reached\n"
    assert result.stderr == ""


def test_where_none_of_several_can_come_to_it_one_is_missed_too(api: Api) -> None:
    are(api, j7=["FATAL"], j8=["FATAL"], j9=["FATAL"])

    assert several("--any", expect=1).stderr.count("has failed") == 3


def test_on_wish_the_first_failure_ends_it(api: Api) -> None:
    are(api, j7=["RUNNING"], j8=["FATAL"], j9=["RUNNING"])

    result = several("--fail-fast", expect=1)

    assert result.stdout == "7 RUNNING waiting\n8 FATAL failed\n9 RUNNING waiting\n"


def test_failures_and_a_time_that_is_up_end_with_1(api: Api) -> None:
    are(api, j7=["RUNNING"], j8=["FATAL"], j9=["COMPLETED"])

    result = several("--timeout", "0", expect=1)

    assert "jobs to be finished: 7\n" in result.stderr


def test_many_jobs_are_looked_up_page_by_page(api: Api) -> None:
    ids = range(100, 160)
    there = [job(number, "RUNNING") for number in reversed(ids) if number != 120]
    done = [job(number, "STOPPED", updated_at=at(9)) for number in reversed(ids)]
    path = "/jobs?limit={}&status=all&last_job_id=160"
    later = [one for one in done if one["id"] != 120]
    api.on("GET", path.format(60), page(*there), page(*later))

    result = invoke("job", "wait", "100-159", "-f", "value", expect=3)

    assert result.stdout.count("STOPPED reached") == 59
    assert "can't read job 120: it is not there any more" in result.stderr
    assert len(api.requests) == 2


def test_pages_that_are_capped_are_walked(api: Api) -> None:
    there = [job(number, "STOPPED") for number in range(159, 99, -1)]
    api.on("GET", "/jobs?limit=60&status=all&last_job_id=160", page(*there[:40], next_cursor=120))
    api.on("GET", "/jobs?limit=20&status=all&last_job_id=120", page(*there[40:]))

    result = invoke("job", "wait", "100-159", "-f", "value")

    assert result.stdout.count("STOPPED reached") == 60


def test_a_token_that_is_refused_for_one_of_several_ends_it_for_all(api: Api) -> None:
    are(api, j7=["RUNNING"], j9=["RUNNING"])
    answers = [{"json": job(8)}, {"json": {"error_code": "NO"}, "status_code": 403}]
    api.mocker.get(f"{api.url}/jobs/8", answers)

    # One after the other: no request is left over when the command ends.
    result = several("--timeout", "1h", "--parallel", "1", expect=4)

    assert result.stdout == "7 RUNNING waiting\n8 RUNNING waiting\n9 RUNNING waiting\n"
    assert api.requests.count("GET /jobs/7") == 2


def test_no_jobs_on_standard_input_are_nothing_to_wait_for(api: Api) -> None:
    assert invoke("job", "wait", "-", "--json").stdout == ""


@pytest.mark.parametrize(
    "goal", ["done", "finish", "", "block", "block=", "block=x", "block=-1", "error"]
)
def test_what_can_not_be_waited_for_is_refused(api: Api, goal: str) -> None:
    wait("--for", goal, expect=2)

    assert api.requests == []
