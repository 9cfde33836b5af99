"""The distributions that offer something to ampctl."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Sequence

from ampctl.commands.plugin.findings import (
    WORST_FIRST,
    Finding,
    describe_offer,
    find_faults,
)
from ampctl.discovery.builtin import GROUPS
from ampctl.discovery.entry_points import EntryPoint, normalize_name
from ampctl.discovery.names import is_command, is_format, is_hook
from ampctl.discovery.registry import Registry
from ampctl.errors import UsageError
from ampctl.plugin import Candidate, Source


@dataclasses.dataclass(frozen=True)
class Plugin:
    """One distribution, with what it offers.

    Attributes:
        name, version: of the distribution.
        entry_points: all that it has for ampctl.
        findings: what is wrong with them.
    """

    name: str
    version: str
    entry_points: Sequence[EntryPoint]
    findings: Sequence[Finding]

    @property
    def groups(self) -> list[str]:
        """The groups that it declares."""
        return [entry.name for entry in self.entry_points if entry.group == GROUPS]

    @property
    def commands(self) -> list[str]:
        """Its commands as they are typed."""
        return [describe_offer(entry) for entry in self.entry_points if is_command(entry)]

    @property
    def formats(self) -> list[str]:
        """Its formats; one for lists and for single records has two entry points."""
        return [*dict.fromkeys(entry.name for entry in self.entry_points if is_format(entry))]

    @property
    def hooks(self) -> list[str]:
        """Its hooks, each with the command that it is on."""
        return [describe_offer(entry) for entry in self.entry_points if is_hook(entry)]

    @property
    def state(self) -> str:
        """``ok``, or the kind and the fact of the worst that is known."""
        for kind in WORST_FIRST:
            for finding in self.findings:
                if finding.kind == kind:
                    return f"{kind}: {finding.offer}: {finding.fact}"
        return "ok"


def read_plugins(registry: Registry) -> list[Plugin]:
    """Return all distributions with plugins, sorted by name; this imports what they offer."""
    points = registry.plugins
    owned = collections.defaultdict(list)
    for entry in points:
        owned[entry.owner].append(entry)
    findings = find_faults(registry, points)
    return [
        Plugin(
            name, _read_version(entries), entries, [f for f in findings if f.distribution == name]
        )
        for name, entries in sorted(owned.items())
    ]


def find_plugins(registry: Registry, names: Sequence[str]) -> list[Plugin]:
    """Return the plugins of the distributions ``names``, however they are spelled.

    Raises:
        UsageError: one of them brings nothing to ampctl.
    """
    plugins = {normalize_name(plugin.name): plugin for plugin in read_plugins(registry)}
    for name in names:
        if normalize_name(name) not in plugins:
            raise UsageError(f"no distribution {name!r} brings a plugin", hint="ampctl plugin list")
    return [plugins[normalize_name(name)] for name in names]


def _read_version(entries: Sequence[EntryPoint]) -> str:
    try:
        return str((entries[0].dist and entries[0].dist.metadata["Version"]) or "?")
    except Exception:  # noqa: BLE001 - damaged metadata tell it in many ways
        return "?"


def offer_plugins(registry: Registry) -> Source:
    """Return a source of the names of the distributions."""
    return lambda query: [Candidate(name) for name in sorted({e.owner for e in registry.plugins})]
