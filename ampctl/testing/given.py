"""Commands that a test brings along, as entry points."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cliff.command import Command
from cliff.commandmanager import EntryPointWrapper

from ampctl.discovery.builtin import GROUPS
from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.registry import Registry


class _Given(EntryPoint):
    """An entry point whose object is there already, and so need not be found by a name."""

    given: type[Command]

    def to_library(self) -> Any:
        """Return what loads as the object."""
        return EntryPointWrapper(self.name, self.given)


def entry_points_of(commands: Mapping[str, type[Command]]) -> list[EntryPoint]:
    """Return entry points for ``commands``, with their groups where these are not installed.

    Raises:
        ValueError: the words are not those of a group and a verb.
    """
    points: list[EntryPoint] = []
    groups = set(Registry().groups) if commands else set()
    for words, command in commands.items():
        group, _, verb = words.partition(" ")
        if not verb or " " in verb:
            raise ValueError(f"{words!r} is not a group and a verb, such as 'worker list'")
        value = f"{command.__module__}:{command.__name__}"
        point = _Given(verb, value, f"ampctl.{group}")
        point.given = command
        points.append(point)
        if group not in groups:
            groups.add(group)
            points.append(EntryPoint(group, f"{command.__module__}:group", GROUPS))
    return points
