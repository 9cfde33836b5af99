"""A local Amp Admin API with simulated workers."""

from __future__ import annotations

from ampctl.plugin import CommandGroup

__version__ = "0.2.0"
__all__ = ["group"]

group = CommandGroup(
    summary="Run a local Admin API with simulated workers",
    api="1",
    synonyms={"up": ("start", "run", "serve"), "submit": ("add", "create")},
)
