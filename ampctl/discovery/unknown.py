"""What a person is told who typed words that are not a command."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from ampctl.discovery.builtin import SHOWN_COMMANDS
from ampctl.discovery.commands import Group, join_owners
from ampctl.discovery.entry_points import EntryPoint
from ampctl.errors import UsageError
from ampctl.settings.similar import ask_similar, find_similar

# What a person may type who expects a command there.
_FOR_OPTIONS = {"version": "--version", "login": "--auth-token"}
# What other programs call that which a group is about.
_ELSEWHERE = {
    **dict.fromkeys(("container", "containers", "pod", "pods"), "job"),
    **dict.fromkeys(("node", "nodes"), "worker"),
}
# With this one kubectl lists what is named in the plural.
_LISTS = "get"
# The nearest command to this one removes jobs.
_CLEARS = "clear"
_MOST = 3


class UnknownCommandError(UsageError, ValueError):
    """The words are not a command; the message names similar ones.

    cliff's own classes expect a ValueError here.
    """


def explain_word(words: Sequence[str], groups: Mapping[str, Group]) -> UnknownCommandError:
    """Return the error for words of which the first is neither a group nor one of the core.

    Args:
        words: two at least; the second may be empty.
        groups: the groups there are, by their names.
    """
    typed, following = words[:2]
    if typed == _CLEARS:
        return _make_error(typed, (), "Ctrl-L, which clears the screen of the shell")
    by_word = _list_by_word(groups.values())
    # Who leaves out the group should not be sent to another one that is merely spelled alike.
    similar = _rearrange(words, groups)
    if not similar and typed in by_word:
        similar = by_word.get(following, by_word[typed]) if typed == _LISTS else by_word[typed]
    elif not similar:
        aliases = {alias: group.name for group in groups.values() for alias in group.aliases}
        words = [entry.name for entry in SHOWN_COMMANDS]
        known, synonyms = [*groups, *words], {**aliases, **_FOR_OPTIONS}
        similar = find_similar(typed, known, synonyms, count=_MOST)
        for word in () if similar else find_similar(typed, by_word):
            similar = by_word[word]
    return _make_error(typed, similar[:_MOST], "ampctl --help")


def explain_verb(words: Sequence[str], group: Group) -> UnknownCommandError:
    """Return the error for words that begin with ``group``, and go on without a verb of it."""
    word, typed = words[:2]
    if not typed or typed.startswith("-"):
        return UnknownCommandError(f"{word!r} needs a verb", hint=f"ampctl {word} --help")
    names = find_similar(typed, (), {"help": "--help", **_list_words(group)}, count=_MOST)
    similar = [f"{group.name} {name}" for name in names]
    return _make_error(f"{group.name} {typed}", similar, f"ampctl {group.name} --help")


def explain_missing_jobs(allowed: Collection[str] | None) -> UnknownCommandError:
    """Return the error for ``job`` where there is no such group.

    Args:
        allowed: the distributions whose plugins count; None for all of them.
    """
    if allowed is not None:
        return UnknownCommandError(
            "the job commands are not among the plugins that are allowed",
            setting="plugins" if allowed else "no_plugins",
        )
    return UnknownCommandError("the job commands are not installed", hint="pip install ampctl-job")


def explain_undeclared(word: str, added: Sequence[EntryPoint]) -> UnknownCommandError:
    """Return the error for a group that has commands, and that no distribution declares.

    Args:
        word: the group.
        added: its commands.
    """
    package = added[0].module.partition(".")[0]
    return UnknownCommandError(
        f"no distribution declares the group {word!r}, for which {join_owners(added)} has commands",
        hint=f"in its entry points under [ampctl.groups]: {word} = {package}:group",
    )


def _rearrange(words: Sequence[str], groups: Mapping[str, Group]) -> list[str]:
    """Return what is meant by a verb before its group, or by the noun of another program.

    Such are ``describe job``, ``get nodes`` and ``container ls``.
    """
    nouns = {alias: group for group in groups.values() for alias in group.aliases}
    nouns |= {word: groups[name] for word, name in _ELSEWHERE.items() if name in groups}
    for verb, noun in (words[:2], words[1::-1]):
        group = groups.get(noun) or nouns.get(noun)
        verbs = _list_words(group) if group else {}
        if group and verb in verbs:
            lists = verb == _LISTS and noun in nouns and "list" in verbs
            return [f"{group.name} {'list' if lists else verbs[verb]}"]
    return []


def _list_by_word(groups: Iterable[Group]) -> Mapping[str, list[str]]:
    """Return the commands of all groups by what may be typed for them without the group."""
    found: dict[str, list[str]] = {}
    for group in groups:
        for word, verb in _list_words(group).items():
            found.setdefault(word, []).append(f"{group.name} {verb}")
    return found


def _list_words(group: Group) -> Mapping[str, str]:
    """Return the verbs of a group by their names, aliases and synonyms."""
    names = {name: verb.name for verb in group.verbs for name in verb.names}
    return {**names, **{word: names[verb] for word, verb in group.synonyms.items()}}


def _make_error(typed: str, similar: Iterable[str], hint: str) -> UnknownCommandError:
    return UnknownCommandError(f"{typed!r} is not a command{ask_similar(similar)}", hint=hint)
