"""The OpenAPI document, and whether the sandbox keeps to it."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from ampctl_sandbox.openapi import openapi_document
from ampctl_sandbox.testing import Sandbox, blocks, make_job
from tests.sandbox.http_calls import call

DOCUMENT = openapi_document()
API = schemathesis.openapi.from_dict(DOCUMENT)


def test_the_document_is_served(sandbox: Sandbox) -> None:
    answer = call(sandbox, "GET", "/openapi.json")

    assert answer.status_code == 200
    assert answer.json() == DOCUMENT
    assert answer.json()["openapi"].startswith("3.1")


def test_the_document_tells_of_every_route() -> None:
    told = {(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods}

    assert told == {
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


@pytest.fixture
def populated(sandbox: Sandbox) -> Sandbox:
    """A sandbox with a job in each state, so that small ids are found."""
    for status in ("RUNNING", "COMPLETED", "ERROR", "STOPPING", "SCHEDULED", "FATAL"):
        make_job(sandbox.store, status, tables={"blocks": blocks(2)})
    return sandbox


@API.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_the_document_says(case: schemathesis.Case, populated: Sandbox) -> None:
    case.call_and_validate(base_url=populated.url, timeout=10)
