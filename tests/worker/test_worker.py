"""The worker commands, against an API that the tests play, and against a live one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import ampctl_worker
from ampctl.testing import Api, Conformance, invoke, offered, timestamp
from ampctl_sandbox.testing import Sandbox, live_sandbox, make_job, make_worker


def worker(node_id: str = "worker-1", *, ago_s: float = 1, **info: Any) -> dict[str, Any]:
    """Return what the API says of one worker."""
    return {
        "node_id": node_id,
        "heartbeat_at": timestamp(ago_s=ago_s),
        "created_at": timestamp(ago_s=7200),
        "registered_at": timestamp(ago_s=3600),
        "info": info,
    }


def serve(api: Api, *workers: dict[str, Any], **answer: Any) -> None:
    """Let the API have these workers."""
    summaries = [{name: one[name] for name in ("node_id", "heartbeat_at")} for one in workers]
    api.on("GET", "/workers", {"workers": summaries}, **answer)
    for one in workers:
        # --json and -c do without them, so they need not be asked for.
        api.mocker.get(f"{api.url}/workers/{one['node_id']}", json=one)


class TestList(Conformance):
    words = ("worker", "list")

    def prepare(self, api: Api) -> None:
        serve(api, worker(version="0.1.0"))


class TestInspect(Conformance):
    words = ("worker", "inspect", "worker-1")

    def prepare(self, api: Api) -> None:
        api.on("GET", "/workers/worker-1", worker(version="0.1.0"))


def test_list_shows_ages_to_people(amp_api: Api) -> None:
    serve(amp_api, worker(ago_s=60))

    assert "worker-1  ✗ dead  1m ago" in invoke("worker", "ls", is_terminal=True).stdout


def test_a_missing_worker_is_not_found(amp_api: Api) -> None:
    amp_api.error("GET", "/workers/gone", 404, "WORKER_NOT_FOUND")

    assert "can't read worker gone" in invoke("worker", "get", "gone", expect=3).stderr


def test_an_answer_of_another_shape_is_refused(amp_api: Api) -> None:
    amp_api.on("GET", "/workers", {"workers": [{"node_id": 7}]})

    assert "workers[0].node_id" in invoke("worker", "list", expect=7).stderr


def test_a_live_api_answers(amp_sandbox: Sandbox) -> None:
    make_worker(amp_sandbox.store, "worker-7", info={"version": "9"})

    assert invoke("worker", "list", "-f", "value", "-c", "node_id").stdout == "worker-7\n"
    assert invoke("worker", "inspect", "worker-7", "-f", "json").json["version"] == "9"


def listed(*options: str, **how: Any) -> dict[str, dict[str, Any]]:
    """Return the rows of `worker list`, by node id."""
    rows = invoke("worker", "list", "-f", "json", *options, **how).json
    return {row["node_id"]: row for row in rows}


@pytest.mark.parametrize(("ago_s", "state"), [(-3, "alive"), (4.9, "alive"), (5, "dead")])
def test_a_worker_is_dead_after_five_seconds_without_a_beat(
    amp_api: Api, ago_s: float, state: str
) -> None:
    serve(amp_api, worker(ago_s=ago_s))

    assert listed()["worker-1"]["state"] == state


# Its clock is an hour behind; ours says 12:00:00.
BEHIND = {"Date": "Sun, 01 Mar 2026 11:00:00 GMT"}


def test_the_clock_of_the_server_counts_and_not_ours(amp_api: Api) -> None:
    serve(amp_api, worker("a", ago_s=3600.5), worker("b", ago_s=3607), headers=BEHIND)

    shown = invoke("worker", "list", is_terminal=True).stdout

    assert [line.split()[2:4] for line in shown.splitlines()[2:]] == [
        ["alive", "now"],
        ["dead", "7s"],
    ]


def test_the_clock_of_the_server_counts_for_a_single_worker_too(amp_api: Api) -> None:
    amp_api.on("GET", "/workers/a", worker("a", ago_s=3601), headers=BEHIND)

    assert invoke("worker", "get", "a", "-f", "json").json["state"] == "alive"


def test_no_beat_is_in_the_future_of_the_clock_that_it_is_compared_with(amp_api: Api) -> None:
    # The beats are written by another machine than the one that tells the time.
    serve(
        amp_api,
        worker("a", ago_s=-60),
        worker("b", ago_s=-50),
        headers={"Date": "Sun, 01 Mar 2026 12:00:00 GMT"},
    )

    assert {name: row["state"] for name, row in listed().items()} == {"a": "alive", "b": "dead"}


def test_no_worker_is_a_remark(amp_api: Api) -> None:
    serve(amp_api, headers={"Date": "Sun, 01 Mar 2026 12:00:00 GMT"})

    assert "No workers." in invoke("worker", "list", is_terminal=True).stderr


def test_a_version_that_most_do_not_have_differs(amp_api: Api) -> None:
    serve(
        amp_api,
        worker("new", version="0.2.0"),
        worker("a", version="0.1.0"),
        worker("b", version="0.1.0"),
        worker("silent"),
        worker("odd", version={"major": 0}),
        *(worker(f"dead-{n}", ago_s=9999, version="0.0.1") for n in range(3)),
    )

    rows = listed()
    said = invoke("worker", "list", is_terminal=True).stderr

    assert [rows[name]["differs"] for name in ("new", "a", "b", "silent", "odd", "dead-1")] == [
        *(True, False, False, None, True, True)
    ]
    assert rows["odd"]["version"] == '{"major":0}'
    assert said == 'Versions differ: 0.1.0 (2), 0.2.0 (1), {"major":0} (1).\n'


@pytest.mark.parametrize("info", [None, {}, {"version": None}])
def test_workers_without_a_version_do_not_differ(amp_api: Api, info: Any) -> None:
    serve(amp_api, {**worker(), "info": info})

    row = listed()["worker-1"]

    assert (row["version"], row["differs"]) == (None, None)


@pytest.mark.parametrize("options", [["--json"], ["-c", "node_id", "-c", "state"]], ids=" ".join)
def test_versions_that_are_not_shown_are_not_asked_for(amp_api: Api, options: list[str]) -> None:
    serve(amp_api, worker())

    invoke("worker", "list", *options)

    assert amp_api.requests == ["GET /workers"]


def test_a_worker_that_is_removed_meanwhile_has_no_version(amp_api: Api) -> None:
    serve(amp_api, worker("a", version="1"), worker("b"))
    amp_api.error("GET", "/workers/b", 404, "WORKER_NOT_FOUND")

    assert listed()["b"]["version"] is None


def test_a_version_that_can_not_be_read_does_not_keep_the_rest(amp_api: Api) -> None:
    serve(amp_api, worker("a", version="1"), worker("b"))
    amp_api.error("GET", "/workers/b", 500, "SCHEDULER_GET_WORKER_ERROR")

    result = invoke("worker", "list", "-f", "json", "--retries", "0", expect=5)

    assert [row["version"] for row in result.json] == ["1", None]
    assert "can't read worker b" in result.stderr


def job(number: int, node_id: str, status: str = "RUNNING") -> dict[str, Any]:
    """Return what counts of a job."""
    return {"id": number, "node_id": node_id, "status": status}


def test_jobs_are_counted_by_status_on_as_many_pages_as_it_takes(amp_api: Api) -> None:
    serve(amp_api, worker("a"), worker("b"))
    pages = {
        "limit=1000&status=active": {"jobs": [job(9, "a"), job(8, "a")], "next_cursor": 8},
        "limit=1000&status=active&last_job_id=8": {
            "jobs": [job(7, "a", "STOPPING"), job(6, "of-another")],
            "next_cursor": None,
        },
    }
    for query, page in pages.items():
        amp_api.on("GET", f"/jobs?{query}", page)

    rows = listed("--jobs")
    shown = invoke("worker", "list", "--jobs", is_terminal=True).stdout

    assert [rows[name]["jobs"] for name in "ab"] == [{"RUNNING": 2, "STOPPING": 1}, {}]
    assert [line.split("  ")[-1].strip() for line in shown.splitlines()[2:]] == [
        "2 RUNNING, 1 STOPPING",
        "none",
    ]


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (["--jobs"], "active"),
        (["--all-jobs"], "all"),
        (["-c", "Jobs"], "active"),
        (["--sort-column", "jobs"], "active"),
        (["--all-jobs", "-c", "jobs"], "all"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_jobs_are_counted_where_they_are_asked_for(
    amp_api: Api, options: list[str], status: str
) -> None:
    serve(amp_api, worker("a"), worker("b"))
    jobs = [job(2, "b", "ERROR"), job(1, "b", "ERROR")]
    amp_api.on("GET", f"/jobs?limit=1000&status={status}", {"jobs": jobs})

    rows = invoke("worker", "list", "-f", "json", *options).json

    assert [row["jobs"] for row in rows] == [{}, {"ERROR": 2}]


def test_workers_are_sorted_by_the_number_of_their_jobs(amp_api: Api) -> None:
    serve(amp_api, worker("many"), worker("none"), worker("few"))
    jobs = [job(number, "few" if number < 3 else "many") for number in range(12, 0, -1)]
    amp_api.on("GET", "/jobs?limit=1000&status=active", {"jobs": jobs})

    assert list(listed("--sort-column", "jobs")) == ["none", "few", "many"]


@pytest.mark.parametrize("options", [["--json"], ["-c", "state"]], ids=" ".join)
@pytest.mark.parametrize("words", [("list",), ("get", "worker-1")], ids=" ".join)
def test_jobs_that_would_not_be_shown_are_not_counted(
    amp_api: Api, words: tuple[str, ...], options: list[str]
) -> None:
    told = invoke("worker", *words, "--jobs", *options, expect=2).stderr

    assert "jobs are counted in a column, and it is not shown" in told


def test_jobs_that_can_not_be_listed_end_the_command(amp_api: Api) -> None:
    serve(amp_api, worker())
    amp_api.on("GET", "/jobs?limit=1000&status=active", {"jobs": [{"id": 1}]})

    told = invoke("worker", "list", "--jobs", expect=7).stderr

    assert "jobs[0].node_id" in told


def test_inspect_shows_several_and_goes_on_after_a_missing_one(amp_api: Api) -> None:
    amp_api.on("GET", "/workers/a", worker("a", version="1", commit_sha="abc"))
    amp_api.error("GET", "/workers/gone", 404, "WORKER_NOT_FOUND")
    amp_api.on("GET", "/jobs?limit=1000&status=active", {"jobs": [job(1, "a")]})

    rows = invoke("worker", "get", "a", "gone", "a", "--jobs", "-f", "json", expect=3).json

    assert [(row["version"], row["commit_sha"], row["jobs"]) for row in rows] == [
        ("1", "abc", {"RUNNING": 1})
    ]


def test_inspect_prints_the_api_s_own_json_in_a_pipe(amp_api: Api) -> None:
    document = {**worker(version="1"), "region": "eu"}
    amp_api.on("GET", "/workers/worker-1", document)

    assert invoke("worker", "inspect", "worker-1").json == document


def test_a_worker_of_another_name_is_refused(amp_api: Api) -> None:
    amp_api.on("GET", "/workers/a", worker("b"))

    assert "about node_id b, and not about a" in invoke("worker", "get", "a", expect=7).stderr


def test_node_ids_are_completed(amp_api: Api) -> None:
    amp_api.on("GET", "/workers", {"workers": [worker("worker-1"), worker("worker-2", ago_s=90)]})

    assert offered("worker", "inspect", "w") == {
        "worker-1": "alive  1s ago",
        "worker-2": "dead  1m ago",
    }


def test_a_live_api_counts_and_beats() -> None:
    with live_sandbox() as sandbox:
        make_job(sandbox.store, "RUNNING", worker="worker-1")
        make_job(sandbox.store, "COMPLETED", worker="worker-1")
        address = ("--admin-url", sandbox.url)

        (active,) = invoke(*address, "worker", "list", "--jobs", "-f", "json").json
        (every,) = invoke(*address, "worker", "list", "--all-jobs", "-f", "json").json

    assert (active["state"], active["jobs"]) == ("alive", {"RUNNING": 1})
    assert every["jobs"] == {"COMPLETED": 1, "RUNNING": 1}


def test_the_distribution_is_small_enough_to_be_read_as_an_example() -> None:
    folder = Path(ampctl_worker.__file__).parent
    lines = [line for path in folder.glob("*.py") for line in path.read_text().splitlines()]

    assert len(list(filter(str.strip, lines))) < 300
