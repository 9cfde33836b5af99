"""Pages that are read by column are what the schema would have made of them."""

from __future__ import annotations

import contextlib
import copy
import itertools
import json
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ampctl.app import AmpApp
from ampctl.plugin import Answer, Batch, InvalidAnswer, Response, Unusual, load
from ampctl.session import Session
from ampctl.testing import fake_runtime
from ampctl.testing.fakes import MemoryStream
from ampctl_job import listing, ordinary, schemas

STAMPS = (
    "2026-03-01T09:14:22.123456Z",
    *("2026-03-01T09:14:22.123456+00:00", "2026-03-01T09:14:22Z", "2026-03-01t09:14:22.1z"),
    *("2026-03-01 09:14:22.123456789+00:00", "2026-03-01T09:14:22.123456+02:00", "x", "", 5, None),
    *("2026-02-29T09:14:22.123456+00:00", "2026-03-01T24:00:00.000000+00:00"),
    *("2026-03-01T09:14:60.000000+00:00", "0000-03-01T09:14:22.123456+00:00"),
    *("0001-01-01T00:00:00.000000+09:00", "2026-03-01T09:14:22.123456+00:00\n"),
    "２026-03-01T09:14:22.123456+00:00",
)
TEXTS = ("worker-1", "", "=1+1", "\x1b[2J", "\ud800", "日本", "a,b", 'say "x"', "a\nb", "a\\b")
KINDS = ("materialize-raw", "materialize-derived", "materialize-other", "", 7, None, ["x"])
ODD = (None, True, 1, -1, 0, 2**63 - 1, 2**63, 5.0, 1e300, "7", [], {}, [[]], {"a": 1})


def make_document(number: int) -> dict[str, Any]:
    """Return an ordinary job as the API hands it out."""
    descriptor = {
        "kind": KINDS[number % 2],
        **{"dataset_namespace": "eth", "dataset_name": "blocks", "manifest_hash": "ab" * 32},
        "end_block": (None, "latest", "12345")[number % 3],
    }
    if number % 2 == 0:
        descriptor |= {"max_writers": 1, "verify": False}
    return {
        **{"id": number, "created_at": STAMPS[1], "updated_at": STAMPS[1]},
        **{"node_id": "worker-1", "status": "RUNNING", "descriptor": descriptor},
    }


def make_page(count: int) -> dict[str, Any]:
    return {"jobs": [make_document(number) for number in range(count, 0, -1)], "next_cursor": 1}


@st.composite
def mutated_pages(draw: Any) -> Any:
    """Pages of which some members were replaced, removed or added."""
    page = make_page(draw(st.integers(0, 5)))
    for _ in range(draw(st.integers(0, 5))):
        jobs = [job for job in page["jobs"] if isinstance(job, dict)]
        descriptors = [d for job in jobs if isinstance(d := job.get("descriptor"), dict)]
        # Most changes of a job make a page that is refused; those of a descriptor never do.
        target = draw(st.sampled_from([page, *jobs, *descriptors * 4]))
        name = draw(st.sampled_from([*target, "end_block", "max_writers", "more"]))
        pool: Any = (*ODD, *TEXTS, *STAMPS)
        pool = STAMPS if name.endswith("_at") else KINDS if name == "kind" else pool
        if draw(st.integers(0, 3)):
            target[name] = copy.deepcopy(draw(st.sampled_from(pool)))
        else:
            target.pop(name, None)
        if not isinstance(page.get("jobs"), list):
            break
    return page


def read_with_schema(page: Any) -> Any:
    try:
        read = load(schemas.JOB_PAGE, page, request="GET /jobs")
    except InvalidAnswer as error:
        return error.message, error.hint, error.cause
    return list(read.jobs), read.next_cursor, read.document


def read_by_column(page: Any) -> Any:
    try:
        read = listing.read_page(Response(page, 200, "GET /jobs"))
    except InvalidAnswer as error:
        return error.message, error.hint, error.cause
    return list(read.jobs), read.next_cursor, read.document


@settings(max_examples=150, deadline=None)
@given(mutated_pages())
def test_any_page_is_read_as_its_schema_reads_it(page: Any) -> None:
    assert read_by_column(page) == read_with_schema(page)


@pytest.mark.slow
@settings(max_examples=20_000, deadline=None)
@given(mutated_pages())
def test_very_many_pages_are_read_as_their_schema_reads_them(page: Any) -> None:
    assert read_by_column(page) == read_with_schema(page)


OUTPUTS = (
    *("--json", "--all --json", "--all -f csv"),
    *(f"-f {name}" for name in ("table", "json", "yaml", "csv", "value", "jsonl")),
)
APP = AmpApp(Session(fake_runtime(environ={"AMP_ADMIN_URL": "http://localhost:1610"})))


def print_list(page: Any, output: str) -> tuple[int, str, str]:
    """Return the exit code of ``job list``, and both streams, if the server has one page."""
    pages = itertools.chain([page], itertools.repeat({"jobs": []}))

    def fetch(*_: Any, **__: Any) -> Any:
        document = next(pages)
        return lambda: Response(document, 200, "GET /jobs")

    stdout, stderr = MemoryStream(), APP.session.runtime.stderr
    before = stderr.tell()
    with mock.patch("ampctl.client.AdminClient.fetch", fetch):
        code = APP.run(["job", "list", "-s", "all", *output.split()], stdout=stdout)
    stderr.seek(before)
    return code, stdout.getvalue(), stderr.read()


