"""The worker commands, against an API that the tests play, and against a live one."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl.testing import Api, Conformance, invoke, offered, timestamp

SEEN = {"node_id": "worker-1", "heartbeat_at": timestamp(ago_s=60)}
WHOLE = {
    **SEEN,
    "created_at": timestamp(ago_s=7200),
    "registered_at": timestamp(ago_s=3600),
    "info": {"version": "1.2.3", "commit_sha": None},
}


class TestList(Conformance):
    words = ("worker", "list")

    def prepare(self, api: Api) -> None:
        api.on("GET", "/workers", {"workers": [SEEN]})


class TestInspect(Conformance):
    words = ("worker", "inspect", "worker-1")

    def prepare(self, api: Api) -> None:
        api.on("GET", "/workers/worker-1", WHOLE)


def test_list_shows_ages_to_people(amp_api: Api) -> None:
    amp_api.on("GET", "/workers", {"workers": [SEEN]})

    assert "worker-1  1m ago" in invoke("worker", "ls", is_terminal=True).stdout


def test_workers_are_offered_where_one_is_being_typed(amp_api: Api) -> None:
    amp_api.on("GET", "/workers", {"workers": [SEEN]})

    assert offered("worker", "inspect", "w") == {"worker-1": "seen 1m ago"}


def test_a_missing_worker_is_not_found(amp_api: Api) -> None:
    amp_api.error("GET", "/workers/gone", 404, "WORKER_NOT_FOUND")

    assert "can't read worker gone" in invoke("worker", "get", "gone", expect=3).stderr


def test_an_answer_of_another_shape_is_refused(amp_api: Api) -> None:
    amp_api.on("GET", "/workers", {"workers": [{"node_id": 7}]})

    assert "workers[0].node_id" in invoke("worker", "list", expect=7).stderr


def test_a_live_api_answers(amp_sandbox: Any) -> None:
    builders = pytest.importorskip("ampctl_sandbox.testing")
    builders.make_worker(amp_sandbox.store, "worker-7", info={"version": "9"})

    assert invoke("worker", "list", "-f", "value", "-c", "node_id").stdout == "worker-7\n"
    shown = invoke("worker", "inspect", "worker-7", "-f", "json").json
    assert shown["info"]["version"] == "9"
    assert shown["info"]["build_date"] == "unknown"
