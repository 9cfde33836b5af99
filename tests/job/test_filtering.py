"""``job list`` with filters that the API does not offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from ampctl.plugin import Response
from ampctl.testing import NOW, Result, invoke, timestamp
from ampctl_job.filtering import JobFilter, filter_pages
from ampctl_job.listing import read_page
from ampctl_job.models import Job
from ampctl_job.testing import HASH, descriptor, job, page

FIRST = "/jobs?limit=1000&status=all"
OTHER_HASH = "f" * 64


def list_all(api: Any, *jobs: dict[str, Any], arguments: tuple[str, ...]) -> list[int]:
    """Return the ids that a filtered list of these jobs shows."""
    api.on("GET", FIRST, page(*jobs, next_cursor=None))
    result = invoke("job", "list", "-s", "all", *arguments, "-f", "value", "-c", "id")
    return list(map(int, result.stdout.split()))


@pytest.mark.parametrize(
    ("named", "ids"),
    [
        ("eth_mainnet/blocks", [9, 8, 4, 3]),
        ("eth_mainnet/blocks@0123abc", [9, 4]),
        ("eth_mainnet/blocks@0123ABC", [9, 4]),
        (f"eth_mainnet/blocks@{HASH}", [9, 4]),
        ("eth_mainnet/blocks@f", [8]),
        ("eth_mainnet/logs", [7]),
        ("eth_mainnet/block", []),
    ],
)
def test_a_dataset_is_named_as_lists_show_it(api: Any, named: str, ids: list[int]) -> None:
    jobs = [
        job(9),
        job(8, descriptor=descriptor(manifest_hash=OTHER_HASH)),
        job(7, descriptor=descriptor(dataset_name="logs")),
        job(6, descriptor=None),
        job(5, descriptor=["odd"]),
        job(4, descriptor=descriptor(end_block=5)),
        job(3, descriptor=descriptor(manifest_hash=None)),
    ]

    assert list_all(api, *jobs, arguments=("--dataset", named)) == ids


def test_only_jobs_of_a_worker_are_shown(api: Any) -> None:
    jobs = (job(9), job(8, node_id="worker-2"), job(7, node_id="worker-22"))

    assert list_all(api, *jobs, arguments=("--worker", "worker-2")) == [8]


@pytest.mark.parametrize(
    ("kind", "ids"),
    [("raw", [9]), ("materialize-raw", [9]), ("Derived", [8]), ("materialize-quantum", [7])],
)
def test_a_kind_has_a_short_name_and_the_name_of_the_api(
    api: Any, kind: str, ids: list[int]
) -> None:
    jobs = [
        job(9),
        job(8, descriptor=descriptor(kind="materialize-derived")),
        job(7, descriptor={"kind": "materialize-quantum"}),
        job(6, descriptor=None),
    ]

    assert list_all(api, *jobs, arguments=("--kind", kind)) == ids


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (("--since", "1h"), [9, 8]),
        (("--older", "1h"), [8, 7]),
        (("--since", "2h", "--older", "30m"), [8]),
    ],
    ids=str,
)
def test_ages_count_from_the_last_change_of_a_status(
    api: Any, arguments: tuple[str, ...], ids: list[int]
) -> None:
    ages_s = {9: 60, 8: 3600, 7: 86_400}
    jobs = [job(number, updated_at=timestamp(ago_s=age_s)) for number, age_s in ages_s.items()]

    assert list_all(api, *jobs, arguments=arguments) == ids


def test_filters_hold_together(api: Any) -> None:
    jobs = (job(9, node_id="worker-2"), job(8), job(7, descriptor=None))
    arguments = ("--worker", "worker-1", "--kind", "raw")

    assert list_all(api, *jobs, arguments=arguments) == [8]


def serve_pages(api: Any) -> None:
    """Serve two full pages of jobs, every hundredth of them on worker-2, and one more job."""
    for after, top in (("", 3000), ("&last_job_id=2001", 2000)):
        workers = ((number, 1 if number % 100 else 2) for number in range(top, top - 1000, -1))
        jobs = (job(number, node_id=f"worker-{worker}") for number, worker in workers)
        api.on("GET", FIRST + after, page(*jobs, next_cursor=top - 999))
    last = job(3, node_id="worker-2")
    api.on("GET", f"{FIRST}&last_job_id=1001", page(last, next_cursor=None))


def list_of_worker_2(*arguments: str, **streams: Any) -> Result:
    return invoke("job", "list", "-s", "all", "--worker", "worker-2", *arguments, **streams)


@pytest.mark.parametrize("name", ["csv", "value", "jsonl", "table", "json", "yaml"])
def test_pages_are_walked_until_enough_jobs_match(api: Any, name: str) -> None:
    serve_pages(api)

    for limit, last in (("15", 1600), ("50", 3)):
        result = list_of_worker_2("-l", limit, "-f", name, "-c", "id")
        assert str(last) in result.stdout.rstrip("\n]} ").splitlines()[-1]


def test_a_filtered_document_has_the_matching_jobs_and_where_to_go_on(api: Any) -> None:
    serve_pages(api)

    document = list_of_worker_2("-l", "12", "--json").json
    list_of_worker_2("--json")

    assert [one["id"] for one in document["jobs"]] == [*range(3000, 1800, -100)]
    assert document["next_cursor"] == 1900


def test_no_page_is_read_past_the_last_one_that_is_needed() -> None:
    def endless() -> Iterator[Sequence[Job]]:
        for number in (9, 8):
            yield read_page(Response(page(job(number)), None, "GET /jobs")).jobs
        raise AssertionError("another page was taken")

    pages = filter_pages(endless(), JobFilter(worker="worker-1"), limit=2, now=NOW)

    assert [one.id for jobs in pages for one in jobs] == [9, 8]


def test_a_person_is_told_where_a_filtered_list_goes_on(api: Any) -> None:
    serve_pages(api)

    cut = list_of_worker_2("-l", "12", is_terminal=True)
    whole = list_of_worker_2("-l", "900", is_terminal=True)

    assert cut.stderr == "There may be more: --after 1900, or --all.\n"
    assert whole.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--worker", "w9", "--kind", "raw"], "No jobs on w9 of kind raw."),
        (["--dataset", "a/b@ff", "--since", "2h"], "No jobs of a/b@ff changed in the last 2h."),
        (["--older", "7d"], "No jobs not changed in the last 7d."),
    ],
    ids=str,
)
def test_a_person_is_told_which_jobs_there_are_none_of(
    api: Any, arguments: list[str], told: str
) -> None:
    api.on("GET", FIRST, page())

    result = invoke("job", "list", "-s", "all", *arguments, is_terminal=True)

    assert result.stderr == f"{told}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ["--dataset", "blocks"],
        ["--dataset", "a/b/c"],
        ["--dataset", "a/b@xyz"],
        ["--dataset", ""],
        ["--worker", ""],
        ["--kind", " "],
        ["--since", "soon"],
        ["--older", "0"],
        ["--since", "1h", "--older", "2h"],
    ],
    ids=" ".join,
)
def test_what_is_not_a_filter_is_refused_before_anything_is_sent(
    api: Any, arguments: list[str]
) -> None:
    invoke("job", "list", *arguments, expect=2)

    assert api.requests == []


def sorted_ids(api: Any, count: int, *arguments: str, **streams: Any) -> Result:
    """List jobs 1 to ``count`` by id, smallest first."""
    jobs = [job(number) for number in range(count, 0, -1)]
    api.on("GET", FIRST, page(*jobs[:1000], next_cursor=None if count < 1000 else 1))
    return invoke(
        *("job", "list", "-s", "all", "-f", "value", "-c", "id", "--sort-column", "id"),
        *arguments,
        **streams,
    )


def test_a_list_is_sorted_before_it_is_cut(api: Any) -> None:
    result = sorted_ids(api, 90, "-l", "2", stderr_is_terminal=True)

    assert result.stdout == "1\n2\n"
    assert result.stderr == "These are 2 of 90: --all shows all of them.\n"


def test_a_sorted_list_that_is_not_cut_needs_no_remark(api: Any) -> None:
    assert sorted_ids(api, 3, "-l", "3", stderr_is_terminal=True).stderr == ""


def test_too_many_jobs_are_cut_before_they_are_sorted_and_that_is_told(api: Any) -> None:
    result = sorted_ids(api, 1000, "-l", "2", stderr_is_terminal=True)

    assert result.stdout == "999\n1000\n"
    assert result.stderr == (
        "There may be more: --after 999, or --all.\nThese are sorted within the first 2 only.\n"
    )