@contextlib.contextmanager
def schema_alone() -> Iterator[None]:
    """Read all pages with the schema, and write their rows one by one."""

    def read_page(response: Response) -> Any:
        return load(schemas.JOB_PAGE, response.document, request=response.request)

    def answer(*, batches: Any, **options: Any) -> Answer[Any]:
        return Answer(itertools.chain.from_iterable(batches), **options)

    with (
        mock.patch("ampctl_job.api.read_page", read_page),
        mock.patch("ampctl_job.commands.list.Answer", answer),
    ):
        yield


def print_with_schema(page: Any, output: str) -> tuple[int, str, str]:
    with schema_alone():
        return print_list(page, output)


@settings(max_examples=150, deadline=None)
@given(mutated_pages(), st.sampled_from(OUTPUTS))
def test_any_page_is_printed_as_by_its_schema_alone(page: Any, output: str) -> None:
    assert print_list(page, output) == print_with_schema(page, output)


@pytest.mark.slow
@settings(max_examples=20_000, deadline=None)
@given(mutated_pages(), st.sampled_from(OUTPUTS))
def test_very_many_pages_are_printed_as_by_their_schema_alone(page: Any, output: str) -> None:
    assert print_list(page, output) == print_with_schema(page, output)


def test_an_ordinary_page_is_printed_in_every_format_without_a_schema() -> None:
    with mock.patch("ampctl.plugin.load", side_effect=AssertionError("a schema was asked")):
        printed = [print_list(make_page(30), output) for output in OUTPUTS]

    assert [(code, stderr) for code, _, stderr in printed] == [(0, "")] * len(OUTPUTS)
    assert all("eth" in stdout for _, stdout, _ in printed)


def test_timestamps_in_z_are_read_together() -> None:
    page = make_page(30)
    for job in page["jobs"]:
        job["created_at"] = job["updated_at"] = "2026-03-01T09:14:22.123456Z"
    with mock.patch("ampctl.client.shape._respell", side_effect=AssertionError("one by one")):
        assert read_by_column(page) == read_with_schema(page)


@pytest.mark.parametrize(
    "stamp", ["2026-03-01T09:14:22.123456Z\n2026-03-01T09:14:22.123456Z", "Z", "", "Z\n"]
)
def test_two_timestamps_in_one_text_are_none(stamp: str) -> None:
    page = make_page(3)
    page["jobs"][1]["created_at"] = stamp

    assert read_by_column(page) == read_with_schema(page)


@settings(max_examples=100, deadline=None)
@given(mutated_pages())
def test_the_columns_of_a_page_are_the_attributes_of_its_jobs(page: Any) -> None:
    try:
        read = ordinary.read_page(page, lambda job: load(schemas.JOB, job))
    except InvalidAnswer:
        return
    if read is None:
        return
    jobs, _ = read
    assert isinstance(jobs, Batch)
    for at, job in enumerate(jobs):
        row = {name: column[at] for name, column in jobs.columns.items()}
        expected = ordinary._flatten(job)
        assert row | {"descriptor": row["descriptor"] and tuple(row["descriptor"][:5])} == expected


USUAL = {
    "ordinary": {},
    "Z": {"created_at": "2026-03-01T09:14:22Z"},
    "nine digits": {"updated_at": "2026-03-01T09:14:22.123456789+00:00"},
    "another offset": {"updated_at": "2026-03-01T09:14:22.123456+02:00"},
    "no descriptor": {"descriptor": None},
    "a newer kind": {"descriptor": {"kind": "materialize-other", "dataset_name": "x"}},
    "a newer member": {"more": [1, {"a": None}]},
    "a newer status": {"status": "PAUSED"},
}


@pytest.mark.parametrize("change", USUAL.values(), ids=USUAL)
@pytest.mark.parametrize("step", [1, 3])
def test_an_ordinary_page_is_read_by_column_alone(change: dict[str, Any], step: int) -> None:
    page = json.loads(json.dumps(make_page(30)))
    for job in page["jobs"][::step]:
        job.update(change)

    def refuse(job: Any) -> Any:
        raise AssertionError("a schema was asked")

    read = ordinary.read_page(page, refuse)

    assert read is not None
    assert isinstance(read[0], Batch)


def test_an_odd_job_leaves_the_others_of_its_page_alone() -> None:
    page = make_page(9)
    page["jobs"][4]["descriptor"]["end_block"] = 7
    asked = []

    def load_job(job: Any) -> Any:
        asked.append(job["id"])
        return load(schemas.JOB, job)

    read = ordinary.read_page(page, load_job)

    assert asked == [5]
    assert read is not None
    jobs, _ = read
    assert [job.id for job in jobs] == [*range(9, 0, -1)]
    assert jobs[4].oddities == ("descriptor.end_block (not a valid string)",)
    assert [job.id for job in jobs[3:5]] == [6, 5]


def test_what_is_not_an_object_is_unusual() -> None:
    with pytest.raises(Unusual):
        ordinary.JOB.read([make_document(1), "text"])
