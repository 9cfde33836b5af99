"""Command groups and their verbs: what is known of them without importing any."""

from __future__ import annotations

import collections
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ampctl.discovery.declared import Facts, read_arguments, read_facts
from ampctl.discovery.entry_points import EntryPoint, read_distribution_summary
from ampctl.discovery.groups import API_VERSION, FIRST_VERSION
from ampctl.discovery.names import is_usable, is_word, select_usable
from ampctl.errors import PluginError


class Verb(NamedTuple):
    """One command of a group: its name, its other names, and where it is."""

    name: str
    aliases: tuple[str, ...]
    entry_point: EntryPoint

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the aliases after the name."""
        return (self.name, *self.aliases)

    @property
    def summary(self) -> str:
        """The first line of the command's docstring; empty if it can't be read."""
        return self.read_facts().summary

    def read_facts(self) -> Facts:
        """Return what the command's class says of itself, which is read from its source."""
        return read_facts(self.entry_point)


class Group:
    """A command group: who declares it, and the commands that anyone adds to it.

    Args:
        read: gives all that is declared as a command of it; asked once, and only if it matters.

    Attributes:
        name: as it is typed.
        declarations: the entry points that declare it; several if distributions disagree.
    """

    def __init__(
        self,
        name: str,
        declarations: Sequence[EntryPoint],
        read: Callable[[], Sequence[EntryPoint]],
    ) -> None:
        self.name = name
        self.declarations = declarations
        self._read = read

    @property
    def is_disputed(self) -> bool:
        """Whether several distributions declare it, each in its own way."""
        return len(self.declarations) > 1

    @property
    def owners(self) -> str:
        """The distributions that declare it: ``ampctl-job``, or ``one and two``."""
        return join_owners(self.declarations)

    @property
    def summary(self) -> str:
        """Its line in the help; empty if it is disputed.

        Where its declaration can't be read it is the summary of the distribution.
        """
        if self.is_disputed:
            return ""
        ((entry, said),) = self._said.items()
        return str(said.get("summary") or read_distribution_summary(entry.dist))

    @functools.cached_property
    def entry_points(self) -> Sequence[EntryPoint]:
        """All that is declared as a command of it."""
        return self._read()

    @functools.cached_property
    def aliases(self) -> tuple[str, ...]:
        """Its other names."""
        given = [said.get("aliases") for said in self._said.values()]
        aliases = [alias for one in given if isinstance(one, tuple | list) for alias in one]
        return tuple(alias for alias in aliases if isinstance(alias, str) and is_word(alias))

    @functools.cached_property
    def synonyms(self) -> Mapping[str, str]:
        """Words that people type for a verb of it, each with that verb; empty if it is disputed."""
        names = {entry.name for entry in self.offers}
        (*_, said) = self._said.values()
        given = said.get("synonyms")
        if self.is_disputed or not isinstance(given, dict):
            return {}
        return {
            word: verb
            for verb, words in given.items()
            if verb in names and isinstance(words, tuple | list)
            for word in words
            if isinstance(word, str) and word not in names
        }

    @functools.cached_property
    def offers(self) -> tuple[EntryPoint, ...]:
        """Its commands by all their names, sorted by name.

        What the distribution that declares the group offers is that one's alone. Disputed names are
        among them.
        """
        usable = select_usable(self.entry_points)
        owned = {entry.name for entry in usable if self.owns(entry)}
        return tuple(entry for entry in usable if entry.name not in owned or self.owns(entry))

    def owns(self, entry: EntryPoint) -> bool:
        """Whether a command is of the one distribution that declares the group."""
        return not self.is_disputed and entry.dist is self.declarations[0].dist

    @functools.cached_property
    def disputed_names(self) -> frozenset[str]:
        """The names that several distributions offer, so that none of them can be used."""
        counts = collections.Counter(entry.name for entry in self.offers)
        return frozenset(name for name, count in counts.items() if count > 1)

    @functools.cached_property
    def verbs(self) -> tuple[Verb, ...]:
        """Its commands without disputed ones, sorted by name; names of one value are aliases."""
        names: dict[str, list[str]] = {}
        offers = [entry for entry in self.offers if entry.name not in self.disputed_names]
        for entry in offers:
            names.setdefault(entry.value, []).append(entry.name)
        points = {entry.value: entry for entry in offers}
        verbs = [_make_verb(points[value], known) for value, known in names.items()]
        return tuple(sorted(verbs, key=lambda verb: verb.name))

    def find(self, name: str) -> EntryPoint | None:
        """Return the entry point of the command ``name``, if there is one.

        Raises:
            PluginError: distributions disagree about it; none of them wins.
        """
        return choose(self.offers, name, f"{self.name} {name}")

    def find_names(self, name: str) -> tuple[str, ...]:
        """Return all names of the verb that has the name ``name``."""
        return next((verb.names for verb in self.verbs if name in verb.names), ())

    def api_of(self, entry: EntryPoint) -> str:
        """Return the version of the plugin contract that the distribution of ``entry`` speaks.

        One that adds to a group without declaring it is treated as one of the first version.
        """
        for declaration, said in self._said.items():
            if declaration.dist is entry.dist:
                return str(said.get("api", FIRST_VERSION))
        return FIRST_VERSION

    def check_api(self, entry: EntryPoint) -> None:
        """Refuse a command whose distribution was written for another version of the contract.

        Raises:
            PluginError: it names both versions.
        """
        if (version := self.api_of(entry)) != API_VERSION:
            raise PluginError(
                f"{entry.owner} was written for version {version} of the plugin "
                f"contract, and this ampctl speaks version {API_VERSION}",
                hint="install a release of the plugin that fits",
            )

    def list_lost(self) -> list[EntryPoint]:
        """Return the commands whose names the distribution that declares the group has itself."""
        usable, offers = select_usable(self.entry_points), set(self.offers)
        return [entry for entry in usable if entry not in offers]

    def list_unusable(self) -> Iterator[tuple[EntryPoint, str]]:
        """Yield each command that can't be used, and why."""
        lost = set(self.list_lost())
        for entry in self.entry_points:
            if not is_usable(entry):
                yield entry, "not one word for module:Class"
            elif entry.name in self.disputed_names:
                rivals = [one for one in self.offers if one.name == entry.name]
                yield entry, f"offered by {join_owners(rivals)}"
            elif entry in lost:
                yield entry, f"{self.owners} declares the group, and has one of that name"
            elif (version := self.api_of(entry)) != API_VERSION:
                yield entry, f"written for version {version} of the plugin contract"

    @functools.cached_property
    def _said(self) -> Mapping[EntryPoint, Mapping[str, Any]]:
        return {entry: read_arguments(entry) for entry in self.declarations}


def _make_verb(entry: EntryPoint, names: list[str]) -> Verb:
    # A module is named after its verb, so the other names are the aliases.
    module = entry.module.rpartition(".")[2]
    name = module if module in names else min(names)
    return Verb(name, tuple(sorted(set(names) - {name})), entry)


def choose(offers: Iterable[EntryPoint], name: str, typed: str) -> EntryPoint | None:
    """Return the one of ``offers`` with that name.

    Raises:
        PluginError: there are several, and none of them wins.
    """
    found = [entry for entry in offers if entry.name == name]
    if len(found) > 1:
        raise PluginError(
            f"{typed!r} is offered twice, by {join_owners(found)}",
            hint="--plugins with the one that you mean, or uninstall the other",
        )
    return found[0] if found else None


def join_owners(entries: Iterable[EntryPoint]) -> str:
    """Return the names of the distributions of ``entries``, joined by ``and``."""
    return " and ".join(sorted({entry.owner for entry in entries}))
