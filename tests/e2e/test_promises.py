"""The usages that are promised for ever, each as a person types it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from typing import Any

import pytest

from ampctl_job.models import ACTIVE, TERMINAL
from ampctl_sandbox.testing import Sandbox, blocks, make_descriptor, make_job

needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")


@pytest.fixture
def jobs(sandbox: Sandbox) -> dict[str, int]:
    """A job in each state, by the name of its status."""
    statuses = (*ACTIVE, *TERMINAL)
    return {status: make_job(sandbox.store, status=status) for status in statuses}


def ids(output: str) -> list[int]:
    return [int(row["id"]) for row in csv.DictReader(io.StringIO(output))]


@pytest.mark.parametrize(
    ("command", "statuses"),
    [
        ("job list", "STOPPING STOP_REQUESTED RUNNING SCHEDULED"),
        ("job ls", "STOPPING STOP_REQUESTED RUNNING SCHEDULED"),
        ("job list --limit 100", "STOPPING STOP_REQUESTED RUNNING SCHEDULED"),
        (
            "job list --status all",
            "FATAL ERROR STOPPED COMPLETED STOPPING STOP_REQUESTED RUNNING SCHEDULED",
        ),
        ("job list --status scheduled,running", "RUNNING SCHEDULED"),
        ("job list -s completed", "COMPLETED"),
        ("job list -l 2", "STOPPING STOP_REQUESTED"),
    ],
)
def test_list(run: Any, jobs: dict[str, int], command: str, statuses: str) -> None:
    assert ids(run(f"ampctl {command} -f csv").stdout) == [jobs[s] for s in statuses.split()]
    table = run(f"ampctl {command}").stdout.splitlines()
    assert table[0].split()[:3] == ["id", "status", "dataset"]
    assert len(table) == 2 + len(statuses.split())


def test_list_after(run: Any, jobs: dict[str, int]) -> None:
    after = jobs["STOPPING"]

    assert ids(run(f"ampctl job list --after {after} -f csv").stdout) == [
        jobs[s] for s in ("STOP_REQUESTED", "RUNNING", "SCHEDULED")
    ]
    assert ids(run(f"ampctl job list -l 1 -a {after} -f csv").stdout) == [jobs["STOP_REQUESTED"]]
    run("ampctl job list -l 20 -a 500")
    run("ampctl job list --after 1234")


@pytest.mark.parametrize("verb", ["inspect", "get"])
def test_inspect(run: Any, jobs: dict[str, int], verb: str) -> None:
    job = json.loads(run(f"ampctl job {verb} {jobs['RUNNING']}").stdout)

    assert (job["id"], job["status"]) == (jobs["RUNNING"], "RUNNING")


@needs_jq
@pytest.mark.parametrize("option", ["", "--json"])
def test_inspect_into_jq(run: Any, jobs: dict[str, int], option: str) -> None:
    line = f"ampctl job inspect {jobs['ERROR']} {option} | jq '.status'"

    assert run(line).stdout == '"ERROR"\n'


@needs_jq
def test_list_into_jq(run: Any, jobs: dict[str, int]) -> None:
    line = "ampctl job list --json -s all | jq '.jobs[] | select(.status == \"COMPLETED\") | .id'"

    assert run(line).stdout == f"{jobs['COMPLETED']}\n"
    run("ampctl job list --json | jq '.jobs[] | select(.status == \"COMPLETED\")'")


def test_stop(run: Any, jobs: dict[str, int]) -> None:
    number = jobs["RUNNING"]

    assert (
        run(f"ampctl job stop {number} -f value").stdout == f"{number} STOP_REQUESTED requested\n"
    )
    assert run(f"ampctl job stop {number} -f value").stdout == (
        f"{number} STOP_REQUESTED already-stopping\n"
    )


@pytest.mark.parametrize("verb", ["rm", "remove"])
def test_rm(run: Any, jobs: dict[str, int], verb: str) -> None:
    number = jobs["COMPLETED"]

    assert run(f"ampctl job {verb} {number} -f value").stdout == f"{number} removed\n"
    run(f"ampctl job {verb} {number}", expect=3)
    run(f"ampctl job {verb} {number} --ignore-not-found")
    run(f"ampctl job {verb} {jobs['RUNNING']}", expect=6)


@pytest.mark.parametrize(
    ("option", "gone"),
    [
        ("", {"COMPLETED", "STOPPED", "ERROR", "FATAL"}),
        ("--status completed", {"COMPLETED"}),
        ("--status stopped", {"STOPPED"}),
        ("--status error", {"ERROR", "FATAL"}),
    ],
)
def test_prune(run: Any, jobs: dict[str, int], option: str, gone: set[str]) -> None:
    removed = run(f"ampctl job prune {option} -f csv").stdout.splitlines()

    assert set(removed[1:]) == {f"{status},1" for status in gone}
    left = ids(run("ampctl job list -s all -f csv").stdout)
    assert set(left) == {number for status, number in jobs.items() if status not in gone}


def test_progress(run: Any, sandbox: Sandbox) -> None:
    number = make_job(
        sandbox.store,
        status="RUNNING",
        descriptor=make_descriptor(end_block="9999"),
        tables={"blocks": blocks(3)},
    )

    document = json.loads(run(f"ampctl job progress {number} --json").stdout)
    table = run(f"ampctl job progress {number}").stdout

    assert (document["job_id"], document["job_status"]) == (number, "RUNNING")
    assert document["tables"]["blocks"]["files_count"] == 3
    assert table.split()[:3] == ["table", "start_block", "current_block"]


def test_events(run: Any, jobs: dict[str, int]) -> None:
    rows = run(f"ampctl job events {jobs['RUNNING']} -f csv -c event_type").stdout.split()

    assert rows == ["event_type", "SCHEDULED", "RUNNING"]
