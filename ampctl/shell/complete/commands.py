"""Groups and verbs at the cursor: nothing of a plugin is imported for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ampctl.discovery.builtin import SHOWN_COMMANDS
from ampctl.discovery.commands import Group, Verb
from ampctl.discovery.declared import read_summary
from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.registry import Registry
from ampctl.settings.completing import Candidate

_HELP = Candidate("--help", "show this help and exit")


def complete_command(
    registry: Registry, words: Sequence[str], *, only_reads: bool = False
) -> list[Candidate]:
    """Return what the last of one or two words may be: a group, a core command, a verb.

    Another name of one is only offered where no name begins like that: what is short to type must
    not make the name longer to complete.

    Args:
        registry: the commands there are.
        words: one or two.
        only_reads: whether only commands are wanted that never change anything.
    """
    prefix = words[-1]
    if len(words) == 1:
        groups = [one for one in registry.groups.values() if not only_reads or _has_reader(one)]
        core = () if only_reads else SHOWN_COMMANDS
        names, aliases = _list_first(groups, core, prefix), _list_aliases(groups, prefix)
    else:
        group = registry.find_group(words[0])
        if group is None:
            return []
        if prefix.startswith("-"):
            return [_HELP]
        verbs = [one for one in group.verbs if not only_reads or one.read_facts().only_reads]
        names, aliases = _list_verbs(verbs, prefix), _list_verb_aliases(verbs, prefix)
    return list(names) or list(aliases)


def _has_reader(group: Group) -> bool:
    return any(verb.read_facts().only_reads for verb in group.verbs)


def _list_first(
    groups: Iterable[Group], core: Iterable[EntryPoint], prefix: str
) -> Iterator[Candidate]:
    # A summary is read from a file, so only those that are shown are read.
    for group in groups:
        if group.name.startswith(prefix):
            yield Candidate(group.name, group.summary)
    for entry in core:
        if entry.name.startswith(prefix):
            yield Candidate(entry.name, read_summary(entry))


def _list_aliases(groups: Iterable[Group], prefix: str) -> Iterator[Candidate]:
    for group in groups:
        for alias in group.aliases:
            if alias.startswith(prefix):
                yield Candidate(alias, f"{group.name}: {group.summary}")


def _list_verbs(verbs: Iterable[Verb], prefix: str) -> Iterator[Candidate]:
    for verb in verbs:
        if verb.name.startswith(prefix):
            yield Candidate(verb.name, verb.summary)


def _list_verb_aliases(verbs: Iterable[Verb], prefix: str) -> Iterator[Candidate]:
    for verb in verbs:
        for alias in verb.aliases:
            if alias.startswith(prefix):
                yield Candidate(alias, f"{verb.name}: {verb.summary}")
