"""The formats of ``-f``: our own, those of plugins, and those that plugins of cliff bring."""

from __future__ import annotations

import argparse
import contextlib
import functools
from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any

from stevedore.extension import Extension, ExtensionManager

from ampctl.console.text import reason_of
from ampctl.discovery.builtin import BUILTIN, FORMATTERS, LIST_FORMATTERS, ONE_FORMATTERS
from ampctl.discovery.commands import choose
from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.loading import load_extension
from ampctl.errors import PluginError, UsageError
from ampctl.settings.options import add_global_options
from ampctl.settings.parser import Parser

_NEEDED = {
    FORMATTERS: ("emit_list", "emit_one"),
    LIST_FORMATTERS: ("add_argument_group", "emit_list"),
    ONE_FORMATTERS: ("add_argument_group", "emit_one"),
}
_OURS = frozenset(entry for entry in BUILTIN if entry.group == FORMATTERS)


class Formatters(ExtensionManager):  # type: ignore[type-arg]  # not generic before 5.5
    """The formats for lists, or those for single records, each loaded when it is asked for.

    Args:
        namespace: the entry-point group of cliff that has such formats.
        offers: the entry points of those that can be used, by their names.
    """

    def __init__(self, namespace: str, offers: Mapping[str, Sequence[EntryPoint]]) -> None:
        super().__init__(namespace)
        self._offers = offers
        self._load = functools.cache(self._load_once)

    def list_entry_points(self) -> list[metadata.EntryPoint]:
        """Return none: those are loaded at once."""
        return []

    def names(self) -> list[str]:
        """Return the names of all, sorted, whether they are loaded or not."""
        return sorted(self._offers)

    def __contains__(self, name: str) -> bool:
        return name in self._offers

    def __getitem__(self, name: str) -> Extension[Any]:
        """Load the one of that name.

        Raises:
            PluginError: it can't be used, or two distributions offer one of that name.
        """
        return self._load(name)

    def _load_once(self, name: str) -> Extension[Any]:
        entry = choose(self._offers[name], name, f"-f {name}")
        assert entry is not None
        return load_formatter(entry)

    def list_foreign(self) -> set[str]:
        """Return the names of those that may have options of their own."""
        return {name for name, offers in self._offers.items() if not _OURS.issuperset(offers)}


class FormatOptions:
    """Adds the options of formats to a parser, when it is known which of them are needed.

    Args:
        formatters: the formats there are.
        default: the one that is used if none is asked for.
    """

    def __init__(self, formatters: Formatters, default: str) -> None:
        self._formatters = formatters
        self._default = default
        self._added: set[str] = set()

    def __call__(self, parser: argparse.ArgumentParser, args: Sequence[str] | None) -> None:
        """Add those of the format that ``args`` ask for; of all formats that work for None."""
        foreign = self._formatters.list_foreign()
        chosen = foreign & self._find_named(args) if foreign and args is not None else foreign
        for name in sorted(chosen - self._added):
            # Imported here: our own formats need no options but those that every parser has.
            from ampctl.output.merging import add_where_free

            self._added.add(name)
            # Where it is asked for it will be loaded again, and what is wrong with it told.
            with contextlib.suppress(PluginError):
                formatter: Any = self._formatters[name].obj
                add_where_free(parser, functools.partial(add_options, formatter))

    def _find_named(self, args: Sequence[str]) -> set[str]:
        if not any(text[:1] == "-" and "f" in text for text in args):
            return {self._default}
        parser = Parser(prog="", add_help=False)
        add_global_options(parser, hidden=True)  # they may stand in one word with -f
        parser.add_argument("-f", "--format")
        with contextlib.suppress(UsageError):
            return {parser.parse_known_args(list(args))[0].format or self._default}
        return set()


def load_formatter(entry: EntryPoint) -> Extension[Any]:
    """Import the class that ``entry`` names, and make a formatter of it.

    Raises:
        PluginError: it can't be loaded or made, it is not a formatter, or its options can't be
            read.
    """
    extension = load_extension(entry, call_with={})
    if missing := [name for name in _NEEDED[entry.group] if not hasattr(extension.obj, name)]:
        reason = f"{entry.value} is not a formatter: it has no {' and no '.join(missing)}"
        raise PluginError(begin_fault(entry) + reason)
    if entry not in _OURS:
        _try_options(entry, extension.obj)
    if entry.dist is not None:
        # Imported here: most people have our own formats only.
        from ampctl.output.foreign import Blamed, ForeignFormatter

        is_cliffs = entry.group != FORMATTERS
        formatter = ForeignFormatter(extension.obj) if is_cliffs else extension.obj
        extension.obj = Blamed(formatter, f"the format {entry.name!r} of {entry.owner}")
    return extension


def _try_options(entry: EntryPoint, formatter: Any) -> None:
    """Find out now what would otherwise fail in the help of every command."""
    try:
        add_options(formatter, argparse.ArgumentParser(add_help=False))
    except (Exception, SystemExit) as error:
        reason = f"the options of {entry.value} can't be read: {reason_of(error)}"
        raise PluginError(begin_fault(entry) + reason) from error


def add_options(formatter: Any, parser: argparse.ArgumentParser) -> None:
    """Add the options of a formatter; one that is not cliff's may go without them."""
    if add := getattr(formatter, "add_argument_group", None):
        add(parser)


def begin_fault(entry: EntryPoint) -> str:
    """Return how the message of a format that can't be used begins."""
    return f"{entry.owner} offers the format {entry.name!r}, but "
