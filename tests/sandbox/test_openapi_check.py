"""The script that compares the sandbox with an OpenAPI document."""

from __future__ import annotations

import copy
import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ampctl_sandbox.api.openapi import make_openapi
from ampctl_sandbox.api.releases import LAST

TOOL = Path(__file__).resolve().parents[2] / "tools" / "openapi" / "check.py"


Check = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Run the script for a document; return its exit code and its lines."""

    def run(document: Any, *options: str) -> tuple[int, list[str]]:
        path = tmp_path / "document.json"
        path.write_text(json.dumps(document))
        code: int = runpy.run_path(str(TOOL))["main"]([str(path), *options])
        return code, capsys.readouterr().out.splitlines()

    return run


def test_the_sandbox_is_as_its_own_document_says(check: Check) -> None:
    assert check(make_openapi()) == (0, [])


def test_a_document_of_the_last_release_is_compared_with_a_server_of_it(check: Check) -> None:
    document = copy.deepcopy(make_openapi(release=LAST))
    known = ("SCHEDULED", "RUNNING", "STOP_REQUESTED", "STOPPING", "STOPPED", "COMPLETED", "FAILED")
    document["components"]["schemas"]["JobInfo"]["properties"]["status"]["enum"] = known

    assert check(document, "--old") == (0, [])
    code, lines = check(document)

    assert code == 1
    assert "GET /jobs/{}/events: only in the sandbox" in lines
    assert any('"FATAL" is not one of' in line for line in lines)


def test_each_difference_is_named(check: Check) -> None:
    document = copy.deepcopy(make_openapi())
    paths, schemas = document["paths"], document["components"]["schemas"]
    paths["/datasets"] = paths["/jobs"]  # of no concern
    paths["/jobs/{job_id}/logs"] = {"get": {"responses": {"200": {"description": "text"}}}}
    paths["/workers"]["get"]["operationId"] = "list_workers"
    del paths["/jobs"]["get"]["parameters"][0]
    del paths["/jobs/{id}"]["delete"]["responses"]["409"]
    schemas["WorkerDetailResponse"]["properties"]["zone"] = {"type": "string"}
    schemas["WorkerDetailResponse"]["required"].append("zone")

    code, lines = check(document)

    assert code == 1
    assert lines[:4] == [
        "GET /jobs/{}/logs: only in the document",
        "GET /jobs: parameter limit is only in the sandbox",
        "GET /workers: is 'list_workers' in the document and 'workers_list' here",
        "WorkerDetailResponse.zone: only in the document",
    ]
    assert [line.partition(":")[0] for line in lines[4:]] == [
        *(f"DELETE /jobs/{job} answered 409" for job in (1, 2, 3, 4)),
        "GET /workers/worker-1 answered 200",
    ]
