"""The registry in the form that cliff's own classes work with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cliff import commandmanager

from ampctl.discovery.builtin import CORE, CORE_WORDS
from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.registry import FoundCommand, Registry

_HOOKS = "ampctl.hook"


class LazyCommand(commandmanager.EntryPointWrapper):
    """A command by its words, found and imported by :meth:`load`."""

    def __init__(self, registry: Registry, *words: str) -> None:
        self.name = " ".join(words)
        self._registry = registry
        self._words = words

    def load(self) -> Any:
        """Return the command's class; raise a PluginError if it can't be used."""
        return self._find().load()

    @property
    def value(self) -> str:
        """Where the command is, as ``module:Class``."""
        return self._find().entry_point.value

    def _find(self) -> FoundCommand:
        return self._registry.find_command(self._words)


class AddedCommand(FoundCommand):
    """A command that is there already, since it was added by ``add_command``."""

    added: Any

    @classmethod
    def make(cls, name: str, added: Any, arguments: list[str]) -> AddedCommand:
        """Return the command ``name``, for which ``added`` was added."""
        found = cls(name, EntryPoint(name, getattr(added, "value", "?"), ""), arguments)
        found.added = added
        return found

    def load(self) -> Any:
        """Return what was added."""
        return self.added.load()


class CommandManager(commandmanager.CommandManager):
    """cliff's command manager over a registry.

    It keeps cliff's contract: commands are known by their joined words, ``add_command`` adds one
    that wins over what is installed, and what is unknown is a ValueError. It differs in two
    things: no word may be abbreviated, and nothing is imported before it is chosen.

    Args:
        registry: what is installed; read when it is first asked.
        convert_underscores: whether ``run_all`` is typed as two words.
        ignored_modules: modules whose commands don't count where ``load_commands`` is called.
    """

    def __init__(
        self,
        registry: Registry,
        convert_underscores: bool = False,
        *,
        ignored_modules: Iterable[str] | None = None,
    ) -> None:
        super().__init__("", convert_underscores, ignored_modules=ignored_modules)
        # Only hooks of commands are looked for here: cliff adds the words of the command to it.
        self.namespace = _HOOKS
        self.registry = registry

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        """Yield the name of each command and an object that loads it."""
        return iter({**self._list_installed(), **self.commands}.items())

    def find_command(self, argv: list[str]) -> tuple[Any, str, list[str]]:
        """Return the class, the name as it was typed and the remaining words.

        Raises:
            ValueError: there is no such command.
            PluginError: it can't be used.
        """
        commands = dict(self)
        for count in range(self._get_last_possible_command_index(argv), 0, -1):
            typed = " ".join(argv[:count])
            name = self._legacy.get(typed, typed)
            if name in commands:
                return commands[name].load(), typed, argv[count:]
        # It may still begin with an alias of a group; if not, this tells of similar names.
        found = self.registry.find_command(argv)
        return found.load(), found.name, found.arguments

    def find_added(self, argv: Sequence[str]) -> FoundCommand | None:
        """Return the command that ``add_command`` added and that ``argv`` begins with, if any.

        cliff adds two of its own, which are not used.
        """
        added = [name for name in self.commands if name not in CORE_WORDS]
        for name in sorted(added, key=len, reverse=True) if added else ():
            words = name.split(" ")
            if list(argv[: len(words)]) == words:
                return AddedCommand.make(name, self.commands[name], list(argv[len(words) :]))
        return None

    def get_command_groups(self) -> list[str]:
        """Return the entry-point groups that have commands."""
        groups = [f"ampctl.{group}" for group in self.registry.groups]
        return [CORE, *groups, *self.group_list]

    def get_command_names(self, group: str | None = None) -> list[str]:
        """Return the names of all commands, or of those of one entry-point group."""
        if group is None:
            return [name for name, _ in self]
        if group in self.group_list:
            return super().get_command_names(group)
        return list(self._list_installed(group))

    def _list_installed(self, entry_group: str | None = None) -> dict[str, LazyCommand]:
        own = [(CORE, (word,)) for word in CORE_WORDS]
        added = [
            (entry.group, (group.name, entry.name))
            for group in self.registry.groups.values()
            for entry in group.offers
        ]
        commands = [
            LazyCommand(self.registry, *words)
            for owner, words in (*own, *added)
            if entry_group in (None, owner)
        ]
        return {self._join(command.name): command for command in commands}

    def _join(self, name: str) -> str:
        return name.replace("_", " ") if self.convert_underscores else name
