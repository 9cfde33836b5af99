"""``job prune``."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
import requests_mock

from ampctl.testing import invoke
from ampctl_job.testing import descriptor, job, page


def last(*jobs: dict[str, Any]) -> dict[str, Any]:
    """Return a page after which there is none."""
    return page(*jobs, next_cursor=None)


TERMINAL = "/jobs?limit=1000&status=completed%2Cstopped%2Cerror%2Cfatal%2Cfailed"


@pytest.mark.parametrize(
    ("arguments", "there", "counted", "sent"),
    [
        ([], "FATAL", "completed%2Cstopped%2Cerror%2Cfatal%2Cfailed", "terminal"),
        (["--status", "completed"], "COMPLETED", "completed", "completed"),
        (["--status", "stopped"], "STOPPED", "stopped", "stopped"),
        (["-s", "ERROR"], "FATAL", "error%2Cfatal%2Cfailed", "error"),
        (["-s", "failed"], "FATAL", "error%2Cfatal%2Cfailed", "error"),
    ],
    ids=["terminal", "completed", "stopped", "error", "failed"],
)
def test_the_status_is_always_sent(
    api: Any, arguments: list[str], there: str, counted: str, sent: str
) -> None:
    api.on("GET", f"/jobs?limit=1000&status={counted}", last(job(9, there)))
    api.on("DELETE", f"/jobs?status={sent}", status=204)

    invoke("job", "prune", *arguments)

    assert api.requests[-1] == f"DELETE /jobs?status={sent}"


def test_prune_reports_how_many_of_each_status_went(api: Any) -> None:
    api.on("GET", TERMINAL, last(job(9, "FATAL"), job(8, "COMPLETED"), job(7, "COMPLETED")))
    api.on("DELETE", "/jobs?status=terminal", status=204)

    result = invoke("job", "prune", "-f", "csv")

    assert result.stdout.splitlines() == ["status,removed", "COMPLETED,2", "FATAL,1"]


def test_json_is_one_object_for_each_status(api: Any) -> None:
    api.on("GET", TERMINAL, last(job(9, "FATAL")))
    api.on("DELETE", "/jobs?status=terminal", status=204)

    expected = {"status": "FATAL", "removed": 1, "skipped": 0, "failed": 0}
    assert json.loads(invoke("job", "prune", "--json").stdout) == expected


def test_on_a_terminal_it_shows_what_goes_and_asks(api: Any) -> None:
    api.on("GET", TERMINAL, last(job(9, "FATAL"), job(8, "COMPLETED")))

    result = invoke("job", "prune", is_terminal=True, stdin="n\n", expect=1)

    assert "Remove 1 COMPLETED, 1 FATAL? [y/N]" in result.stderr
    assert "nothing was done" in result.stderr
    assert api.requests == [f"GET {TERMINAL}"]


def test_a_yes_removes_what_was_shown_one_by_one(api: Any) -> None:
    shown = last(job(9, "FATAL"), job(8, "COMPLETED"), job(7, "COMPLETED"))
    api.on("GET", TERMINAL, shown, last(job(10, "COMPLETED"), *shown["jobs"]))
    for number in (9, 8, 7):
        api.on("DELETE", f"/jobs/{number}", status=204)

    result = invoke("job", "prune", "-f", "csv", is_terminal=True, stdin="y\n")

    assert result.stdout.splitlines() == ["status,removed", "COMPLETED,2", "FATAL,1"]
    assert api.requests[2:] == ["DELETE /jobs/9", "DELETE /jobs/8", "DELETE /jobs/7"]


def test_a_job_that_changed_before_the_yes_is_not_removed(api: Any) -> None:
    later = "2026-03-01T11:59:00+00:00"
    before = [job(number, "STOPPED") for number in (9, 8, 7, 6, 5)]
    after = [job(9, "STOPPED", updated_at=later), job(8, "ERROR"), *before[3:]]
    api.on("GET", TERMINAL, last(*before), last(*after))
    api.on("DELETE", "/jobs/6", status=204)
    api.error("DELETE", "/jobs/5", 409, "JOB_CONFLICT")

    result = invoke("job", "prune", "--json", is_terminal=True, stdin="y\n")

    assert result.json == {"status": "STOPPED", "removed": 1, "skipped": 4, "failed": 0}
    assert "changed meanwhile, so not removed: job 9, 8, 7, 5" in result.stderr


def test_a_removal_that_fails_after_a_yes_is_reported_and_not_counted(api: Any) -> None:
    api.on("GET", TERMINAL, last(job(9, "STOPPED"), job(8, "STOPPED")))
    api.error("DELETE", "/jobs/9", 500, "DELETE_JOB_ERROR")
    api.on("DELETE", "/jobs/8", status=204)

    result = invoke("job", "prune", "-f", "value", is_terminal=True, stdin="y\n", expect=5)

    assert result.stdout == "STOPPED 1\n"
    assert "can't remove job 9" in result.stderr


@pytest.mark.parametrize("is_terminal", [True, False])
def test_unasked_one_request_removes_all(api: Any, is_terminal: bool) -> None:
    api.on("GET", TERMINAL, last(job(9, "FATAL")))
    api.on("DELETE", "/jobs?status=terminal", status=204)

    result = invoke("job", "prune", "--yes", is_terminal=is_terminal)

    assert api.requests == [f"GET {TERMINAL}", "DELETE /jobs?status=terminal"]
    assert ("These were counted just before" in result.stderr) == is_terminal


@pytest.mark.parametrize("is_terminal", [True, False])
@pytest.mark.parametrize("arguments", [[], ["--yes"]], ids=["unasked", "--yes"])
def test_where_nothing_was_counted_nothing_is_removed(
    api: Any, arguments: list[str], is_terminal: bool
) -> None:
    api.on("GET", TERMINAL, page())

    result = invoke("job", "prune", *arguments, is_terminal=is_terminal)

    assert api.requests == [f"GET {TERMINAL}"]
    assert result.stdout == ""
    assert ("There was nothing to remove." in result.stderr) == is_terminal


def test_json_answers_also_with_nothing(api: Any) -> None:
    api.on("GET", TERMINAL, page())

    assert invoke("job", "prune", "--json").json == {
        "status": "terminal",
        "removed": 0,
        "skipped": 0,
        "failed": 0,
    }


@pytest.mark.parametrize("filter_name", ["terminal", "error"])
def test_failed_jobs_of_an_older_release_count(api: Any, filter_name: str) -> None:
    api.on("GET", "/jobs", last(job(9, "FAILED")))
    api.on("DELETE", f"/jobs?status={filter_name}", status=204)

    assert invoke("job", "prune", "-s", filter_name, "-f", "value").stdout == "FAILED 1\n"


@pytest.mark.parametrize("status", ["RUNNING", "PAUSED"])
@pytest.mark.parametrize("options", [{}, {"is_terminal": True, "stdin": "y\n"}], ids=str)
def test_a_server_that_ignores_the_filter_is_not_believed(
    api: Any, options: dict[str, Any], status: str
) -> None:
    api.on("GET", TERMINAL, last(job(9, "STOPPED"), job(8, status)))

    result = invoke("job", "prune", expect=7, **options)

    assert api.requests == [f"GET {TERMINAL}"]
    assert f"job 8 is {status}" in result.stderr
    assert "Try: `ampctl job list --status all`" in result.stderr


def test_what_a_newer_server_takes_failed_for_is_left_alone(api: Any) -> None:
    api.on("GET", TERMINAL, last(job(9, "STOPPED"), job(8, "UNKNOWN")))
    api.on("DELETE", "/jobs/9", status=204)

    result = invoke("job", "prune", "-f", "value", is_terminal=True, stdin="y\n")

    assert result.stdout == "STOPPED 1\n"


def test_a_prune_interrupted_after_it_was_sent_may_be_done(api: Any) -> None:
    api.on("GET", TERMINAL, last(job(9, "FATAL")))
    api.on("DELETE", "/jobs?status=terminal", exc=KeyboardInterrupt)

    result = invoke("job", "prune", expect=130)

    assert (
        "interrupted at the removal of terminal jobs, which may have been carried out"
        in result.stderr
    )
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("fault", "code"), [(KeyboardInterrupt, 130), (requests.ReadTimeout, 5)], ids=str
)
def test_what_is_not_known_to_be_removed_is_not_counted(api: Any, fault: Any, code: int) -> None:
    api.on("GET", TERMINAL, last(job(9, "FATAL")))
    api.on("DELETE", "/jobs?status=terminal", exc=fault)

    assert invoke("job", "prune", "--json", expect=code).stdout == ""


def test_a_prune_interrupted_before_it_is_sent_claims_nothing(api: Any) -> None:
    api.on("GET", TERMINAL, exc=KeyboardInterrupt)

    assert "done" not in invoke("job", "prune", expect=130).stderr


@pytest.mark.parametrize(
    ("filter_name", "left"), [("terminal", "terminal"), ("error", "failed")], ids=str
)
def test_a_prune_that_may_be_done_says_where_to_look(api: Any, filter_name: str, left: str) -> None:
    api.on("GET", "/jobs", last(job(9, "FATAL")))
    api.on("DELETE", f"/jobs?status={filter_name}", exc=requests.ReadTimeout)

    stderr = invoke("job", "prune", "-s", filter_name, expect=5).stderr

    assert f"Try: `ampctl job list -s {left}`, which shows what is left" in stderr


@pytest.mark.parametrize("status", ["running", "all", "fatal", "active", "", "completed,stopped"])
def test_only_what_the_api_can_remove_is_taken(api: Any, status: str) -> None:
    stderr = invoke("job", "prune", "-s", status, expect=2).stderr

    assert "can't be pruned; valid are terminal, completed, stopped, error" in stderr
    assert api.requests == []


def test_the_nearest_of_what_can_be_removed_is_suggested(api: Any) -> None:
    stderr = invoke("job", "prune", "-s", "complted", expect=2).stderr

    assert "stopped, error; did you mean 'completed'?\n" in stderr


def test_a_prefix_of_prune_runs_nothing(api: Any) -> None:
    result = invoke("job", "pru", expect=2)

    assert api.requests == []
    assert "did you mean 'job prune'?" in result.stderr


def test_a_bulk_delete_that_may_have_happened_is_not_repeated(api: Any) -> None:
    api.on("GET", TERMINAL, last(job(9, "FATAL")))
    api.on("DELETE", "/jobs?status=terminal", status=503)

    result = invoke("job", "prune", expect=5)

    assert "can't prune terminal jobs" in result.stderr
    assert api.requests.count("DELETE /jobs?status=terminal") == 1


OLD = "2026-02-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("options", "settings"),
    [(("--older", "7d"), {}), (("--older", "7d", "--yes"), {"is_terminal": True})],
    ids=["unasked", "--yes"],
)
def test_what_is_filtered_is_removed_one_by_one_also_unasked(
    api: Any, options: tuple[str, ...], settings: dict[str, Any]
) -> None:
    api.on("GET", TERMINAL, last(job(9, "FATAL", updated_at=OLD), job(8, "FATAL")))
    api.on("DELETE", "/jobs/9", status=204)

    result = invoke("job", "prune", *options, "-f", "value", **settings)

    assert result.stdout == "FATAL 1\n"
    assert api.requests == [f"GET {TERMINAL}", "DELETE /jobs/9"]


def test_filters_narrow_what_is_removed(api: Any) -> None:
    other = descriptor(dataset_name="logs")
    found = [job(9, "STOPPED"), job(8, "STOPPED", descriptor=other), job(7, "STOPPED")]
    found[2]["node_id"] = "worker-2"
    api.on("GET", TERMINAL, last(*found))
    api.on("DELETE", "/jobs/9", status=204)

    invoke("job", "prune", "--dataset", "eth_mainnet/blocks@0123", "--worker", "worker-1")


@pytest.mark.parametrize("options", [(), ("--yes",), ("--older", "1s")], ids=str)
@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_dry_run_shows_what_would_go_and_asks_and_removes_nothing(
    api: Any, options: tuple[str, ...], is_terminal: bool
) -> None:
    api.on("GET", TERMINAL, last(job(9, "FATAL"), job(8, "STOPPED"), job(7, "FATAL")))

    result = invoke("job", "prune", "--dry-run", "-f", "value", *options, is_terminal=is_terminal)

    assert result.stdout == "FATAL 2\nSTOPPED 1\n"
    assert result.stderr == "Would remove 2 FATAL, 1 STOPPED.\n"
    assert api.requests == [f"GET {TERMINAL}"]


def test_what_a_dry_run_counts_is_not_called_removed(api: Any) -> None:
    api.on("GET", TERMINAL, last(job(9, "FATAL")))

    result = invoke("job", "prune", "--dry-run", "-f", "jsonl")

    assert result.stdout == '{"status":"FATAL","would_remove":1}\n'


def test_a_dry_run_that_finds_nothing_says_so(api: Any) -> None:
    api.on("GET", TERMINAL, last())

    result = invoke("job", "prune", "--dry-run", "--json")

    assert (result.stdout, result.stderr) == ("", "Would remove nothing.\n")


def test_jobs_that_are_still_being_retried_are_marked(api: Any) -> None:
    there = [job(9, "ERROR"), job(8, "ERROR"), job(7, "ERROR", descriptor=None)]
    api.on("GET", TERMINAL, last(*there))

    stderr = invoke("job", "prune", is_terminal=True, stdin="n\n", expect=1).stderr

    assert "Remove 3 ERROR (2 still being retried)? [y/N]" in stderr


def test_on_wish_a_failure_ends_it_and_the_rest_is_skipped(api: Any) -> None:
    api.on("GET", TERMINAL, last(*(job(number, "STOPPED") for number in (9, 8, 7))))
    api.error("DELETE", "/jobs/9", 500, "DELETE_JOB_ERROR")

    result = invoke(
        *("job", "prune", "--older", "1s", "--fail-fast", "--parallel", "1", "-f", "value"),
        expect=5,
    )

    assert result.stdout == "STOPPED 0\n"
    assert "0 removed, 2 skipped, 1 failed.\n" in result.stderr
    assert "ended at the first failure: 2 not tried" in result.stderr


def test_an_interrupted_removal_tells_what_went(api: Any) -> None:
    api.on("GET", TERMINAL, last(*(job(number, "STOPPED") for number in (9, 8, 7))))
    api.on("DELETE", "/jobs/9", status=204)
    api.on("DELETE", "/jobs/8", exc=KeyboardInterrupt)

    result = invoke(
        *("job", "prune", "--older", "1s", "--parallel", "1", "-f", "value"), expect=130
    )

    assert result.stdout == "STOPPED 1\n"
    assert "1 removed, 2 skipped, 0 failed.\n" in result.stderr
    assert "interrupted at 8, which may have been carried out" in result.stderr


def test_a_second_status_is_refused_before_anything_is_sent(api: Any) -> None:
    result = invoke("job", "prune", "-s", "terminal", "-s", "error", expect=2)

    assert "argument -s/--status: it was given twice, and takes one value" in result.stderr
    assert api.requests == []


def test_a_server_that_dies_meanwhile_is_not_asked_for_each_job(api: Any) -> None:
    numbers = range(9, 0, -1)
    api.on("GET", TERMINAL, last(*(job(number, "STOPPED") for number in numbers)))
    api.mocker.delete(requests_mock.ANY, status_code=504)

    result = invoke(
        *("--retries", "0", "job", "prune", "--older", "1s", "--parallel", "1", "-f", "value"),
        expect=5,
    )

    assert "the server does not answer: 6 not tried" in result.stderr
    assert "0 removed, 6 skipped, 3 failed.\n" in result.stderr
