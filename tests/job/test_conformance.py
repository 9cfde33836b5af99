"""The job commands keep to what every command that answers with data has to keep to."""

from __future__ import annotations

from ampctl.discovery.registry import Registry
from ampctl.testing import Api, Conformance
from ampctl_job.testing import event, job, page, progress, worker


class TestList(Conformance):
    words = ("job", "list")

    def prepare(self, api: Api) -> None:
        api.on("GET", "/jobs?limit=50&status=active", page(job(7)))


class TestInspect(Conformance):
    words = ("job", "inspect", "7")

    def prepare(self, api: Api) -> None:
        api.on("GET", "/jobs/7", job(7))
        log = {"job_id": 7, "events": [event()]}
        api.mocker.get(f"{api.url}/jobs/7/events", json=log)  # --json does without them
        api.mocker.get(f"{api.url}/workers/worker-1", json=worker())


class TestProgress(Conformance):
    words = ("job", "progress", "7")

    def prepare(self, api: Api) -> None:
        api.on("GET", "/jobs/7/progress", progress(7))
        api.mocker.get(f"{api.url}/jobs/7", json=job(7))  # --json does without it


class TestEvents(Conformance):
    words = ("job", "events", "7")

    def prepare(self, api: Api) -> None:
        api.on("GET", "/jobs/7/events", {"job_id": 7, "events": [event(1)]})


class TestStop(Conformance):
    words = ("job", "stop", "7")

    def prepare(self, api: Api) -> None:
        api.on("GET", "/jobs/7", job(7), job(7, "STOP_REQUESTED"))
        api.on("PUT", "/jobs/7/stop")


class TestRemove(Conformance):
    words = ("job", "rm", "7")

    def prepare(self, api: Api) -> None:
        api.on("GET", "/jobs/7", job(7, "STOPPED"))
        api.on("DELETE", "/jobs/7", status=204)


class TestPrune(Conformance):
    words = ("job", "prune", "--status", "stopped")

    def prepare(self, api: Api) -> None:
        api.on("GET", "/jobs?limit=1000&status=stopped", page(job(7, "STOPPED"), next_cursor=None))
        api.on("DELETE", "/jobs?status=stopped", status=204)


def test_no_job_command_is_left_out() -> None:
    tried = {case.words[1] for case in Conformance.__subclasses__() if case.words[0] == "job"}

    # It answers with a picture.
    assert {verb.name for verb in Registry().groups["job"].verbs} - {"top"} <= tried


class TestWait(Conformance):
    words = ("job", "wait", "7")

    def prepare(self, api: Api) -> None:
        api.on("GET", "/jobs/7", job(7, "STOPPED"))
