"""Groups and verbs at the cursor: nothing of a plugin is imported for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ampctl.discovery.builtin import SHOWN_COMMANDS
from ampctl.discovery.commands import Group
from ampctl.discovery.declared import read_summary
from ampctl.discovery.registry import Registry
from ampctl.settings.completing import Candidate

_HELP = Candidate("--help", "show this help and exit")


def complete_command(registry: Registry, words: Sequence[str]) -> list[Candidate]:
    """Return what the last of one or two words may be: a group, a core command, a verb.

    Another name of one is only offered where no name begins like that: what is short to type must
    not make the name longer to complete.
    """
    prefix = words[-1]
    if len(words) == 1:
        names, aliases = _list_first(registry, prefix), _list_aliases(registry, prefix)
    else:
        group = registry.find_group(words[0])
        if group is None:
            return []
        if prefix.startswith("-"):
            return [_HELP]
        names, aliases = _list_verbs(group, prefix), _list_verb_aliases(group, prefix)
    return list(names) or list(aliases)


def _list_first(registry: Registry, prefix: str) -> Iterator[Candidate]:
    # A summary is read from a file, so only those that are shown are read.
    for group in registry.groups.values():
        if group.name.startswith(prefix):
            yield Candidate(group.name, group.summary)
    for entry in SHOWN_COMMANDS:
        if entry.name.startswith(prefix):
            yield Candidate(entry.name, read_summary(entry))


def _list_aliases(registry: Registry, prefix: str) -> Iterator[Candidate]:
    for group in registry.groups.values():
        for alias in group.aliases:
            if alias.startswith(prefix):
                yield Candidate(alias, f"{group.name}: {group.summary}")


def _list_verbs(group: Group, prefix: str) -> Iterator[Candidate]:
    for verb in group.verbs:
        if verb.name.startswith(prefix):
            yield Candidate(verb.name, verb.summary)


def _list_verb_aliases(group: Group, prefix: str) -> Iterator[Candidate]:
    for verb in group.verbs:
        for alias in verb.aliases:
            if alias.startswith(prefix):
                yield Candidate(alias, f"{verb.name}: {verb.summary}")
