"""``job rm``."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from ampctl.testing import Api, FakeClock, Result, invoke
from ampctl_job.testing import job


@pytest.mark.parametrize("verb", ["rm", "remove"])
def test_rm_removes_finished_jobs(api: Any, verb: str) -> None:
    api.on("GET", "/jobs/123", job(123, "COMPLETED"))
    api.on("DELETE", "/jobs/123", status=204)

    assert invoke("job", verb, "123", "-f", "csv").stdout.splitlines() == [
        "id,result",
        "123,removed",
    ]


def test_rm_reports_a_missing_job_and_goes_on(api: Any) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND", "no such job")
    api.on("GET", "/jobs/8", job(8, "STOPPED"))
    api.on("DELETE", "/jobs/8", status=204)

    result = invoke("job", "rm", "7", "8", "-f", "value", expect=3)

    assert result.stdout == "8 removed\n"
    assert "JOB_NOT_FOUND" in result.stderr


def test_an_id_given_twice_counts_once(api: Any) -> None:
    for number in (8, 7):
        api.on("GET", f"/jobs/{number}", job(number, "COMPLETED"))
        api.on("DELETE", f"/jobs/{number}", status=204)

    result = invoke("job", "rm", "8", "7", "8", "-f", "value")

    assert result.stdout == "8 removed\n7 removed\n"
    assert api.requests.count("DELETE /jobs/8") == 1


def test_a_missing_job_can_be_fine(api: Any) -> None:
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND")

    result = invoke("job", "rm", "7", "--ignore-not-found", "--json")

    assert result.json == {"job_id": 7, "result": "not-found"}


def test_a_bare_404_is_not_a_missing_job(api: Any) -> None:
    api.on("GET", "/jobs/7", status=404)

    invoke("job", "rm", "7", "--ignore-not-found", expect=6)


def test_a_job_that_vanishes_before_its_removal_can_be_fine(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, "STOPPED"))
    api.error("DELETE", "/jobs/7", 404, "JOB_NOT_FOUND")

    invoke("job", "rm", "7", expect=3)

    assert invoke("job", "rm", "7", "--ignore-not-found", "-f", "value").stdout == "7 not-found\n"


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        ("RUNNING", "Try: `ampctl job rm 7 --stop`, or `ampctl job stop 7` first"),
        ("STOPPING", "Try: wait until it has stopped: `ampctl job wait 7`"),
    ],
)
def test_an_active_job_is_refused(api: Any, status: str, hint: str) -> None:
    api.on("GET", "/jobs/7", job(7, status))
    api.error("DELETE", "/jobs/7", 409, "JOB_CONFLICT", "job is running")

    result = invoke("job", "rm", "7", expect=6)

    assert "can't remove job 7: job is running" in result.stderr
    assert "JOB_CONFLICT, HTTP 409" in result.stderr
    assert hint in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("status", [401, 404, 500])
def test_what_failed_is_the_removal(api: Any, status: int) -> None:
    api.error("GET", "/jobs/7", status, "NO", "no luck")
    if status == 500:
        api.error("DELETE", "/jobs/7", 500, "NO", "no luck")

    stderr = invoke("job", "rm", "7", expect={401: 4, 404: 3, 500: 5}[status]).stderr

    assert "can't remove job 7: no luck" in stderr
    assert "can't read" not in stderr


@pytest.mark.parametrize(
    "answer",
    [
        {"json": {"error_code": "GET_DESCRIPTOR_ERROR"}, "status_code": 500},
        {"json": job(7, created_at="yesterday")},
    ],
    ids=["500", "odd"],
)
def test_a_job_that_can_not_be_seen_is_removed_all_the_same(
    api: Any, answer: dict[str, Any]
) -> None:
    api.mocker.get(f"{api.url}/jobs/7", [answer])
    api.on("DELETE", "/jobs/7", status=204)

    result = invoke("job", "rm", "7", "-f", "value")

    assert result.stdout == "7 removed-or-missing\n"
    assert "job 7 was not seen before its removal: " in result.stderr


def test_an_odd_descriptor_is_no_matter_for_a_removal(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, "STOPPED", descriptor="raw"))
    api.on("DELETE", "/jobs/7", status=204)

    result = invoke("job", "rm", "7", "-f", "value")

    assert (result.stdout, result.stderr) == ("7 removed\n", "")


def test_several_jobs_are_shown_before_and_a_no_removes_none(api: Any) -> None:
    api.on("GET", "/jobs/9", job(9, "STOPPED"))
    api.error("GET", "/jobs/8", 404, "JOB_NOT_FOUND")
    api.error("GET", "/jobs/7", 500, "GET_JOB_ERROR")

    result = invoke("job", "rm", "9", "8", "7", is_terminal=True, stdin="n\n", expect=1)

    assert "Remove 1 STOPPED, 1 unseen: jobs 9, 7? [y/N]" in result.stderr
    assert all(request.startswith("GET") for request in api.requests)


@pytest.mark.parametrize(
    ("options", "stdin"), [([], "y\n"), (["--yes"], "")], ids=["agreed", "--yes"]
)
def test_a_yes_removes_several(api: Any, options: list[str], stdin: str) -> None:
    for number in (9, 7):
        api.on("GET", f"/jobs/{number}", job(number, "STOPPED"))
        api.on("DELETE", f"/jobs/{number}", status=204)
    api.error("GET", "/jobs/8", 404, "JOB_NOT_FOUND")

    result = invoke(
        *("job", "rm", "9", "8", "7", "-f", "value", *options),
        is_terminal=True,
        stdin=stdin,
        expect=3,
    )

    assert result.stdout == "9 removed\n7 removed\n"
    assert ("[y/N]" in result.stderr) == bool(stdin)


@pytest.mark.parametrize("ids", [["7"], ["7", "7"]], ids=" ".join)
def test_one_job_is_removed_unasked(api: Any, ids: list[str]) -> None:
    api.on("GET", "/jobs/7", job(7, "STOPPED"))
    api.on("DELETE", "/jobs/7", status=204)

    assert "[y/N]" not in invoke("job", "rm", *ids, is_terminal=True).stderr


def test_many_jobs_are_named_in_part(api: Any) -> None:
    for number in range(1, 13):
        api.on("GET", f"/jobs/{number}", job(number, "STOPPED"))

    result = invoke("job", "rm", *map(str, range(1, 13)), is_terminal=True, stdin="n\n", expect=1)

    assert "Remove 12 STOPPED: jobs 1, 2, 3, 4, 5, 6 and 6 more?" in result.stderr


def test_an_interrupted_look_removes_nothing(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, "STOPPED"))
    api.on("GET", "/jobs/8", exc=KeyboardInterrupt)

    stderr = invoke("job", "rm", "7", "8", is_terminal=True, stdin="y\n", expect=130).stderr

    assert "Remove" not in stderr
    assert "may have been" not in stderr


def test_an_interrupted_removal_may_be_done(api: Any) -> None:
    for number in (7, 8):
        api.on("GET", f"/jobs/{number}", job(number, "STOPPED"))
    api.on("DELETE", "/jobs/7", status=204)
    api.on("DELETE", "/jobs/8", exc=KeyboardInterrupt)

    result = invoke("job", "rm", "7", "8", "-f", "value", expect=130)

    assert result.stdout == "7 removed\n"
    assert (
        "interrupted at 8, which may have been carried out; 1 tried, 0 not tried" in result.stderr
    )


def test_a_server_that_is_away_is_not_asked_for_each_job(api: Any) -> None:
    api.on("GET", "/jobs/7", exc=requests.exceptions.ProxyError)

    result = invoke("job", "rm", "7", "8", "9", "--retries", "0", expect=5)

    assert api.requests == ["GET /jobs/7"]
    assert "can't remove job 7: " in result.stderr
    assert "ampctl: none of 3 jobs was removed\n" in result.stderr


def test_ranges_and_standard_input_name_jobs_too(api: Api) -> None:
    for number in (7, 8, 9, 11):
        api.on("GET", f"/jobs/{number}", job(number, "STOPPED"))
        api.on("DELETE", f"/jobs/{number}", status=204)

    result = invoke("job", "rm", "8-9", "-", "-f", "value", "-c", "id", stdin="11 7\n8\n")

    assert result.stdout.split() == ["8", "9", "11", "7"]


@pytest.mark.parametrize("options", [(), ("--json",)], ids=str)
def test_no_ids_on_standard_input_are_nothing_to_do(api: Api, options: tuple[str, ...]) -> None:
    assert invoke("job", "rm", "-", *options).stdout == ""
    assert api.requests == []


# With --stop.


def seen(api: Api, *statuses: str, number: int = 7, stop: int | None = 200) -> None:
    """Answer with these statuses in turn, and take a stop and a removal."""
    there = [
        job(number, status, updated_at=f"2026-03-01T11:58:{index:02}Z")
        for index, status in enumerate(statuses)
    ]
    api.on("GET", f"/jobs/{number}", *there)
    if stop:
        api.on("PUT", f"/jobs/{number}/stop", status=stop)


def rm_stop(*options: str, ids: str = "7", expect: int = 0, **settings: Any) -> Result:
    words = ("job", "rm", ids, "--stop", "-f", "value", "--retries", "0", *options)
    return invoke(*words, expect=expect, **settings)


@pytest.mark.parametrize("end", ["STOPPED", "COMPLETED", "FATAL", "ERROR"])
def test_an_active_job_is_stopped_waited_for_and_removed(api: Api, end: str) -> None:
    seen(api, "RUNNING", "STOPPING", end)
    api.on("DELETE", "/jobs/7", status=204)
    clock = FakeClock()

    result = rm_stop(clock=clock)

    assert (result.stdout, result.stderr) == ("7 removed\n", "")
    assert clock.slept == [2]
    assert [one.split()[0] for one in api.requests] == ["GET", "PUT", "GET", "GET", "DELETE"]


def test_a_finished_job_is_not_stopped(api: Api) -> None:
    seen(api, "FATAL", stop=None)
    api.on("DELETE", "/jobs/7", status=204)

    assert rm_stop().stdout == "7 removed\n"


def test_a_job_that_does_not_stop_in_time_is_not_removed(api: Api) -> None:
    seen(api, "RUNNING", "STOPPING")
    seen(api, "STOPPED", number=8, stop=None)
    api.on("DELETE", "/jobs/8", status=204)

    result = rm_stop("--timeout", "4", ids="7-8", expect=124)

    assert result.stdout == "8 removed\n"
    assert "still waiting for jobs to be finished: 7" in result.stderr


def test_a_job_that_is_deployed_again_is_not_removed(api: Api) -> None:
    seen(api, "RUNNING", "STOPPING", "SCHEDULED")
    api.on("GET", "/jobs/7/events", status=404)

    result = rm_stop(expect=1)

    assert result.stdout == ""
    assert "job 7 was deployed again while it was to stop, so it was not removed" in result.stderr


def test_a_job_that_vanishes_meanwhile_can_be_fine(api: Api) -> None:
    gone = {"json": {"error_code": "JOB_NOT_FOUND"}, "status_code": 404}
    for expect, options in ((3, ()), (0, ("--ignore-not-found",))):
        api.mocker.get(f"{api.url}/jobs/7", [{"json": job(7)}, gone])
        api.on("PUT", "/jobs/7/stop")

        result = rm_stop(*options, expect=expect)

        assert result.stdout == ("" if expect else "7 not-found\n")


def test_an_interrupted_wait_removes_nothing(api: Api) -> None:
    class Impatient(FakeClock):
        def sleep(self, seconds: float) -> None:
            raise KeyboardInterrupt

    seen(api, "RUNNING", "STOPPING")
    seen(api, "STOPPED", number=8, stop=None)

    result = rm_stop(ids="7-8", clock=Impatient(), expect=130)

    assert result.stdout == ""
    assert "interrupted while waiting" in result.stderr


def test_on_wish_a_stop_that_fails_ends_it_before_anything_is_removed(api: Api) -> None:
    seen(api, "RUNNING", stop=500)
    seen(api, "STOPPED", number=8, stop=None)

    result = rm_stop("--fail-fast", ids="7-8", expect=5)

    assert result.stdout == ""
    assert "ended at the first failure: 1 not tried" in result.stderr


def test_both_are_asked_for_together(api: Api) -> None:
    seen(api, "RUNNING", stop=None)
    seen(api, "STOPPED", number=8, stop=None)

    result = rm_stop(ids="7-8", is_terminal=True, stdin="n\n", expect=1)

    assert "Stop and remove 1 RUNNING, 1 STOPPED: jobs 7, 8? [y/N]" in result.stderr


@pytest.mark.parametrize("options", [("--timeout", "5"), ("--interval", "5")], ids=str)
def test_waiting_options_need_the_stop(api: Api, options: tuple[str, ...]) -> None:
    assert "of use with --stop only" in invoke("job", "rm", "7", *options, expect=2).stderr
