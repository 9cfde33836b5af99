"""``job inspect``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ampctl.testing import invoke
from ampctl_job.testing import descriptor, event, job, progress, worker

# The whole record without what costs a request for every job.
RECORD = (
    *("-f", "json", "-c", "id", "-c", "status", "-c", "end_block", "-c", "descriptor"),
    *("-c", "error_code", "-c", "error_message", "-c", "error_context"),
    *("-c", "attempts", "-c", "retry_at"),
)


def test_in_a_pipe_the_answer_is_the_document_of_the_server(api: Any) -> None:
    document = job(12345, shard="a")
    api.on("GET", "/jobs/12345", document)

    for verb in ("inspect", "get"):
        result = invoke("job", verb, "12345")

        assert result.json == document
        assert result.stdout.count("\n") == 1


def test_on_a_terminal_the_answer_is_a_table(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7))

    api.on("GET", "/jobs/7/events", {"job_id": 7, "events": [event(1)]})
    api.on("GET", "/workers/worker-1", worker())

    result = invoke("job", "inspect", "7", is_terminal=True)

    assert "eth_mainnet/blocks@0123abc" in result.stdout
    assert "{" not in result.stdout.split("descriptor")[0]


def test_the_worker_of_many_jobs_is_read_once(api: Any) -> None:
    for number in (1, 2, 3):
        api.on("GET", f"/jobs/{number}", job(number))
    api.on("GET", "/workers/worker-1", worker())

    result = invoke("job", "inspect", "1", "2", "3", "-f", "json", "-c", "worker_alive")

    assert len(result.json) == 3
    assert api.requests.count("GET /workers/worker-1") == 1


def test_on_a_terminal_json_can_be_asked_for(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7))

    assert invoke("job", "inspect", "7", "--json", is_terminal=True).json == job(7)


def test_a_format_asked_for_wins_in_a_pipe(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7))

    result = invoke("job", "inspect", "7", "-f", "json", "-c", "id", "-c", "end_block")

    assert result.json == {"id": 7, "end_block": None}


def test_a_record_has_the_end_and_the_whole_descriptor(api: Any) -> None:
    whole = descriptor(end_block="-100", new=[1])
    api.on("GET", "/jobs/7", job(7, descriptor=whole))

    record = invoke("job", "inspect", "7", *RECORD).json

    assert record["end_block"] == "-100"
    assert record["descriptor"] == whole


def test_a_job_without_descriptor_has_a_record_too(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, descriptor=None))

    record = invoke("job", "inspect", "7", *RECORD).json

    assert [record[name] for name in ("id", "end_block", "descriptor")] == [7, None, None]


def test_a_failed_job_comes_with_its_error_and_the_next_retry(api: Any) -> None:
    detail = {
        "error_code": "RPC_TIMEOUT",
        "error_message": "no answer",
        "error_context": {"stack_trace": ["a", "b"]},
    }
    api.on("GET", "/jobs/7", job(7, "ERROR"))
    api.on("GET", "/jobs/7/progress", progress(7, "ERROR", detail=detail))
    log = [event(1), event(2, "RUNNING"), event(3, "ERROR"), event(4), event(5, "ERROR")]
    api.on("GET", "/jobs/7/events", {"job_id": 7, "events": log})

    record = invoke("job", "inspect", "7", *RECORD).json

    assert record["error_code"] == "RPC_TIMEOUT"
    assert record["error_message"] == "no answer"
    assert record["error_context"] == {"stack_trace": ["a", "b"]}
    assert record["attempts"] == 2
    assert record["retry_at"] == "2026-03-01T11:58:04.000000+00:00"


def inspect_failed(api: Any, *, attempts: int = 1, **members: Any) -> dict[str, Any]:
    """Return the answers for a failed job."""
    document = job(7, **{"status": "ERROR", **members})
    api.on("GET", "/jobs/7", document)
    api.on("GET", "/jobs/7/progress", progress(7, document["status"]))
    log = [event(number) for number in range(1, attempts + 1)]
    api.on("GET", "/jobs/7/events", {"job_id": 7, "events": log})
    record: dict[str, Any] = invoke("job", "inspect", "7", *RECORD).json
    return record


@pytest.mark.parametrize(("attempts", "wait_s"), [(1, 2), (3, 8), (5, 32)])
def test_a_retry_comes_two_to_the_number_of_attempts_seconds_after_the_failure(
    api: Any, attempts: int, wait_s: int
) -> None:
    retry_at = inspect_failed(api, attempts=attempts)["retry_at"]

    assert retry_at == f"2026-03-01T11:58:{wait_s:02}.000000+00:00"


@pytest.mark.parametrize("attempts", [38, 1030, 5000])
def test_a_retry_past_the_end_of_the_calendar_is_not_shown(api: Any, attempts: int) -> None:
    record = inspect_failed(api, attempts=attempts)

    assert (record["attempts"], record["retry_at"]) == (attempts, None)


def test_a_retry_after_years_is_reported_as_such(api: Any) -> None:
    assert inspect_failed(api, attempts=30)["retry_at"].startswith("2060-")


@pytest.mark.parametrize(
    "members",
    [{"descriptor": None}, {"status": "FATAL"}, {"status": "FAILED"}],
    ids=str,
)
def test_what_is_never_retried_has_no_next_retry(api: Any, members: dict[str, Any]) -> None:
    assert inspect_failed(api, **members)["retry_at"] is None


@pytest.mark.parametrize(
    ("failed_at", "shown"),
    [("11:59:58", "due"), ("11:59:59", "in 1s at the earliest"), ("11:00:00", "due")],
)
def test_a_retry_is_not_promised_to_a_person(api: Any, failed_at: str, shown: str) -> None:
    api.on("GET", "/jobs/7", job(7, "ERROR", updated_at=f"2026-03-01T{failed_at}Z"))
    api.on("GET", "/jobs/7/progress", progress(7, "ERROR"))
    api.on("GET", "/jobs/7/events", {"job_id": 7, "events": [event(1)]})

    table = invoke("job", "inspect", "7", "-c", "retry_at", stdout_is_terminal=True)

    assert table.stdout.splitlines()[-1] == f"retry_at  {shown}"


def test_a_fatal_job_has_no_next_retry(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, "FATAL"))
    api.on("GET", "/jobs/7/progress", progress(7, "FATAL"))
    api.on("GET", "/jobs/7/events", {"job_id": 7, "events": [event(1)]})

    record = invoke("job", "inspect", "7", *RECORD).json

    assert (record["attempts"], record["retry_at"], record["error_code"]) == (1, None, None)


def test_a_server_without_events_still_tells_the_error(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, "ERROR"))
    api.on("GET", "/jobs/7/progress", progress(7, "ERROR", detail={"error_code": "X"}))
    api.on("GET", "/jobs/7/events", status=404)

    result = invoke("job", "inspect", "7", *RECORD)

    assert result.json["error_code"] == "X"
    assert "not all is known of job 7" in result.stderr


def test_a_job_whose_progress_fails_still_tells_its_attempts(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, "ERROR"))
    api.error("GET", "/jobs/7/progress", 500, "GET_JOB_DETAIL_ERROR", "no detail")
    api.on("GET", "/jobs/7/events", {"job_id": 7, "events": [event(1), event(2, "ERROR")]})

    result = invoke("job", "inspect", "7", *RECORD)

    assert (result.json["attempts"], result.json["error_code"]) == (1, None)
    assert "not all is known of job 7: can't read the progress of job 7: no detail" in result.stderr


def test_a_failed_job_of_an_older_release_is_shown_without_events_and_progress(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, "FAILED"))
    api.on("GET", "/jobs/7/progress", status=404)
    api.on("GET", "/jobs/7/events", status=404)

    result = invoke("job", "inspect", "7", *RECORD)

    assert (result.json["status"], result.json["retry_at"]) == ("FAILED", None)
    assert result.stderr.count("ampctl:") == 1


@pytest.mark.parametrize(
    ("detail", "shown", "path"),
    [
        ("boom", (None, "boom", None), "detail (invalid input type)"),
        (["a", 1], (None, '["a",1]', None), "detail (invalid input type)"),
        (5, (None, "5", None), "detail (invalid input type)"),
        ({"error_code": 5}, ("5", None, None), "detail.error_code (not a valid string)"),
        ({"error_message": {"a": 1}}, (None, '{"a":1}', None), "detail.error_message ("),
        ({"error_context": [1]}, (None, None, [1]), "detail.error_context ("),
        ({"error_context": "x"}, (None, None, "x"), "detail.error_context ("),
        ({}, (None, None, None), ""),
    ],
    ids=str,
)
def test_an_odd_error_detail_is_shown_all_the_same(
    api: Any, detail: Any, shown: tuple[Any, ...], path: str
) -> None:
    api.on("GET", "/jobs/7", job(7, "FATAL"))
    api.on("GET", "/jobs/7/progress", progress(7, "FATAL", detail=detail))
    api.on("GET", "/jobs/7/events", {"job_id": 7, "events": [event(1)]})

    result = invoke("job", "inspect", "7", *RECORD)

    names = ("error_code", "error_message", "error_context")
    assert tuple(result.json[name] for name in names) == shown
    assert (f"job 7 is not as documented: {path}" in result.stderr) == bool(path)


def test_an_odd_descriptor_is_shown_as_it_came(api: Any) -> None:
    odd = descriptor(end_block=5, dataset_namespace=None)
    api.on("GET", "/jobs/7", job(7, descriptor=odd))
    api.on("GET", "/jobs/8", job(8, descriptor=["raw"]))

    result = invoke("job", "inspect", "7", "8", *RECORD)

    assert [row["descriptor"] for row in result.json] == [odd, ["raw"]]
    assert [row["end_block"] for row in result.json] == ["5", None]
    assert "job 7 is not as documented: descriptor." in result.stderr
    assert "job 8 is not as documented: descriptor (invalid input type)" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["--json"], ["-f", "csv", "-c", "id"]], ids=str)
def test_what_is_not_shown_of_a_job_is_not_warned_of(api: Any, arguments: list[str]) -> None:
    api.on("GET", "/jobs/7", job(7, descriptor=["raw"]))

    assert invoke("job", "inspect", "7", *arguments).stderr == ""


def test_an_interrupted_look_says_nothing_of_a_change(api: Any) -> None:
    api.on("GET", "/jobs/7", exc=KeyboardInterrupt)

    assert "may have been" not in invoke("job", "inspect", "7", expect=130).stderr


def test_several_jobs_come_in_the_order_asked_for_and_missing_ones_are_reported(api: Any) -> None:
    api.on("GET", "/jobs/9", job(9))
    api.error("GET", "/jobs/8", 404, "JOB_NOT_FOUND", "no such job")
    api.on("GET", "/jobs/7", job(7))

    result = invoke("job", "inspect", "9", "8", "7", expect=3)

    assert [document["id"] for document in result.documents] == [9, 7]
    assert result.stderr.count("ampctl:") == 1
    assert "can't read job 8: no such job" in result.stderr
    assert "JOB_NOT_FOUND, HTTP 404, GET http://localhost:1610/jobs/8" in result.stderr


def test_several_jobs_are_a_list_in_json(api: Any) -> None:
    api.on("GET", "/jobs/9", job(9))
    api.on("GET", "/jobs/7", job(7))

    records = invoke("job", "inspect", "9", "7", "9", *RECORD).json

    assert [record["id"] for record in records] == [9, 7]


def test_a_job_asked_for_twice_is_one_record(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7))

    assert invoke("job", "inspect", "7", "7", *RECORD).json["id"] == 7
    assert api.requests == ["GET /jobs/7"]


def test_several_jobs_are_a_list_though_only_one_is_there(api: Any) -> None:
    api.on("GET", "/jobs/9", job(9))
    api.error("GET", "/jobs/7", 404, "JOB_NOT_FOUND")

    records = invoke("job", "inspect", "9", "7", *RECORD, expect=3).json

    assert [record["id"] for record in records] == [9]


@pytest.mark.parametrize(
    "text",
    ["007", "１２", "1_0", "..", "9223372036854775808", "", "0", "-5", "+7", " 7", "7.0", "abc"],
)
@pytest.mark.parametrize("verb", ["inspect", "stop", "rm", "progress", "events"])
def test_an_id_that_is_none_is_refused_before_anything_is_sent(
    api: Any, verb: str, text: str
) -> None:
    result = invoke("job", verb, text, expect=2)

    assert api.requests == []
    assert "ampctl:" in result.stderr


def test_the_largest_id_is_sent(api: Any) -> None:
    api.on("GET", "/jobs/9223372036854775807", job(2**63 - 1))

    assert invoke("job", "get", "9223372036854775807").json["id"] == 2**63 - 1


def test_an_answer_about_another_job_is_not_believed(api: Any) -> None:
    api.on("GET", "/jobs/7", job(8))

    assert "not about 7" in invoke("job", "inspect", "7", expect=7).stderr


def test_a_log_without_any_attempt_says_nothing_of_a_retry(api: Any) -> None:
    api.on("GET", "/jobs/7", job(7, "ERROR"))
    api.on("GET", "/jobs/7/progress", progress(7, "ERROR"))
    api.on("GET", "/jobs/7/events", {"job_id": 7, "events": []})

    assert invoke("job", "inspect", "7", *RECORD).json["retry_at"] is None


@pytest.mark.parametrize("stdin", ["7\n", ""])
def test_jobs_on_standard_input_are_a_list_however_many_they_are(api: Any, stdin: str) -> None:
    if stdin:
        api.on("GET", "/jobs/7", job(7))

    result = invoke("job", "inspect", "-", "-f", "json", "-c", "id", stdin=stdin)

    assert result.json == [{"id": 7}] * len(stdin.split())


ODD_NUMBERS = '{"ratio":1.10,"limit":1e400,"scale":1E5,"salt":%s}' % ("9" * 5000)


def odd_text(**members: Any) -> str:
    """Return a job whose descriptor holds numbers that Python would change."""
    text = json.dumps(job(7, descriptor="HERE", **members), separators=(",", ":"))
    return text.replace('"HERE"', ODD_NUMBERS)


@pytest.mark.parametrize("arguments", [[], ["--json"]], ids=["pipe", "--json"])
def test_numbers_are_printed_as_the_server_wrote_them(api: Any, arguments: list[str]) -> None:
    api.on("GET", "/jobs/7", text=odd_text())

    assert invoke("job", "inspect", "7", *arguments).stdout == odd_text() + "\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-f", "json", "--noindent"], ODD_NUMBERS.replace(":", ": ").replace(",", ", ")),
        (["-f", "jsonl"], ODD_NUMBERS),
        (["-f", "csv"], ODD_NUMBERS.replace('"', '""')),
        (["-f", "value"], ODD_NUMBERS),
        (["-f", "table"], ODD_NUMBERS),
        (["-f", "yaml"], "ratio: 1.10\n  limit: 1.0e+400\n"),
    ],
    ids=["json", "jsonl", "csv", "value", "table", "yaml"],
)
def test_numbers_keep_their_digits_in_every_format(
    api: Any, arguments: list[str], expected: str
) -> None:
    api.on("GET", "/jobs/7", text=odd_text())

    assert expected in invoke("job", "inspect", "7", "-c", "descriptor", *arguments).stdout


@pytest.mark.parametrize("number", ["7.0", "7E0", "1e400", "9" * 5000], ids=lambda text: text[:5])
def test_an_id_that_is_not_a_whole_number_is_refused(api: Any, number: str) -> None:
    api.on("GET", "/jobs/7", text=json.dumps(job(7)).replace('"id": 7', f'"id": {number}'))

    stderr = invoke("job", "inspect", "7", expect=7).stderr

    assert "unexpected shape at id: Not a valid integer" in stderr
