"""Any sequence of calls, on both databases side by side, against a model in plain Python."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from ampctl_job.models import ACTIVE, FAILED, STATUSES, TERMINAL
from ampctl_sandbox.api.app import make_app
from ampctl_sandbox.api.service import Service
from ampctl_sandbox.database import transitions
from ampctl_sandbox.database.schema import delete_all_rows
from ampctl_sandbox.testing import ERROR_DETAIL, Sandbox, blocks, make_descriptor, make_job

FILTERS = {
    "terminal": TERMINAL,
    "completed": ("COMPLETED",),
    "stopped": ("STOPPED",),
    "error": ("ERROR", "FATAL"),
}


@dataclasses.dataclass
class ModelJob:
    status: str
    events: list[str]
    files: int


class Machine(RuleBasedStateMachine):
    sandboxes: ClassVar[tuple[Sandbox, Sandbox]]
    jobs = Bundle("jobs")

    def __init__(self) -> None:
        super().__init__()
        self.model: dict[int, ModelJob] = {}
        self.created = 0
        self.stores = [sandbox.store for sandbox in self.sandboxes]
        for store in self.stores:
            store.write(delete_all_rows)
        self.clients = [make_app(Service(store)).test_client() for store in self.stores]

    def ask(self, method: str, path: str) -> tuple[int, Any]:
        """Ask both, and return what they agree on."""
        answers = [client.open(path, method=method) for client in self.clients]
        shown = [(answer.status_code, _timeless(answer.json)) for answer in answers]
        assert shown[0] == shown[1]
        return shown[0]

    @rule(target=jobs, files=st.integers(0, 3))
    def create(self, files: int) -> int:
        # A dataset for each job: a newer job would take over the tables of an older one.
        self.created += 1
        descriptor = make_descriptor(f"ns/dataset_{self.created}")
        tables = {"blocks": blocks(files)}
        ids = {make_job(store, descriptor=descriptor, tables=tables) for store in self.stores}
        assert len(ids) == 1
        (job,) = ids
        assert job not in self.model
        self.model[job] = ModelJob("SCHEDULED", ["SCHEDULED"], files)
        return job

    @rule(job=jobs, target_status=st.sampled_from(sorted(transitions.SOURCES)))
    def advance(self, job: int, target_status: str) -> None:
        known = self.model.get(job)
        may = known is not None and known.status in transitions.SOURCES[target_status]
        detail = dict(ERROR_DETAIL) if target_status in FAILED else None
        for store in self.stores:
            moved = store.write(transitions.move, job, target_status, store.now(), detail)
            assert moved == may
        if may and known:
            known.status = target_status
            known.events.append(target_status)

    @rule(job=jobs)
    def stop(self, job: int) -> None:
        status, _ = self.ask("PUT", f"/jobs/{job}/stop")
        known = self.model.get(job)
        assert status == (200 if known else 404)
        if known and known.status in transitions.STOPPABLE:
            known.status = "STOP_REQUESTED"
            known.events.append("STOP_REQUESTED")

    @rule(job=jobs)
    def delete(self, job: int) -> None:
        status, _ = self.ask("DELETE", f"/jobs/{job}")
        known = self.model.get(job)
        assert status == (409 if known and known.status in ACTIVE else 204)
        if status == 204:
            self.model.pop(job, None)

    @rule(job=consumes(jobs))
    def forget(self, job: int) -> None:
        """Let later rules draw from fewer jobs."""

    @rule(name=st.sampled_from(sorted(FILTERS)))
    def delete_by_status(self, name: str) -> None:
        assert self.ask("DELETE", f"/jobs?status={name}") == (204, None)
        self.model = {
            job: known for job, known in self.model.items() if known.status not in FILTERS[name]
        }

    @rule(job=jobs)
    def look(self, job: int) -> None:
        known = self.model.get(job)
        status, events = self.ask("GET", f"/jobs/{job}/events")
        assert status == (200 if known else 404)
        if known:
            assert [event["event_type"] for event in events["events"]] == known.events
            _, progress = self.ask("GET", f"/jobs/{job}/progress")
            assert progress["job_status"] == known.status
            assert progress["tables"]["blocks"]["files_count"] == known.files

    @rule(
        limit=st.integers(1, 5),
        statuses=st.none() | st.lists(st.sampled_from(STATUSES), min_size=1, max_size=4),
    )
    def walk(self, limit: int, statuses: list[str] | None) -> None:
        wanted = statuses or ACTIVE
        names = ",".join(statuses) if statuses else "active"
        seen: list[int] = []
        while True:
            cursor = f"&last_job_id={seen[-1]}" if seen else ""
            _, page = self.ask("GET", f"/jobs?limit={limit}&status={names}{cursor}")
            if not page["jobs"]:
                assert "next_cursor" not in page
                break
            seen += [job["id"] for job in page["jobs"]]
            assert page["next_cursor"] == seen[-1]
        expected = [job for job, known in self.model.items() if known.status in wanted]
        assert seen == sorted(expected, reverse=True)

    @invariant()
    def every_job_is_as_it_should_be(self) -> None:
        _, page = self.ask("GET", "/jobs?status=all&limit=1000")
        shown = {job["id"]: job["status"] for job in page["jobs"]}
        assert shown == {job: known.status for job, known in self.model.items()}


def _timeless(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: _timeless(value) for key, value in found.items() if not key.endswith("_at")}
    return [_timeless(item) for item in found] if isinstance(found, list) else found


@pytest.fixture
def machine(sandboxes: tuple[Sandbox, Sandbox]) -> Iterator[type[Machine]]:
    """The machine, over both sandboxes."""
    Machine.sandboxes = sandboxes
    yield Machine
    del Machine.sandboxes


def _settings(examples: int, phases: Sequence[Phase] = tuple(Phase)) -> settings:
    return settings(
        max_examples=examples,
        stateful_step_count=25,
        phases=phases,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.long
def test_any_sequence_of_calls_is_as_the_model_says(machine: type[Machine]) -> None:
    # Without shrinking, which takes minutes: the slow test below does that.
    run_state_machine_as_test(machine, settings=_settings(12, (Phase.generate,)))


@pytest.mark.slow
def test_very_many_sequences_are_as_the_model_says(machine: type[Machine]) -> None:
    run_state_machine_as_test(machine, settings=_settings(300))
