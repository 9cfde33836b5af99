"""What is wrong with the entry points of plugins."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ampctl.commands.plugin.probe import Verdicts, probe
from ampctl.discovery.builtin import BUILTIN, CORE, CORE_WORDS, GROUPS
from ampctl.discovery.commands import join_owners
from ampctl.discovery.declared import read_arguments
from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.names import is_command, is_format, is_hook, is_usable
from ampctl.discovery.registry import Registry
from ampctl.errors import PluginError

WORST_FIRST = ("broken", "wrong api", "conflict", "shadowed", "unreachable", "unusable")
"""The kinds that keep something from being used."""


_OWNED = "the distribution that declares the group has this name, and keeps it"


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something that is wrong with what a distribution offers.

    Attributes:
        distribution: its name.
        kind: one of :data:`WORST_FIRST`, ``reserved option``, ``missing help`` or
            ``undocumented``.
        offer: what it is about, such as ``worker list`` or ``-f markdown``.
        fact: what is wrong.
    """

    distribution: str
    kind: str
    offer: str
    fact: str


def describe_offer(entry: EntryPoint) -> str:
    """Return what ``entry`` adds, as it is typed."""
    if entry.group == GROUPS:
        return entry.name
    if is_format(entry):
        return f"-f {entry.name}"
    if is_hook(entry):
        return f"{entry.name} on {entry.group.removeprefix('ampctl.').replace('.', ' ')}"
    return f"{entry.group.removeprefix('ampctl.')} {entry.name}"


def find_faults(registry: Registry, points: Sequence[EntryPoint]) -> list[Finding]:
    """Return all that is wrong with ``points``; this imports what they name."""
    verdicts = probe([entry for entry in points if is_usable(entry)])
    lost = {entry for group in registry.groups.values() for entry in group.list_lost()}
    return [
        *_find_clashes([entry for entry in points if entry not in lost]),
        *(_make_finding(entry, "shadowed", _OWNED) for entry in points if entry in lost),
        *_find_clashes_of_aliases(registry, points),
        *_check_each(registry, points, verdicts),
    ]


def _find_clashes(points: Iterable[EntryPoint]) -> Iterator[Finding]:
    """Yield what the names alone tell: no module is needed for that."""
    core = {(entry.group, entry.name) for entry in BUILTIN}
    core |= {(GROUPS, word) for word in CORE_WORDS}
    claims: Mapping[tuple[str, str], list[EntryPoint]] = collections.defaultdict(list)
    for entry in points:
        if not is_usable(entry) or entry.group == CORE:
            fact = f"the name can't be typed, is reserved, or {entry.value!r} is not module:Class"
            yield _make_finding(entry, "unusable", fact)
        elif (entry.group, entry.name) in core:
            yield _make_finding(entry, "shadowed", "the core has this name, and keeps it")
        # Any number of hooks may be on a command.
        if not is_hook(entry):
            claims[entry.group, entry.name].append(entry)
    for claimed in claims.values():
        if len({entry.value for entry in claimed}) > 1:
            owners = join_owners(claimed)
            for entry in claimed:
                yield _make_finding(entry, "conflict", f"offered by {owners}")


def _find_clashes_of_aliases(registry: Registry, points: Iterable[EntryPoint]) -> Iterator[Finding]:
    """Yield the aliases of groups that lead to another group, or to none."""
    groups = [entry for entry in points if entry.group == GROUPS and is_usable(entry)]
    names = {*CORE_WORDS, *registry.groups}
    claims: Mapping[str, set[str]] = collections.defaultdict(set)
    for entry in groups:
        for alias in _list_aliases(registry, entry):
            claims[alias].add(entry.name)
    for entry in groups:
        for alias in _list_aliases(registry, entry):
            if alias in names:
                yield _make_finding(
                    entry, "shadowed", f"its alias {alias!r} is the name of another"
                )
            elif len(claims[alias]) > 1:
                owners = " and ".join(sorted(claims[alias]))
                yield _make_finding(entry, "conflict", f"{alias!r} is an alias of {owners}")


def _check_each(
    registry: Registry, points: Iterable[EntryPoint], verdicts: Verdicts
) -> Iterator[Finding]:
    for entry in points:
        found = verdicts.get((entry.group, entry.value), ())
        for kind, fact in found:
            yield _make_finding(entry, kind, fact)
        if entry.group == GROUPS and is_usable(entry) and not found:
            # What runs well may still not be readable, and then --help has nothing to show.
            if not {"summary", "api"} <= read_arguments(entry).keys():
                fact = "it is read and not run: write one call with literals"
                yield _make_finding(entry, "missing help", fact)
        elif is_command(entry):
            group = registry.groups.get(entry.group.removeprefix("ampctl."))
            if group is None:
                yield _make_finding(entry, "unreachable", "no distribution declares the group")
                continue
            try:
                group.check_api(entry)
            except PluginError as error:
                yield _make_finding(entry, "wrong api", error.message)


def _list_aliases(registry: Registry, entry: EntryPoint) -> Sequence[str]:
    group = registry.groups.get(entry.name)
    return group.aliases if group else ()


def _make_finding(entry: EntryPoint, kind: str, fact: str) -> Finding:
    return Finding(entry.owner, kind, describe_offer(entry), fact)
