"""``job prune``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ampctl.testing import invoke
from ampctl_job.testing import job, page

TERMINAL = "/jobs?limit=1000&status=completed%2Cstopped%2Cerror%2Cfatal"


@pytest.mark.parametrize(
    ("arguments", "counted", "sent"),
    [
        ([], "completed%2Cstopped%2Cerror%2Cfatal", "terminal"),
        (["--status", "completed"], "completed", "completed"),
        (["--status", "stopped"], "stopped", "stopped"),
        (["-s", "ERROR"], "error%2Cfatal", "error"),
    ],
    ids=["terminal", "completed", "stopped", "error"],
)
def test_the_status_is_always_sent(api: Any, arguments: list[str], counted: str, sent: str) -> None:
    api.on("GET", f"/jobs?limit=1000&status={counted}", page(job(9, "COMPLETED")))
    api.on("DELETE", f"/jobs?status={sent}", status=204)

    invoke("job", "prune", *arguments)

    assert api.requests[-1] == f"DELETE /jobs?status={sent}"


def test_prune_reports_how_many_of_each_status_went(api: Any) -> None:
    api.on(
        "GET",
        TERMINAL,
        page(job(9, "FATAL"), job(8, "COMPLETED"), job(7, "COMPLETED"), next_cursor=None),
    )
    api.on("DELETE", "/jobs?status=terminal", status=204)

    result = invoke("job", "prune", "-f", "csv")

    assert result.stdout.splitlines() == ["status,removed", "COMPLETED,2", "FATAL,1"]


def test_json_is_one_object_for_each_status(api: Any) -> None:
    api.on("GET", TERMINAL, page(job(9, "FATAL"), next_cursor=None))
    api.on("DELETE", "/jobs?status=terminal", status=204)

    assert json.loads(invoke("job", "prune", "--json").stdout) == {"status": "FATAL", "removed": 1}


def test_on_a_terminal_it_shows_what_goes_and_asks(api: Any) -> None:
    api.on("GET", TERMINAL, page(job(9, "FATAL"), job(8, "COMPLETED"), next_cursor=None))

    result = invoke("job", "prune", is_terminal=True, stdin="n\n", expect=1)

    assert "Remove 1 COMPLETED, 1 FATAL? [y/N]" in result.stderr
    assert "nothing was done" in result.stderr
    assert api.requests == [f"GET {TERMINAL}"]


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [([], "y\n"), (["--yes"], ""), (["-y"], "")],
    ids=["agreed", "--yes", "-y"],
)
def test_a_yes_removes(api: Any, arguments: list[str], stdin: str) -> None:
    api.on("GET", TERMINAL, page(job(9, "FATAL"), next_cursor=None))
    api.on("DELETE", "/jobs?status=terminal", status=204)

    invoke("job", "prune", *arguments, is_terminal=True, stdin=stdin)


@pytest.mark.parametrize("is_terminal", [True, False])
@pytest.mark.parametrize("arguments", [[], ["--yes"]], ids=["unasked", "--yes"])
def test_where_nothing_was_counted_nothing_is_removed(
    api: Any, arguments: list[str], is_terminal: bool
) -> None:
    api.on("GET", TERMINAL, page())

    result = invoke("job", "prune", *arguments, is_terminal=is_terminal)

    assert api.requests == [f"GET {TERMINAL}"]
    assert ("There was nothing to remove." in result.stderr) == is_terminal


@pytest.mark.parametrize("status", ["running", "all", "fatal", "active", "", "completed,stopped"])
def test_only_what_the_api_can_remove_is_taken(api: Any, status: str) -> None:
    stderr = invoke("job", "prune", "-s", status, expect=2).stderr

    assert "can't be pruned; valid are terminal, completed, stopped, error" in stderr
    assert api.requests == []


def test_a_prefix_of_prune_runs_nothing(api: Any) -> None:
    result = invoke("job", "pru", expect=2)

    assert api.requests == []
    assert "did you mean 'job prune'?" in result.stderr


def test_a_bulk_delete_that_may_have_happened_is_not_repeated(api: Any) -> None:
    api.on("GET", TERMINAL, page(job(9, "FATAL"), next_cursor=None))
    api.on("DELETE", "/jobs?status=terminal", status=503)

    result = invoke("job", "prune", expect=5)

    assert "can't prune terminal jobs" in result.stderr
    assert api.requests.count("DELETE /jobs?status=terminal") == 1
