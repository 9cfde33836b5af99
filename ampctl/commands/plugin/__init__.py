"""The group ``plugin``: what is installed, whether it is sound, and a start for a new one."""

from __future__ import annotations

from ampctl.discovery.groups import API_VERSION, CommandGroup

group = CommandGroup(
    summary="Show, check and start plugins",
    api=API_VERSION,
    synonyms={"new": ("create", "init"), "show": ("inspect", "describe", "info")},
)
