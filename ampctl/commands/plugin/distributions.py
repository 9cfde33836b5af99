"""The distributions that offer something to ampctl, and what is wrong with them."""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ampctl.builtin import BUILTIN, CORE, FORMATTERS, GROUPS
from ampctl.commands.plugin.probe import Verdicts, probe
from ampctl.entry_points import EntryPoint, distribution_of
from ampctl.errors import PluginError
from ampctl.registry import Registry, is_usable

_OK = "ok"


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something that is wrong with what a distribution offers.

    Attributes:
        distribution: its name.
        kind: ``broken``, ``shadowed``, ``conflict``, ``wrong api``, ``unusable name``,
            ``reserved option``, ``missing help`` or ``undocumented``.
        offer: what it is about, such as ``worker list`` or ``-f markdown``.
        fact: what is wrong.
    """

    distribution: str
    kind: str
    offer: str
    fact: str


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
        return [offer_of(entry) for entry in self.entry_points if is_command(entry)]

    @property
    def formats(self) -> list[str]:
        """Its formats."""
        return [entry.name for entry in self.entry_points if entry.group == FORMATTERS]

    @property
    def state(self) -> str:
        """``ok``, or the kind and the fact of the worst that is known."""
        for kind in ("broken", "wrong api", "conflict", "shadowed", "unusable name"):
            for finding in self.findings:
                if finding.kind == kind:
                    return f"{kind}: {finding.offer}: {finding.fact}"
        return _OK


def is_command(entry: EntryPoint) -> bool:
    """Whether ``entry`` is a command, and not a group or a format."""
    return entry.group not in (CORE, GROUPS, FORMATTERS)


def offer_of(entry: EntryPoint) -> str:
    """Return what ``entry`` adds, as it is typed."""
    if entry.group == GROUPS:
        return entry.name
    if entry.group == FORMATTERS:
        return f"-f {entry.name}"
    return f"{entry.group.removeprefix('ampctl.')} {entry.name}"


def installed_plugins(registry: Registry) -> list[Plugin]:
    """Return all distributions with plugins, sorted by name; this imports what they offer."""
    points = [entry for entry in registry.plugins if distribution_of(entry) != "ampctl"]
    owned = collections.defaultdict(list)
    for entry in points:
        owned[distribution_of(entry)].append(entry)
    verdicts = probe([entry for entry in points if is_usable(entry)])
    findings = [*_clashes(points), *_faults(registry, points, verdicts)]
    return [
        Plugin(name, _version(entries), entries, [f for f in findings if f.distribution == name])
        for name, entries in sorted(owned.items())
    ]


def plugin_named(registry: Registry, name: str) -> Plugin | None:
    """Return the plugin whose distribution is called ``name``."""
    return next((one for one in installed_plugins(registry) if one.name == name), None)


def _version(entries: Sequence[EntryPoint]) -> str:
    distribution = getattr(entries[0], "dist", None)
    return str(distribution.version) if distribution else "?"


def _clashes(points: Iterable[EntryPoint]) -> Iterator[Finding]:
    """Yield what the names alone tell: no module is needed for that."""
    core = {(entry.group, entry.name) for entry in BUILTIN}
    core |= {(GROUPS, entry.name) for entry in BUILTIN if entry.group == CORE}
    claims: Mapping[tuple[str, str], list[EntryPoint]] = collections.defaultdict(list)
    for entry in points:
        if not is_usable(entry) or entry.group == CORE:
            yield _finding(entry, "unusable name", "it can't be typed, or is reserved")
        elif (entry.group, entry.name) in core:
            yield _finding(entry, "shadowed", "the core has this name, and keeps it")
        claims[entry.group, entry.name].append(entry)
    for claimed in claims.values():
        if len({entry.value for entry in claimed}) > 1:
            owners = " and ".join(sorted({distribution_of(entry) for entry in claimed}))
            for entry in claimed:
                yield _finding(entry, "conflict", f"offered by {owners}")


def _faults(
    registry: Registry, points: Iterable[EntryPoint], verdicts: Verdicts
) -> Iterator[Finding]:
    for entry in points:
        for kind, fact in verdicts.get((entry.group, entry.value), ()):
            yield _finding(entry, kind, fact)
        if is_command(entry):
            try:
                registry.check_version(entry)
            except PluginError as error:
                yield _finding(entry, "wrong api", error.message)


def _finding(entry: EntryPoint, kind: str, fact: str) -> Finding:
    return Finding(distribution_of(entry), kind, offer_of(entry), fact)
