"""Waiting against a real server, whose jobs move while no one looks."""

from __future__ import annotations

from collections.abc import Callable

from ampctl.testing import FakeClock, invoke
from ampctl_sandbox.database import transitions
from ampctl_sandbox.testing import Sandbox, make_descriptor, make_job


class Life(FakeClock):
    """A clock in whose pauses jobs go on: each pause does the next of some changes.

    Args:
        changes: what happens, in order; after the last one nothing does any more.
    """

    def __init__(self, *changes: Callable[[], object]) -> None:
        super().__init__()
        self._changes = list(changes)

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        if self._changes:
            self._changes.pop(0)()


def mover(sandbox: Sandbox, job_id: int) -> Callable[..., Callable[[], None]]:
    """Return a function that returns a change: the job goes through some statuses."""
    store = sandbox.store

    def through(*statuses: str) -> Callable[[], None]:
        def change() -> None:
            for status in statuses:
                if status == "DEPLOYED":
                    again = (job_id, "worker-1", make_descriptor(), store.now())
                    assert store.write(transitions.schedule_again, *again)
                else:
                    assert store.write(transitions.move, job_id, status, store.now())

        return change

    return through


def test_an_end_that_no_look_saw_is_found_in_the_events(amp_sandbox: Sandbox) -> None:
    job_id = make_job(amp_sandbox.store, "STOPPING")
    through = mover(amp_sandbox, job_id)

    result = invoke(
        *("job", "wait", str(job_id), "--for", "stopped", "-f", "value"),
        clock=Life(through("STOPPED", "DEPLOYED", "RUNNING")),
    )

    assert result.stdout == f"{job_id} STOPPED reached\n"


def test_an_error_that_no_look_saw_is_found_in_the_events(amp_sandbox: Sandbox) -> None:
    job_id = make_job(amp_sandbox.store, "RUNNING")
    through = mover(amp_sandbox, job_id)

    result = invoke(
        *("job", "wait", str(job_id), "--fail-on-error", "-f", "value"),
        clock=Life(through("ERROR", "SCHEDULED", "RUNNING")),
        expect=1,
    )

    assert result.stdout == f"{job_id} ERROR failed\n"


def test_a_job_that_is_retried_and_deployed_again_is_waited_for(amp_sandbox: Sandbox) -> None:
    job_id = make_job(amp_sandbox.store, "STOP_REQUESTED")
    through = mover(amp_sandbox, job_id)

    result = invoke(
        *("job", "wait", str(job_id), "-f", "value"),
        clock=Life(
            through("DEPLOYED"),
            through("RUNNING", "ERROR"),
            through("SCHEDULED", "RUNNING"),
            through("COMPLETED"),
        ),
    )

    assert result.stdout == f"{job_id} COMPLETED reached\n"
    assert result.stderr == f"ampctl: job {job_id} was deployed again meanwhile\n"


def test_a_stop_that_a_deploy_undoes_is_not_seen_through(amp_sandbox: Sandbox) -> None:
    job_id = make_job(amp_sandbox.store, "RUNNING")
    through = mover(amp_sandbox, job_id)

    result = invoke(
        *("job", "stop", str(job_id), "--wait", "-f", "value"),
        clock=Life(through("STOPPING"), through("DEPLOYED", "RUNNING")),
        expect=1,
    )

    assert result.stdout == f"{job_id} RUNNING scheduled-again\n"


def test_many_jobs_are_stopped_waited_for_and_removed(amp_sandbox: Sandbox) -> None:
    ids = [make_job(amp_sandbox.store, "RUNNING") for _ in range(20)]

    def end() -> None:
        for job_id in ids:
            mover(amp_sandbox, job_id)("STOPPING", "STOPPED")()

    named = f"{ids[0]}-{ids[-1]}"
    result = invoke("job", "rm", named, "--stop", "-f", "value", "-c", "result", clock=Life(end))

    assert result.stdout == "removed\n" * len(ids)
    assert invoke("job", "list", "-s", "all").stdout == ""
