"""The OpenAPI document, and whether the sandbox keeps to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import negative_data_rejection

from ampctl_sandbox.api.openapi import make_openapi
from ampctl_sandbox.testing import Sandbox, blocks, live_sandbox, make_job
from tests.sandbox.http_calls import call

TOKEN = "hush-hush"
DOCUMENT = make_openapi()
GUARDED_API = schemathesis.openapi.from_dict(make_openapi(needs_token=True))
API = schemathesis.openapi.from_dict(DOCUMENT)


def test_the_document_is_served(sandbox: Sandbox) -> None:
    answer = call(sandbox, "GET", "/openapi.json")

    assert answer.status_code == 200
    assert answer.json() == DOCUMENT
    assert answer.json()["openapi"].startswith("3.1")


def test_the_document_describes_every_route() -> None:
    shown = {(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods}

    assert shown == {
        ("/jobs", "get"),
        ("/jobs", "delete"),
        ("/jobs/{id}", "get"),
        ("/jobs/{id}", "delete"),
        ("/jobs/{id}/stop", "put"),
        ("/jobs/{id}/progress", "get"),
        ("/jobs/{id}/events", "get"),
        ("/jobs/{id}/events/{event_id}", "get"),
        ("/workers", "get"),
        ("/workers/{id}", "get"),
    }


def test_every_operation_has_a_name_of_its_own_and_the_errors_of_the_server() -> None:
    operations = [one for methods in DOCUMENT["paths"].values() for one in methods.values()]

    names = [operation["operationId"] for operation in operations]
    assert sorted(names) == sorted(
        [
            *("jobs_list", "jobs_delete_many", "jobs_get", "jobs_delete", "jobs_stop"),
            *("get_job_progress", "get_job_events", "get_job_event_by_id"),
            *("workers_list", "workers_get"),
        ]
    )
    for operation in operations:
        everywhere = {"400", "401", "408", "413", "421", "431", "500", "503"}
        assert everywhere <= set(operation["responses"])


def test_the_schemas_have_the_names_of_the_api() -> None:
    ours = {"ErrorDetail"}  # the API has none for it

    assert DOCUMENT["components"]["schemas"].keys() - ours == {
        *("JobsResponse", "JobInfo", "JobProgressResponse", "TableProgress", "JobEventsResponse"),
        *("JobEventInfo", "JobEventDetailResponse", "WorkersResponse", "WorkerInfo"),
        *("WorkerDetailResponse", "WorkerMetadata", "ErrorResponse"),
    }


def test_the_document_says_whether_a_token_is_needed() -> None:
    assert DOCUMENT["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    assert DOCUMENT["security"] == [{}, {"bearer": []}]
    with live_sandbox(token=TOKEN) as guarded:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        document = call(guarded, "GET", "/openapi.json", headers=headers).json()
    assert document["security"] == [{"bearer": []}]


@pytest.fixture
def populated(sandbox: Sandbox) -> Sandbox:
    """A sandbox with a job in each state, so that small ids are found."""
    for status in ("RUNNING", "COMPLETED", "ERROR", "STOPPING", "SCHEDULED", "FATAL"):
        make_job(sandbox.store, status, tables={"blocks": blocks(2)})
    return sandbox


@pytest.fixture(scope="module")
def guarded() -> Iterator[Sandbox]:
    """A sandbox that requires a token."""
    with live_sandbox(token=TOKEN) as found:
        yield found


MANY_EXAMPLES = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
FEW_EXAMPLES = settings(MANY_EXAMPLES, max_examples=10)


@API.parametrize()
@FEW_EXAMPLES
def test_every_answer_is_as_the_document_says(case: schemathesis.Case, populated: Sandbox) -> None:
    case.call_and_validate(base_url=populated.url, timeout=30)


@pytest.mark.slow
@API.parametrize()
@MANY_EXAMPLES
def test_very_many_answers_are_as_the_document_says(
    case: schemathesis.Case, populated: Sandbox
) -> None:
    case.call_and_validate(base_url=populated.url, timeout=30)


@GUARDED_API.parametrize()
@FEW_EXAMPLES
def test_every_answer_is_as_the_document_says_with_a_token_too(
    case: schemathesis.Case, guarded: Sandbox
) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    # A case that lacks the header is not one: it is added here.
    excluded = [negative_data_rejection]
    case.call_and_validate(
        base_url=guarded.url, timeout=30, headers=headers, excluded_checks=excluded
    )
