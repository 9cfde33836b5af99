"""The scenarios: what a sandbox shows, and keeps showing while it runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping

from ampctl_job.models import Status

_STEADY = {
    Status.RUNNING: 34,
    Status.SCHEDULED: 8,
    Status.STOP_REQUESTED: 3,
    Status.STOPPING: 3,
    Status.COMPLETED: 34,
    Status.STOPPED: 7,
    Status.ERROR: 8,
    Status.FATAL: 3,
}
_INCIDENT = {**_STEADY, Status.RUNNING: 12, Status.COMPLETED: 8, Status.ERROR: 60}
_IDLE = {Status.COMPLETED: 80, Status.STOPPED: 14, Status.FATAL: 6}
_EARLIER = {
    Status.COMPLETED: 79,
    Status.STOPPED: 11,
    Status.ERROR: 4,
    Status.FATAL: 5,
    Status.RUNNING: 1,
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scenario:
    """A scenario.

    Attributes:
        summary: what it shows, for a person.
        recent, earlier: how often each status is among the made-up jobs of lately, and before.
        active: new jobs arrive while fewer are active.
        failed: jobs are made to fail, again and again, until so many do.
        has_stopping: whether some job is always about to stop.
        down: networks whose provider is down, so that all their jobs fail.
        is_last_release: whether the server is one of the last release.
    """

    summary: str
    recent: Mapping[Status, int] = dataclasses.field(default_factory=lambda: _STEADY)
    earlier: Mapping[Status, int] = dataclasses.field(default_factory=lambda: _EARLIER)
    active: int = 8
    failed: int = 3
    has_stopping: bool = True
    down: Collection[str] = ()
    is_last_release: bool = False


SCENARIOS: Mapping[str, Scenario] = {
    "steady": Scenario(summary="some jobs run, stop, fail, complete"),
    "idle": Scenario(
        summary="all have ended",
        recent=_IDLE,
        earlier=_IDLE,
        active=0,
        failed=0,
        has_stopping=False,
    ),
    "incident": Scenario(
        summary="a provider is down, and jobs pile up in ERROR",
        recent=_INCIDENT,
        down=("mainnet",),
        failed=0,
    ),
    "old": Scenario(
        summary="a server of the last release: FAILED, no events, no progress",
        is_last_release=True,
    ),
}

STEADY = SCENARIOS["steady"]
