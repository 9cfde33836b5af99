"""The commands and formats there are: the core's own, and those that plugins add.

Nothing is imported to know them; running a command imports the module of that one command.
"""

from __future__ import annotations

import collections
import dataclasses
import functools
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from cliff.command import Command as CliffCommand
from cliff.commandmanager import CommandManager

from ampctl.console.text import reason_of
from ampctl.discovery.builtin import BUILTIN, CORE, FORMATTERS, GROUPS
from ampctl.discovery.declared import call_arguments, docstring_summary
from ampctl.discovery.entry_points import EntryPoint, distribution_of, load
from ampctl.discovery.groups import API_VERSION, FIRST_VERSION
from ampctl.discovery.installed import installed
from ampctl.errors import PluginError, UsageError

_WORD = re.compile(r"[a-z0-9][a-z0-9_-]*")
_OBJECT = re.compile(r"\w+(\.\w+)*:\w+(\.\w+)*")
# Entry-point groups with a meaning of their own: a group of commands can't have these names.
_RESERVED = {group.removeprefix("ampctl.") for group in (CORE, GROUPS, FORMATTERS)}


@dataclasses.dataclass(frozen=True)
class Verb:
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
    """Finds commands without loading any but the one that is to run.

    Attributes:
        allowed: the distributions whose plugins count; None for all of them.
        extra: entry points that count as if they were installed.
    """

    allowed: Collection[str] | None = None
    extra: Sequence[EntryPoint] = ()

    def add_command(self, name: str, command_class: type[CliffCommand]) -> None:
        """Do nothing: cliff offers commands of its own here, which ours replace."""

    @functools.cached_property
    def plugins(self) -> Sequence[EntryPoint]:
        """What plugins offer and the settings allow, whether it can be used or not."""
        return [*installed(self.allowed), *self.extra]

    def offers(self, entry_group: str) -> list[EntryPoint]:
        """Return what can be had under ``entry_group``, sorted by name."""
        if entry_group not in self._offers:
            own = [entry for entry in BUILTIN if entry.group == entry_group]
            taken = {entry.name for entry in own}
            added = [] if entry_group == CORE else self._by_group[entry_group]
            free = [entry for entry in added if entry.name not in taken and is_usable(entry)]
            # One value under one name is one thing, whoever declares it.
            offers = {entry[:3]: entry for entry in (*own, *free)}
            self._offers[entry_group] = [offers[key] for key in sorted(offers)]
        return self._offers[entry_group]

    @functools.cached_property
    def _offers(self) -> dict[str, list[EntryPoint]]:
        return {}

    @functools.cached_property
    def _by_group(self) -> Mapping[str, list[EntryPoint]]:
        by_group = collections.defaultdict(list)
        for entry in self.plugins:
            by_group[entry.group].append(entry)
        return by_group

    def groups(self) -> list[str]:
        """Return the names of the command groups, sorted."""
        return sorted(self._groups.keys() - set(self._core_words()))

    def group_named(self, word: str) -> str | None:
        """Return the group whose name or alias is ``word``.

        Raises:
            PluginError: several groups claim the alias.
        """
        groups = self.groups()
        if word in groups:
            return word
        owners = [group for group in groups if word in self.group_aliases(group)]
        if len(owners) > 1:
            names = " and ".join(map(repr, owners))
            raise PluginError(f"{word!r} is an alias of {names}", hint="use the group's own name")
        return owners[0] if owners else None

    def group_summary(self, group: str) -> str:
        """Return the one line that the plugin has for the group."""
        declared = self._declarations(group)
        if len(declared) > 1:
            return f"(declared by {_owners(declared)})"
        return "".join(str(given.get("summary", "")) for given in declared.values())

    def group_aliases(self, group: str) -> tuple[str, ...]:
        """Return the other names of the group."""
        given = [one.get("aliases") for one in self._declarations(group).values()]
        aliases = [alias for one in given if isinstance(one, tuple | list) for alias in one]
        return tuple(alias for alias in aliases if isinstance(alias, str) and is_word(alias))

    def verbs(self, group: str) -> list[Verb]:
        """Return the commands of ``group``, sorted by name; names of one value are aliases."""
        names: dict[str, list[str]] = {}
        points = {entry.value: entry for entry in self.offers(f"ampctl.{group}")}
        for entry in self.offers(f"ampctl.{group}"):
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
        for entry in self.offers(CORE):
            if entry.name == words[0]:
                return load(entry), entry.name, argv[1:]
        group = self.group_named(words[0])
        if group is None:
            raise self._unknown(words[:1])
        if len(words) < 2:
            raise UsageError(f"{words[0]!r} needs a verb", hint=f"ampctl {words[0]} --help")
        chosen = self._only(f"ampctl.{group}", words[1])
        if chosen is None:
            raise self._unknown([group, words[1]])
        self.check_version(chosen)
        return load(chosen), f"{group} {words[1]}", argv[2:]

    def owner_of(self, argv: Sequence[str]) -> str:
        """Return the name of the distribution that brings the command in ``argv``."""
        words = _leading_words(argv)
        group = self.group_named(words[0]) if len(words) > 1 else None
        entry = self._only(f"ampctl.{group}", words[1]) if group else None
        return distribution_of(entry) if entry else "ampctl"

    def find_formatter(self, name: str) -> Any:
        """Return a formatter for ``-f name``.

        Raises:
            PluginError: it can't be loaded or used, or two plugins claim the name.
        """
        entry = self._only(FORMATTERS, name)
        assert entry is not None, "the parser lets only known names through"
        formatter = load(entry)
        if not all(callable(getattr(formatter, name, None)) for name in ("emit_list", "emit_one")):
            raise PluginError(
                f"{distribution_of(entry)} offers the format {name!r}, "
                f"but {entry.value} is no formatter"
            )
        try:
            return formatter()
        except Exception as error:
            raise PluginError(
                f"{distribution_of(entry)} offers the format {name!r}, "
                f"but it can't be made: {reason_of(error)}"
            ) from error

    def check_version(self, entry: EntryPoint) -> None:
        """Refuse a command whose distribution was written for another version of the contract.

        A distribution that adds to a group without declaring it is taken for one of the first
        version.

        Raises:
            PluginError: both versions are named.
        """
        group = entry.group.removeprefix("ampctl.")
        declared = self._declarations(group).items()
        own = [given for point, given in declared if point.dist is entry.dist]
        wanted = own[0].get("api", FIRST_VERSION) if own else FIRST_VERSION
        if wanted != API_VERSION:
            raise PluginError(
                f"{distribution_of(entry)} was written for version {wanted} of the plugin "
                f"contract, and this ampctl speaks version {API_VERSION}",
                hint="install a release of the plugin that fits",
            )

    def _only(self, entry_group: str, name: str) -> EntryPoint | None:
        """Return the one entry point of that name; where plugins disagree, neither wins."""
        found = [entry for entry in self.offers(entry_group) if entry.name == name]
        if len(found) > 1:
            words = f"{entry_group.removeprefix('ampctl.')} {name}"
            raise PluginError(
                f"{words!r} is offered twice, by {_owners(found)}", hint="uninstall one of the two"
            )
        return found[0] if found else None

    def _declarations(self, group: str) -> Mapping[EntryPoint, Mapping[str, Any]]:
        return {entry: call_arguments(entry) for entry in self._groups.get(group, ())}

    @functools.cached_property
    def _groups(self) -> Mapping[str, list[EntryPoint]]:
        groups = collections.defaultdict(list)
        for entry in self.offers(GROUPS):
            groups[entry.name].append(entry)
        return groups

    def _core_words(self) -> list[str]:
        return [entry.name for entry in BUILTIN if entry.group == CORE]

    def _unknown(self, words: Sequence[str]) -> UsageError:
        if words[0] == "job" and "job" not in self.groups():
            return _without_jobs(disallowed=self.allowed is not None)
        *group, typed = words
        known = (
            [entry.name for entry in self.offers(f"ampctl.{group[0]}")]
            if group
            else [*self.groups(), *self._core_words()]
        )
        # Imported here: it is only needed when something was mistyped.
        import difflib

        similar = difflib.get_close_matches(typed, dict.fromkeys(known), n=3, cutoff=0.6)
        names = " or ".join(repr(" ".join([*group, name])) for name in similar)
        question = f"; did you mean {names}?" if similar else ""
        page = " ".join(["ampctl", *group, "--help"])
        return UsageError(f"{' '.join(words)!r} is not a command{question}", hint=page)


def is_word(name: str) -> bool:
    """Whether ``name`` can be typed as one word, and shown as it is."""
    return _WORD.fullmatch(name) is not None


def is_reserved(name: str) -> bool:
    """Whether a group can't have this name, since its entry points would be something else."""
    return name in _RESERVED


def is_usable(entry: EntryPoint) -> bool:
    """Whether an entry point has a name that can be typed and names something."""
    if entry.group == GROUPS and is_reserved(entry.name):
        return False
    return is_word(entry.name) and _OBJECT.fullmatch(entry.value) is not None


def _owners(entries: Collection[EntryPoint]) -> str:
    return " and ".join(sorted({distribution_of(entry) for entry in entries}))


def _without_jobs(*, disallowed: bool) -> UsageError:
    if disallowed:
        return UsageError(
            "the job commands are not allowed", hint="without --no-plugins, or with --plugins"
        )
    return UsageError("the job commands are not installed", hint="pip install ampctl-job")


def _leading_words(argv: Sequence[str]) -> list[str]:
    words = []
    for word in argv:
        if word.startswith("-"):
            break
        words.append(word)
    return words
