"""Which entry points can be used."""

from __future__ import annotations

import re
from collections.abc import Collection

from ampctl.discovery.builtin import (
    CORE,
    FORMATTERS,
    GROUPS,
    LIST_FORMATTERS,
    ONE_FORMATTERS,
)
from ampctl.discovery.entry_points import EntryPoint

_WORD = re.compile(r"[a-z0-9][a-z0-9_-]*")
_OBJECT = re.compile(r"\w+(\.\w+)*:\w+(\.\w+)*")
# Entry-point groups with a meaning of their own: a group of commands can't have these names.
_RESERVED = {group.removeprefix("ampctl.") for group in (CORE, GROUPS, FORMATTERS)}


def is_word(name: str) -> bool:
    """Whether ``name`` can be typed as one word, and shown as it is."""
    return _WORD.fullmatch(name) is not None


def is_reserved(name: str) -> bool:
    """Whether a group can't have this name, since its entry points would be something else."""
    return name in _RESERVED


def is_object(value: str) -> bool:
    """Whether ``value`` is ``module:attribute``."""
    return _OBJECT.fullmatch(value) is not None


def is_format(entry: EntryPoint) -> bool:
    """Whether ``entry`` is a format."""
    return entry.group in (FORMATTERS, LIST_FORMATTERS, ONE_FORMATTERS)


def is_hook(entry: EntryPoint) -> bool:
    """Whether ``entry`` is a hook on a command: its group is ``ampctl.GROUP.VERB``."""
    return entry.group.count(".") == 2 and not is_format(entry)


def is_command(entry: EntryPoint) -> bool:
    """Whether ``entry`` is a command of a group."""
    return entry.group not in (CORE, GROUPS) and not is_format(entry) and not is_hook(entry)


def is_usable(entry: EntryPoint) -> bool:
    """Whether an entry point has a name that can be typed and a value that names an object."""
    if entry.group == GROUPS and is_reserved(entry.name):
        return False
    return is_word(entry.name) and is_object(entry.value)


def select_usable(entries: Collection[EntryPoint]) -> tuple[EntryPoint, ...]:
    """Return those of one group that can be used, sorted by name.

    The core's own, which have no distribution, can't be replaced.
    """
    kept = {entry.name for entry in entries if entry.dist is None}
    usable = [
        entry
        for entry in entries
        if entry.dist is None or (entry.name not in kept and is_usable(entry))
    ]
    # The same value under the same name is one command, even if several distributions declare it.
    offers = {entry[:3]: entry for entry in usable}
    return tuple(offers[key] for key in sorted(offers))
