"""The job commands of ampctl, and the client of the job endpoints behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ampctl.plugin import CommandGroup

if TYPE_CHECKING:
    from ampctl_job.api import Jobs

__version__ = "0.2.0"
__all__ = ["Jobs", "group"]

group = CommandGroup(
    summary="Show and control extraction jobs",
    api="1",
    aliases=("jobs",),
    synonyms={
        "list": ("ps", "status", "watch"),
        "inspect": ("show", "describe", "info", "view"),
        "stop": ("kill", "cancel", "abort", "terminate"),
        "rm": ("delete", "del"),
        "prune": ("clean", "cleanup", "purge"),
        "events": ("logs", "log", "history"),
        "top": ("dashboard", "monitor", "overview", "stats"),
    },
)


def __getattr__(name: str) -> object:
    # The client reads answers with marshmallow, which listing the group has no use for.
    if name == "Jobs":
        from ampctl_job.api import Jobs

        return Jobs
    raise AttributeError(name)
