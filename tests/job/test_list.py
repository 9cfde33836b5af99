"""``job list``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ampctl.client import AdminClient
from ampctl.errors import UsageError
from ampctl.testing import invoke
from ampctl_job.api import Jobs
from ampctl_job.models import Status
from ampctl_job.remarks import ACTIVE_ONLY
from ampctl_job.testing import descriptor, job, page

DEFAULT = "/jobs?limit=50&status=active"
FAILED = "/jobs?limit=100&status=error%2Cfatal%2Cfailed"


def test_list_shows_active_jobs_newest_first(api: Any) -> None:
    api.on("GET", DEFAULT, page(job(12), job(7, "SCHEDULED")))

    rows = invoke("job", "list", "-f", "csv").stdout.splitlines()

    assert rows == [
        "id,status,dataset,kind,worker,created_at,updated_at",
        "12,RUNNING,eth_mainnet/blocks@0123abc,materialize-raw,worker-1,"
        "2026-03-01T09:14:22.123456+00:00,2026-03-01T11:58:00.000000+00:00",
        "7,SCHEDULED,eth_mainnet/blocks@0123abc,materialize-raw,worker-1,"
        "2026-03-01T09:14:22.123456+00:00,2026-03-01T11:58:00.000000+00:00",
    ]


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ([], "limit=50&status=active"),
        (["--limit", "100"], "limit=100&status=active"),
        (["--after", "1234"], "limit=50&status=active&last_job_id=1234"),
        (["--status", "all"], "limit=50&status=all"),
        (["--status", "scheduled,running"], "limit=50&status=scheduled%2Crunning"),
        (["-s", "completed"], "limit=50&status=completed"),
        (["-s", "Completed , STOPPED"], "limit=50&status=completed%2Cstopped"),
        (["-s", "failed"], "limit=50&status=error%2Cfatal%2Cfailed"),
        (["-s", "terminal"], "limit=50&status=completed%2Cstopped%2Cerror%2Cfatal%2Cfailed"),
        (
            ["-s", "active,fatal"],
            "limit=50&status=scheduled%2Crunning%2Cstop_requested%2Cstopping%2Cfatal",
        ),
        (["-s", "all,fatal"], "limit=50&status=all"),
        (["-s", "running", "-s", "Fatal,running"], "limit=50&status=running%2Cfatal"),
        (["-s", "completed", "-s", "all"], "limit=50&status=all"),
        (["-s", "failed", "--status", "failed"], "limit=50&status=error%2Cfatal%2Cfailed"),
        (["-l", "20", "-a", "500"], "limit=20&status=active&last_job_id=500"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_arguments_become_one_exact_request(api: Any, arguments: list[str], query: str) -> None:
    api.on("GET", f"/jobs?{query}", page())

    invoke("job", "list", *arguments)

    assert api.requests == [f"GET /jobs?{query}"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--limit", "0"],
        ["--limit", "-1"],
        ["--limit", "abc"],
        ["--limit", "1.0"],
        ["--after", "0"],
        ["--after", "9223372036854775808"],
        ["--status", "walking"],
        ["--status", ""],
        ["--status", "running,,stopped"],
        ["--all", "--limit", "5"],
        ["--lim", "5"],
        ["-c", "bogus"],
        ["--sort-column", "bogus"],
        ["--json", "-f", "csv"],
        ["--json", "-c", "id"],
        ["-f", "shell"],
        ["extra"],
    ],
    ids=" ".join,
)
def test_wrong_usage_sends_nothing(api: Any, arguments: list[str]) -> None:
    invoke("job", "list", *arguments, expect=2)

    assert api.requests == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--limit", "0"], "'0' is not a limit: a whole number from 1 to 2^63-1"),
        (["--after", "x"], "'x' is not a job id: a whole number from 1 to 2^63-1"),
        (["--all", "--limit", "5"], "--all and --limit exclude each other"),
    ],
    ids=["limit", "after", "both"],
)
def test_wrong_usage_is_told_in_plain_words(api: Any, arguments: list[str], told: str) -> None:
    assert told in invoke("job", "list", *arguments, expect=2).stderr


@pytest.mark.parametrize("typed", ["runing", "scheduled,RUNING", "runing,all"])
def test_the_nearest_of_the_statuses_is_suggested(api: Any, typed: str) -> None:
    stderr = invoke("job", "list", "--status", typed, expect=2).stderr

    assert "'runing' is not a status; valid are all, " in stderr
    assert "unknown; did you mean 'running'?\n" in stderr


def test_the_nearest_of_the_columns_is_suggested(api: Any) -> None:
    stderr = invoke("job", "list", "-c", "stauts", expect=2).stderr

    assert "updated_at; did you mean 'status'?\n" in stderr


def test_an_unknown_status_is_answered_with_the_valid_ones(api: Any) -> None:
    stderr = invoke("job", "list", "-s", "walking", expect=2).stderr

    assert "'walking' is not a status" in stderr
    assert "did you mean" not in stderr
    assert "scheduled, running, stop_requested, stopping, completed" in stderr


def test_json_is_the_document_of_the_server_with_members_unknown_here(api: Any) -> None:
    document = page(job(9, shard="a", descriptor=descriptor(new=[1])), total=1)
    api.on("GET", DEFAULT, document)

    result = invoke("job", "list", "--json")

    assert result.json == document
    assert result.stdout.count("\n") == 1


def walk(api: Any, *pages: dict[str, Any], status: str = "active", limit: int = 1000) -> None:
    """Serve ``pages`` one after the other to a client that follows the cursors."""
    after = ""
    # A server gives a cursor with its last jobs as well, and an empty page for that one.
    for document in pages if pages[-1].get("next_cursor") is None else (*pages, page()):
        api.on("GET", f"/jobs?limit={limit}&status={status}{after}", document)
        after = f"&last_job_id={document.get('next_cursor')}"


def full_page(first: int, size: int = 1000) -> dict[str, Any]:
    return page(*(job(first - offset) for offset in range(size)), next_cursor=first - size + 1)


def test_all_walks_every_page_past_the_short_one(api: Any) -> None:
    walk(api, full_page(3000), full_page(2000), page(job(3)))

    ids = invoke("job", "list", "--all", "-f", "value", "-c", "id").stdout.split()

    assert ids == [str(number) for number in range(3000, 1000, -1)] + ["3"]


@pytest.mark.parametrize("last", [page(), {"jobs": []}], ids=["empty", "without a cursor"])
def test_a_walk_ends_with_an_empty_page(api: Any, last: dict[str, Any]) -> None:
    walk(api, full_page(3000), last)

    assert len(invoke("job", "list", "--all", "-f", "jsonl").stdout.splitlines()) == 1000


def test_a_walk_ends_with_a_page_without_cursor(api: Any) -> None:
    document = full_page(3000)
    del document["next_cursor"]
    walk(api, document)

    assert len(invoke("job", "list", "--all", "-f", "jsonl").stdout.splitlines()) == 1000


def test_a_limit_above_1000_asks_for_just_so_many(api: Any) -> None:
    api.on("GET", "/jobs?limit=1000&status=active", full_page(3000))
    api.on("GET", "/jobs?limit=1&status=active&last_job_id=2001", page(job(2000), next_cursor=2000))

    assert len(invoke("job", "list", "-l", "1001", "-f", "jsonl").stdout.splitlines()) == 1001


def test_a_limit_of_1000_is_one_page(api: Any) -> None:
    api.on("GET", "/jobs?limit=1000&status=active", full_page(3000))

    invoke("job", "list", "-l", "1000", "-f", "jsonl")

    assert len(api.requests) == 1


def test_a_walk_keeps_to_the_status_and_begins_where_it_is_told(api: Any) -> None:
    first = "/jobs?limit=1000&status=all&last_job_id=5000"
    second = "/jobs?limit=1000&status=all&last_job_id=2001"
    api.on("GET", first, full_page(3000))
    api.on("GET", second, page(job(3)))

    invoke("job", "list", "--all", "-s", "all", "--after", "5000", "-f", "jsonl")

    assert api.requests == [f"GET {first}", f"GET {second}"]


def test_a_server_that_caps_its_pages_is_asked_again(api: Any) -> None:
    api.on("GET", "/jobs?limit=100&status=active", full_page(200, size=50))
    api.on("GET", "/jobs?limit=50&status=active&last_job_id=151", full_page(150, size=50))

    rows = invoke("job", "list", "--limit", "100", "-f", "value").stdout.splitlines()

    assert len(rows) == 100


@pytest.mark.parametrize(
    ("output", "mark"),
    [(["-f", "table"], "eth_mainnet/"), (["-f", "json"], "eth_mainnet/"), (["--json"], '"id":')],
    ids=["table", "json", "--json"],
)
def test_small_pages_are_completed_to_the_default_limit(
    api: Any, output: list[str], mark: str
) -> None:
    api.on("GET", FAILED, page())
    api.on("GET", DEFAULT, full_page(200, size=20))
    api.on("GET", "/jobs?limit=30&status=active&last_job_id=181", full_page(180, size=20))
    api.on("GET", "/jobs?limit=10&status=active&last_job_id=161", full_page(160, size=10))

    result = invoke("job", "list", *output, stderr_is_terminal=True)

    assert result.stdout.count(mark) == 50
    assert result.stderr == f"There may be more: --after 151, or --all.\n{ACTIVE_ONLY}\n"


@pytest.mark.parametrize("options", [[], ["-l", "50"]], ids=["default", "-l 50"])
def test_a_last_page_with_a_cursor_is_printed_as_it_came(api: Any, options: list[str]) -> None:
    document = full_page(200, size=20)
    api.on("GET", FAILED, page())
    api.on("GET", DEFAULT, document)
    api.on("GET", "/jobs?limit=30&status=active&last_job_id=181", page())

    result = invoke("job", "list", *options, "--json", stderr_is_terminal=True)

    assert result.json == document
    assert result.stderr == f"{ACTIVE_ONLY}\n"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], f"{ACTIVE_ONLY}\n"),
        (["--json"], f"{ACTIVE_ONLY}\n"),
        (["-f", "csv"], f"{ACTIVE_ONLY}\n"),
        (["--json", "-s", "active"], ""),
        (["--json", "-q"], ""),
    ],
    ids=" ".join,
)
def test_who_filters_the_output_is_told_that_finished_jobs_are_not_in_it(
    api: Any, options: list[str], told: str
) -> None:
    api.on("GET", "/jobs", page(job(7)))

    assert invoke("job", "list", *options, stderr_is_terminal=True).stderr == told
    assert invoke("job", "list", *options).stderr == ""


def test_a_last_page_without_a_cursor_costs_one_request(api: Any) -> None:
    api.on("GET", DEFAULT, page(*(job(number) for number in range(20, 0, -1))))

    invoke("job", "list")

    assert len(api.requests) == 1


def test_json_of_several_pages_is_one_document(api: Any) -> None:
    walk(api, full_page(3000), page(job(3)))

    document = invoke("job", "list", "--all", "--json").json

    assert [len(document["jobs"]), document["next_cursor"]] == [1001, 3]


def test_a_server_that_caps_its_pages_loses_no_job(api: Any) -> None:
    walk(api, full_page(3000, size=500), full_page(2500, size=500), full_page(2000, size=7))

    assert len(invoke("job", "list", "--all", "-f", "jsonl").stdout.splitlines()) == 1007


@pytest.mark.parametrize("option", ["--all", "-l1000"])
def test_pages_that_the_client_refuses_as_too_large_are_asked_for_in_parts(
    api: Any, option: str
) -> None:
    first, second = full_page(3000, size=500), full_page(2500, size=3)
    huge = {"text": " " * (16 * 1024 * 1024 + 1)}
    api.on("GET", "/jobs?limit=1000&status=active", **huge)
    api.on("GET", "/jobs?limit=500&status=active", first)
    api.on("GET", "/jobs?limit=500&status=active&last_job_id=2501", {**second, "next_cursor": None})

    assert len(invoke("job", "list", option, "-f", "jsonl").stdout.splitlines()) == 503


@pytest.mark.parametrize("arguments", [["--json"], ["-f", "csv"], ["-l", "1001"]], ids=" ".join)
def test_more_jobs_than_asked_for_are_refused_in_every_format(
    api: Any, arguments: list[str]
) -> None:
    limit = 1000 if "1001" in arguments else 50
    api.on("GET", f"/jobs?limit={limit}&status=active", full_page(3000, size=limit + 1))

    result = invoke("job", "list", *arguments, expect=7)

    assert f"the page holds {limit + 1} items, and {limit} were asked for" in result.stderr


def test_an_empty_page_with_a_cursor_is_not_the_end(api: Any) -> None:
    api.on("GET", DEFAULT, page(next_cursor=500))
    api.on("GET", f"{DEFAULT}&last_job_id=500", page(next_cursor=400))
    api.on("GET", f"{DEFAULT}&last_job_id=400", page(job(7)))

    assert invoke("job", "list", "-f", "value", "-c", "id").stdout == "7\n"


def test_an_empty_page_whose_cursor_stands_still_is_refused(api: Any) -> None:
    api.on("GET", f"{DEFAULT}&last_job_id=500", page(next_cursor=500))

    invoke("job", "list", "-a", "500", expect=7)


@pytest.mark.parametrize("limit", [-3, 0, 1001])
def test_a_page_of_the_client_has_1_to_1000_jobs(api: Any, limit: int) -> None:
    with AdminClient() as client, pytest.raises(UsageError, match="limit must be 1 to 1000"):
        Jobs(client).list(limit=limit)


def test_jobs_of_a_status_that_was_not_asked_for_are_refused(api: Any) -> None:
    api.on("GET", "/jobs?limit=50&status=running", page(job(9), job(7, "COMPLETED")))

    result = invoke("job", "list", "-s", "running", expect=7)

    assert "job 7 is COMPLETED, and running was asked for" in result.stderr
    assert "Try: `ampctl job list --status all`, since the server seems to" in result.stderr
    assert result.stdout == ""


def test_active_and_all_take_what_they_mean(api: Any) -> None:
    api.on("GET", DEFAULT, page(job(9, "STOPPING"), job(8, "SCHEDULED"), job(7, "PAUSED")))
    api.on("GET", "/jobs?limit=50&status=all", page(job(9, "FATAL"), job(8, "UNKNOWN")))

    invoke("job", "list")
    invoke("job", "list", "-s", "all")


def test_a_finished_job_is_not_active(api: Any) -> None:
    api.on("GET", DEFAULT, page(job(9, "FATAL")))

    assert "job 9 is FATAL, and active" in invoke("job", "list", expect=7).stderr


def test_a_cursor_that_does_not_move_is_an_error_and_not_an_endless_walk(api: Any) -> None:
    api.on("GET", "/jobs?limit=1000&status=active", full_page(3000))
    api.on("GET", "/jobs?limit=1000&status=active&last_job_id=2001", full_page(3000))

    result = invoke("job", "list", "--all", "-f", "csv", expect=7)

    assert len(result.stdout.splitlines()) == 1001
    assert "it broke off after 1,000 rows" in result.stderr
    assert "the pages do not move on" in result.stderr


@pytest.mark.parametrize("cursor", [3001, 2**62])
def test_a_cursor_that_goes_back_is_an_error(api: Any, cursor: int) -> None:
    api.on("GET", "/jobs?limit=1000&status=active", {**full_page(3000), "next_cursor": cursor})

    invoke("job", "list", "--all", expect=7)


@pytest.mark.parametrize(
    ("numbers", "fact"),
    [
        ((9, 9), "item 1 has id 9, which is not below 9"),
        ((8, 9), "item 1 has id 9, which is not below 8"),
        ((12,), "the page after 12 leads to itself"),
    ],
    ids=["twice the same", "upwards", "the cursor's own job"],
)
def test_a_page_whose_ids_do_not_go_down_is_an_error(
    api: Any, numbers: tuple[int, ...], fact: str
) -> None:
    document = page(*(job(number) for number in numbers), next_cursor=numbers[-1])
    api.on("GET", f"{DEFAULT}&last_job_id=12", document)

    result = invoke("job", "list", "--after", "12", expect=7)

    assert fact in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(("cursor", "code"), [(9, 0), (8, 0), (10, 7)])
def test_a_cursor_may_be_the_last_job_or_below_it(api: Any, cursor: int, code: int) -> None:
    api.on("GET", "/jobs?limit=1&status=active", page(job(9), next_cursor=cursor))

    invoke("job", "list", "-l", "1", expect=code)


def test_a_listing_that_breaks_off_is_told_and_fails(api: Any) -> None:
    api.on("GET", "/jobs?limit=1000&status=active", full_page(3000))
    api.error("GET", "/jobs?limit=1000&status=active&last_job_id=2001", 500, "LIST_JOBS_ERROR")

    result = invoke("job", "list", "--all", "-f", "csv", expect=5)

    assert "can't list jobs: " in result.stderr
    assert len(result.stdout.splitlines()) == 1001
    assert "this is not everything: it broke off after 1,000 rows" in result.stderr


@pytest.mark.parametrize("format_name", ["table", "json", "yaml"])
def test_formats_that_print_at_once_print_nothing_of_half_a_listing(
    api: Any, format_name: str
) -> None:
    api.on("GET", "/jobs?limit=1000&status=active", full_page(3000))
    api.error("GET", "/jobs?limit=1000&status=active&last_job_id=2001", 500, "LIST_JOBS_ERROR")

    assert invoke("job", "list", "--all", "-f", format_name, expect=5).stdout == ""


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"jobs": [job(9), job(8), {**job(7), "id": "7"}]}, "jobs[2].id"),
        ({"jobs": [{**job(7), "id": 7.5}]}, "jobs[0].id"),
        ({"jobs": [{**job(7), "id": True}]}, "jobs[0].id"),
        ({"jobs": [{**job(7), "id": 0}]}, "jobs[0].id"),
        ({"jobs": [{**job(7), "id": 2**63}]}, "jobs[0].id"),
        ({"jobs": [{**job(7), "status": None}]}, "jobs[0].status"),
        ({"jobs": [{**job(7), "created_at": "yesterday"}]}, "jobs[0].created_at"),
        ({"jobs": [{**job(7), "created_at": "2026-03-01T09:14:22"}]}, "jobs[0].created_at"),
        ({"jobs": [{"id": 7}]}, "jobs[0]."),
        ({"jobs": {}}, "jobs"),
        ({}, "jobs"),
        ([], "its top level"),
        ("jobs", "its top level"),
        ({"jobs": [None]}, "jobs[0]"),
        ({"jobs": [], "next_cursor": "7"}, "next_cursor"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_answer_of_another_shape_names_the_path(api: Any, document: Any, path: str) -> None:
    api.on("GET", DEFAULT, document)

    result = invoke("job", "list", expect=7)

    assert f"unexpected shape at {path}" in result.stderr
    assert result.stdout == ""


def without(name: str) -> dict[str, Any]:
    """Return the descriptor of a known kind that lacks a member."""
    document = descriptor()
    del document[name]
    return document


@pytest.mark.parametrize(
    ("odd", "dataset", "path"),
    [
        ("raw", None, "descriptor (invalid input type)"),
        (["raw"], None, "descriptor (invalid input type)"),
        (5, None, "descriptor (invalid input type)"),
        (False, None, "descriptor (invalid input type)"),
        ({}, None, "descriptor.kind (missing data for required field)"),
        (descriptor(kind=5), "eth_mainnet/blocks@0123abc", "descriptor.kind (not a valid string)"),
        (descriptor(end_block=5), "eth_mainnet/blocks@0123abc", "descriptor.end_block (not a"),
        (descriptor(dataset_name=["a"]), 'eth_mainnet/["a"]@0123abc', "descriptor.dataset_name ("),
        (without("manifest_hash"), "eth_mainnet/blocks", "descriptor.manifest_hash (missing"),
        (without("dataset_namespace"), None, "descriptor.dataset_namespace (missing"),
    ],
    ids=str,
)
def test_an_odd_descriptor_hides_neither_the_job_nor_the_others(
    api: Any, odd: Any, dataset: str | None, path: str
) -> None:
    document = page(job(9), job(8, descriptor=odd), job(7))
    api.on("GET", DEFAULT, document)

    result = invoke("job", "list", "-f", "json")

    assert [row["id"] for row in result.json] == [9, 8, 7]
    assert result.json[1]["dataset"] == dataset
    assert result.stderr.count("\n") == 1
    assert f"job 8 is not as documented: {path}" in result.stderr


@pytest.mark.parametrize(
    ("members", "worker"),
    [({"node_id": None}, None), ({"node_id": 5}, "5"), ({"node_id": ["a"]}, '["a"]'), ({}, None)],
    ids=str,
)
def test_an_odd_worker_hides_neither_the_job_nor_the_others(
    api: Any, members: dict[str, Any], worker: str | None
) -> None:
    odd = job(8)
    del odd["node_id"]
    api.on("GET", DEFAULT, page(job(9), odd | members, job(7)))

    result = invoke("job", "list", "-f", "jsonl")

    assert [row["id"] for row in result.documents] == [9, 8, 7]
    assert result.documents[1]["worker"] == worker
    assert result.stderr == "ampctl: job 8 is not as documented: node_id (not a valid string)\n"


@pytest.mark.parametrize("options", [["--json"], ["-f", "csv", "-c", "id"]], ids=" ".join)
def test_what_is_not_shown_is_not_warned_of(api: Any, options: list[str]) -> None:
    api.on("GET", DEFAULT, page(job(8, descriptor=["raw"])))

    assert invoke("job", "list", *options).stderr == ""


@pytest.mark.parametrize("arguments", [[], ["--all"]], ids=["a page", "all"])
def test_many_odd_jobs_do_not_flood_the_terminal(api: Any, arguments: list[str]) -> None:
    odd = page(*(job(number, descriptor=number) for number in range(20, 0, -1)))
    api.on("GET", "/jobs", odd)

    stderr = invoke("job", "list", *arguments, "-f", "csv").stderr.splitlines()

    assert [line.split()[2] for line in stderr[:5]] == ["20", "19", "18", "17", "16"]
    assert stderr[5:] == ["ampctl: 15 more of these jobs are not as documented"]


def test_statuses_and_kinds_that_are_not_known_yet_are_shown_as_they_came(api: Any) -> None:
    future = {"kind": "materialize-quantum", "dataset_name": 5, "qubits": [1, 2]}
    api.on("GET", DEFAULT, page(job(7, "PAUSED", descriptor=future)))

    result = invoke("job", "ls", "-f", "jsonl")
    row = json.loads(result.stdout)

    assert (row["status"], row["dataset"]) == ("PAUSED", None)
    assert (row["kind"], result.stderr) == ("materialize-quantum", "")


@pytest.mark.parametrize(
    ("whole", "shown"),
    [
        (descriptor(), "raw"),
        (descriptor(kind="materialize-derived"), "derived"),
        ({"kind": "materialize-quantum"}, "materialize-quantum"),
        ({}, "-"),
    ],
    ids=["raw", "derived", "a newer one", "none"],
)
def test_on_a_terminal_known_kinds_are_short(api: Any, whole: dict[str, Any], shown: str) -> None:
    api.on("GET", DEFAULT, page(job(7, descriptor=whole)))

    result = invoke("job", "list", "-c", "kind", stdout_is_terminal=True)

    assert result.stdout.splitlines()[-1].strip() == shown


@pytest.mark.parametrize("members", [{"descriptor": None}, {}], ids=["null", "absent"])
def test_a_job_without_descriptor_is_shown_without_dataset(
    api: Any, members: dict[str, Any]
) -> None:
    document = job(7)
    del document["descriptor"]
    api.on("GET", DEFAULT, page({**document, **members}))

    row = json.loads(invoke("job", "list", "-f", "jsonl").stdout)

    assert (row["dataset"], row["kind"]) == (None, None)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-03-01T09:14:22+00:00", "2026-03-01T09:14:22.000000+00:00"),
        ("2026-03-01T09:14:22.123456789Z", "2026-03-01T09:14:22.123456+00:00"),
        ("2026-03-01T09:14:22.5+05:30", "2026-03-01T03:44:22.500000+00:00"),
    ],
)
def test_timestamps_of_any_precision_and_offset_are_shown_in_utc(
    api: Any, text: str, shown: str
) -> None:
    api.on("GET", DEFAULT, page(job(created_at=text)))

    assert invoke("job", "list", "-f", "value", "-c", "created_at").stdout == f"{shown}\n"


def test_rows_can_be_sorted_by_any_column(api: Any) -> None:
    jobs = (job(9, "STOPPING"), job(8, "RUNNING"), job(7, "SCHEDULED"))
    walk(api, page(*jobs, next_cursor=None))

    result = invoke("job", "list", "-f", "value", "-c", "id", "--sort-column", "status")

    assert result.stdout.split() == ["8", "7", "9"]


def test_no_jobs_are_no_failure(api: Any) -> None:
    api.on("GET", DEFAULT, page())

    result = invoke("job", "list")

    assert (result.stdout, result.stderr) == ("", "")


def test_a_person_is_told_where_the_rest_is(api: Any) -> None:
    api.on("GET", FAILED, page())
    api.on("GET", "/jobs?limit=1&status=active", page(job(7), next_cursor=7))

    result = invoke("job", "list", "-l", "1", is_terminal=True, environ={"COLUMNS": "200"})

    assert result.stderr == "There may be more: --after 7, or --all.\n"
    assert "3m ago" in result.stdout or "2m ago" in result.stdout


@pytest.mark.parametrize(
    ("limit", "members"), [(50, {"next_cursor": 7}), (1, {})], ids=["short", "without a cursor"]
)
def test_nobody_is_sent_on_from_a_last_page(api: Any, limit: int, members: dict[str, Any]) -> None:
    api.on("GET", FAILED, page())
    api.on("GET", f"/jobs?limit={limit}&status=active", page(job(7), **members))
    if members:
        api.on("GET", f"/jobs?limit={limit - 1}&status=active&last_job_id=7", page())

    assert invoke("job", "list", "-l", str(limit), is_terminal=True).stderr == ""


@pytest.mark.parametrize("format_name", ["table", "csv", "json", "jsonl", "value", "yaml"])
def test_a_walk_that_was_cut_names_where_to_go_on(api: Any, format_name: str) -> None:
    api.on("GET", FAILED, page())
    api.on("GET", "/jobs?limit=1000&status=active", full_page(3000))
    api.on("GET", "/jobs?limit=1&status=active&last_job_id=2001", page(job(2000), next_cursor=2000))

    result = invoke("job", "list", "-l", "1001", "-f", format_name, stderr_is_terminal=True)

    assert result.stderr == f"There may be more: --after 2000, or --all.\n{ACTIVE_ONLY}\n"


def test_a_walk_that_was_cut_names_where_to_go_on_with_its_document(api: Any) -> None:
    api.on("GET", FAILED, page())
    api.on("GET", "/jobs?limit=1000&status=active", full_page(3000))
    api.on("GET", "/jobs?limit=1&status=active&last_job_id=2001", page(job(2000), next_cursor=2000))

    result = invoke("job", "list", "-l", "1001", "--json", stderr_is_terminal=True)

    assert result.stderr == f"There may be more: --after 2000, or --all.\n{ACTIVE_ONLY}\n"


@pytest.mark.parametrize(
    "arguments", [["-l", "2"], ["-l", "1001"], ["--all"]], ids=["a page", "a walk", "all"]
)
def test_nothing_is_said_of_a_rest_where_there_is_none(api: Any, arguments: list[str]) -> None:
    api.on("GET", "/jobs", page(job(7)))

    assert invoke("job", "list", *arguments, is_terminal=True).stderr == ""


def test_what_is_sorted_after_it_was_cut_is_reported(api: Any) -> None:
    api.on("GET", FAILED, page())
    api.on("GET", "/jobs?limit=1000&status=active", full_page(3000))
    arguments = ("-l", "1", "-f", "csv", "--sort-column", "status")

    result = invoke("job", "list", *arguments, stderr_is_terminal=True)

    assert "These are sorted within the first 1 only." in result.stderr


def test_a_sorted_walk_that_was_cut_is_reported(api: Any) -> None:
    api.on("GET", FAILED, page())
    api.on("GET", "/jobs?limit=1000&status=active", full_page(3000))
    api.on("GET", "/jobs?limit=1&status=active&last_job_id=2001", page(job(2000), next_cursor=2000))
    arguments = ("-l", "1001", "-f", "csv", "--sort-column", "status")

    result = invoke("job", "list", *arguments, stderr_is_terminal=True)

    assert "These are sorted within the first 1,001 only." in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "No active jobs; --status all shows finished ones too."),
        (["-s", "running"], "No running jobs."),
        (["-s", "running,stopped,fatal"], "No running, stopped or fatal jobs."),
        (["-s", "terminal"], "No terminal jobs."),
        (["-s", "failed", "--all"], "No failed jobs."),
        (["-s", "all", "-a", "500"], "No jobs older than 500."),
        (["-s", "all", "-l", "2000"], "No jobs."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_person_is_told_of_which_jobs_there_are_none(
    api: Any, arguments: list[str], told: str
) -> None:
    api.on("GET", "/jobs", page())

    assert invoke("job", "list", *arguments, is_terminal=True).stderr == f"{told}\n"


def test_a_job_of_an_older_release_is_shown_as_failed(api: Any) -> None:
    api.on("GET", "/jobs", page(job(7, "FAILED")))

    assert "7 FAILED" in invoke("job", "list", "-s", "failed", "-f", "value").stdout


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 200])
def test_a_job_is_one_line_that_fits_the_terminal(api: Any, columns: int) -> None:
    jobs = [job(10**6 + n, status) for n, status in enumerate(Status)]
    api.on("GET", "/jobs", page(*jobs[::-1]))
    environ = {"COLUMNS": str(columns)}

    result = invoke("job", "list", "-s", "all", is_terminal=True, environ=environ)

    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= columns
    assert len(lines) == 2 + len(jobs)
    assert ("No room for" in result.stderr) == (columns < 60)


def test_a_failed_job_stands_out_by_sign_and_color(api: Any) -> None:
    api.on("GET", "/jobs", page(job(8, "ERROR"), job(7, "RUNNING")))

    painted = invoke("--color", "always", "job", "list", "-s", "all", is_terminal=True).stdout
    plain = invoke("job", "list", "-s", "all", is_terminal=True).stdout

    assert "\033[1;31m✗ ERROR\033[0m" in painted
    assert "\033[1mstatus\033[0m" in painted
    assert "✗ ERROR" in plain
    assert "\033" not in plain


def test_colors_are_kept_in_a_pipe_on_request_and_signs_are_for_people(api: Any) -> None:
    api.on("GET", "/jobs", page(job(8, "ERROR")))

    assert (
        "\033[1;31mERROR\033[0m" in invoke("--color", "always", "job", "list", "-s", "all").stdout
    )
    assert "\033" not in invoke("--color", "always", "job", "ls", "-s", "all", "-f", "csv").stdout
