"""The commands and formats there are: the core's own, and those that plugins add.

Nothing is imported to know them; running a command imports the module of that one command.
"""

from __future__ import annotations

import collections
import functools
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ampctl.discovery.builtin import (
    BUILTIN,
    CORE,
    CORE_WORDS,
    FORMATTERS,
    GROUPS,
    LIST_FORMATTERS,
    ONE_FORMATTERS,
)
from ampctl.discovery.commands import Group, choose
from ampctl.discovery.entry_points import EntryPoint, Installed
from ampctl.discovery.installed import find_installed, read_entry_points
from ampctl.discovery.names import is_reserved, select_usable
from ampctl.errors import PluginError

if TYPE_CHECKING:
    from cliff.command import Command
    from stevedore.extension import Extension

    from ampctl.discovery.formats import Formatters
    from ampctl.discovery.unknown import UnknownCommandError


class FoundCommand(NamedTuple):
    """A command that was found, and not loaded yet.

    Attributes:
        name: its words, with the group's own name.
        entry_point: where it is.
        arguments: the words after the command's.
    """

    name: str
    entry_point: EntryPoint
    arguments: list[str]

    @property
    def owner(self) -> str:
        """The distribution that brings it."""
        return self.entry_point.owner

    def load(self) -> Any:
        """Import the command's class.

        Raises:
            PluginError: it can't be imported.
        """
        # Imported here, as below: stevedore is not needed to know what there is.
        from ampctl.discovery.loading import load_object

        return load_object(self.entry_point)


class Registry:
    """Finds groups, commands and formats.

    Attributes:
        allowed: the distributions whose plugins count; None for all of them. It is set before
            anything is looked for.
        extra: entry points that count as if they were installed.
    """

    def __init__(
        self, allowed: Collection[str] | None = None, extra: Sequence[EntryPoint] = ()
    ) -> None:
        self.allowed = allowed
        self.extra = extra

    @functools.cached_property
    def plugins(self) -> Sequence[EntryPoint]:
        """What plugins offer and the settings allow, whether it can be used or not."""
        return [*read_entry_points(self._installed), *self.extra]

    @functools.cached_property
    def groups(self) -> Mapping[str, Group]:
        """The command groups by their names, sorted."""
        declared = collections.defaultdict(list)
        for entry in self._list_usable(GROUPS):
            if entry.name not in CORE_WORDS:
                declared[entry.name].append(entry)
        return {
            name: Group(name, declarations, functools.partial(self._read, f"ampctl.{name}"))
            for name, declarations in declared.items()
        }

    @functools.cached_property
    def list_formatters(self) -> Formatters:
        """The formats that ``-f`` takes with commands that list something."""
        return self._make_formatters(LIST_FORMATTERS)

    @functools.cached_property
    def one_formatters(self) -> Formatters:
        """The formats that ``-f`` takes with commands that show one thing."""
        return self._make_formatters(ONE_FORMATTERS)

    def _make_formatters(self, namespace: str) -> Formatters:
        # Imported here: not every command answers with data.
        from ampctl.discovery.formats import Formatters

        offers: dict[str, list[EntryPoint]] = collections.defaultdict(list)
        for entry_group in (FORMATTERS, namespace):
            taken = set(offers)
            for entry in self._list_usable(entry_group):
                if entry.name not in taken:
                    offers[entry.name].append(entry)
        return Formatters(namespace, offers)

    def load_hooks(self, command: Command, name: str) -> list[Extension[Any]]:
        """Return what distributions hang on a command, made for it.

        Args:
            command: the command.
            name: the name of its group and a name of its own, such as ``job list``.

        Raises:
            PluginError: a hook can't be used.
        """
        group, _, verb = name.partition(" ")
        prefix = f"ampctl.{group}."
        if not any(f"[{prefix}" in found.text for found in self._installed) and not any(
            entry.group.startswith(prefix) for entry in self.extra
        ):
            return []
        # Imported here: hardly any command has a hook.
        from ampctl.discovery.hooks import load_hooks

        names = self.groups[group].find_names(verb) if group in self.groups else ()
        points = [entry for name in names for entry in self._read(prefix + name)]
        return load_hooks(points, command)

    def find_group(self, word: str) -> Group | None:
        """Return the group whose name or alias is ``word``.

        Raises:
            PluginError: several groups claim the alias.
        """
        if word in self.groups:
            return self.groups[word]
        found = [group for group in self.groups.values() if word in group.aliases]
        if len(found) > 1:
            names = " and ".join(repr(group.name) for group in found)
            raise PluginError(f"{word!r} is an alias of {names}", hint="use the group's own name")
        return found[0] if found else None

    def find_command(self, argv: Sequence[str]) -> FoundCommand:
        """Return the command that ``argv`` begins with; no word may be abbreviated.

        Raises:
            UnknownCommandError: there is no such command.
            PluginError: two plugins claim its name, or it is for another version of the contract.
        """
        words = [*argv[:2], "", ""]
        own = choose(self._list_usable(CORE), words[0], words[0])
        if own is not None:
            return FoundCommand(own.name, own, list(argv[1:]))
        group = self.find_group(words[0])
        if group is None:
            raise self._explain_unknown(words)
        entry = group.find(words[1])
        if entry is None:
            raise self._explain_unknown(words, group)
        group.check_api(entry)
        return FoundCommand(f"{group.name} {words[1]}", entry, list(argv[2:]))

    def _list_usable(self, entry_group: str) -> tuple[EntryPoint, ...]:
        return select_usable(self._read(entry_group))

    def _read(self, entry_group: str) -> Sequence[EntryPoint]:
        """Return the entry points of one group: the core's own, then those of plugins."""
        own = [entry for entry in BUILTIN if entry.group == entry_group]
        if entry_group == CORE:
            return own
        extra = [entry for entry in self.extra if entry.group == entry_group]
        return [*own, *read_entry_points(self._installed, entry_group), *extra]

    @functools.cached_property
    def _installed(self) -> Sequence[Installed]:
        return find_installed(self.allowed)

    def _explain_unknown(
        self, words: Sequence[str], group: Group | None = None
    ) -> UnknownCommandError:
        # Imported here: it is only needed when something was mistyped.
        from ampctl.discovery import unknown

        if group is not None:
            return unknown.explain_verb(words, group)
        if words[0] == "job":
            return unknown.explain_missing_jobs(self.allowed)
        if (added := self._list_usable(f"ampctl.{words[0]}")) and not is_reserved(words[0]):
            return unknown.explain_undeclared(words[0], added)
        return unknown.explain_word(words, self.groups)
