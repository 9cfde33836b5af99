"""The commands there are, by their names in the entry points of what is installed.

Nothing is imported to know them; running a command imports the module of that one command.
"""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from importlib import metadata
from importlib.metadata import EntryPoint
from typing import Any, NamedTuple

from cliff.command import Command as CliffCommand
from cliff.commandmanager import CommandManager
from stevedore.named import NamedExtensionManager

from ampctl.errors import PluginError, UsageError
from ampctl.groups import API_VERSION
from ampctl.source import call_arguments, docstring_summary

GROUPS = "ampctl.groups"
FORMATTERS = "ampctl.formatter"

_CORE = (EntryPoint("help", "ampctl.commands.help:Help", "ampctl.core"),)


class Verb(NamedTuple):
    """One command of a group: its name, its other names, and where it is."""

    name: str
    aliases: tuple[str, ...]
    entry_point: EntryPoint

    @property
    def names(self) -> str:
        """All names, the aliases after the name: ``list, ls``."""
        return ", ".join((self.name, *self.aliases))

    @property
    def summary(self) -> str:
        """The first line of the command's docstring."""
        return docstring_summary(self.entry_point)


class Registry(CommandManager):
    """Finds commands without loading any but the one that is to run."""

    def add_command(self, name: str, command_class: type[CliffCommand]) -> None:
        """Do nothing: cliff offers commands of its own here, which ours replace."""

    def groups(self) -> list[str]:
        """Return the names of the command groups, sorted."""
        return sorted({entry.name for entry in listing(GROUPS)} - {entry.name for entry in _CORE})

    def group_summary(self, group: str) -> str:
        """Return the one line that the plugin has for the group."""
        return str(self._declaration(group).get("summary", ""))

    def verbs(self, group: str) -> list[Verb]:
        """Return the commands of ``group``, sorted by name; names of one value are aliases."""
        names: dict[str, list[str]] = {}
        points = {entry.value: entry for entry in listing(f"ampctl.{group}")}
        for entry in listing(f"ampctl.{group}"):
            names.setdefault(entry.value, []).append(entry.name)
        verbs = []
        for value, known in names.items():
            # A module is named after its verb, so the other names are the aliases.
            module = points[value].module.rpartition(".")[2]
            name = module if module in known else min(known)
            verbs.append(Verb(name, tuple(sorted(set(known) - {name})), points[value]))
        return sorted(verbs, key=lambda verb: verb.name)

    def find_command(self, argv: list[str]) -> tuple[type[CliffCommand], str, list[str]]:
        """Return the class, the full name and the remaining words of the command in ``argv``.

        Raises:
            UsageError: there is no such command; the hint names similar ones.
            PluginError: the command can't be loaded, or two plugins claim its name.
        """
        words = _leading_words(argv)
        for entry in _CORE:
            if words[:1] == [entry.name]:
                return load(entry), entry.name, argv[1:]
        if words[0] not in self.groups():
            raise self._unknown(words[:1])
        if len(words) < 2:
            raise UsageError(f"{words[0]!r} needs a verb", hint=f"ampctl {words[0]} --help")
        name = " ".join(words[:2])
        candidates = [entry for entry in listing(f"ampctl.{words[0]}") if entry.name == words[1]]
        if not candidates:
            raise self._unknown(words[:2])
        if len(candidates) > 1:
            owners = " and ".join(sorted(map(distribution_of, candidates)))
            raise PluginError(
                f"{name!r} is offered twice, by {owners}", hint="uninstall one of the two"
            )
        self._check_api(words[0])
        return load(candidates[0]), name, argv[2:]

    def _declaration(self, group: str) -> dict[str, Any]:
        for entry in listing(GROUPS):
            if entry.name == group:
                return call_arguments(entry)
        return {}

    def _check_api(self, group: str) -> None:
        wanted = self._declaration(group).get("api", API_VERSION)
        if wanted != API_VERSION:
            raise PluginError(
                f"the group {group!r} was written for version {wanted} of the plugin contract, "
                f"and this ampctl speaks version {API_VERSION}",
                hint="install a release of the plugin that fits",
            )

    def _unknown(self, words: Sequence[str]) -> UsageError:
        if words[0] == "job" and "job" not in self.groups():
            return UsageError("the job commands are not installed", hint="pip install ampctl-job")
        *group, typed = words
        known = [e.name for e in listing(f"ampctl.{group[0]}")] if group else self._first_words()
        # Imported here: it is only needed when something was mistyped.
        import difflib

        similar = difflib.get_close_matches(typed, known, n=3, cutoff=0.6)
        names = " or ".join(repr(" ".join([*group, name])) for name in similar)
        question = f"; did you mean {names}?" if similar else ""
        page = " ".join(["ampctl", *group, "--help"])
        return UsageError(f"{' '.join(words)!r} is not a command{question}", hint=page)

    def _first_words(self) -> list[str]:
        return [*self.groups(), *(entry.name for entry in _CORE)]


def listing(group: str) -> list[EntryPoint]:
    """Return the entry points of ``group``, each once, without importing what they name."""
    points = _cached(group) if _cached(FORMATTERS) else list(metadata.entry_points(group=group))
    return sorted(set(points))


def load(entry: EntryPoint) -> Any:
    """Import what ``entry`` names.

    Raises:
        PluginError: whatever went wrong in the plugin's own code, naming its distribution.
    """
    try:
        # What a module prints while it is imported is not the answer to any command.
        with contextlib.redirect_stdout(sys.stderr):
            return entry.load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise PluginError(
            f"{distribution_of(entry)} can't be loaded: {type(error).__name__}: {error}",
            hint=f"reinstall or remove it; everything else still works (it offers {entry.value})",
        ) from error


def distribution_of(entry: EntryPoint) -> str:
    """Return the name of the distribution that declares ``entry``, as far as it is known."""
    for distribution in metadata.distributions():
        if entry in distribution.entry_points:
            return str(distribution.metadata["Name"])
    return entry.module.partition(".")[0]


def _cached(group: str) -> list[EntryPoint]:
    """Return what stevedore's cache knows of ``group``; a damaged cache knows nothing."""
    try:
        manager: NamedExtensionManager[Any] = NamedExtensionManager(group, names=[])
        return manager.list_entry_points()
    except Exception:  # noqa: BLE001 - the cache is a file that anything may have happened to
        return []


def _leading_words(argv: Sequence[str]) -> list[str]:
    words = []
    for word in argv:
        if word.startswith("-"):
            break
        words.append(word)
    return words
