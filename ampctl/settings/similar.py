"""Did you mean …? The one rule for commands, options and values that were mistyped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_CUTOFF = 0.6


def find_similar(
    typed: str,
    known: Iterable[str],
    synonyms: Mapping[str, str] | None = None,
    *,
    count: int = 1,
) -> list[str]:
    """Return what may have been meant, the nearest first; case and leading hyphens don't count.

    Args:
        typed: what is none of ``known``.
        known: what there is.
        synonyms: other words that may be typed, each with what it stands for.
        count: how many to return at most.
    """
    # Imported here: it is only needed when something was mistyped.
    import difflib

    meant = {name: name for name in known}
    for word, name in (synonyms or {}).items():
        meant.setdefault(word, name)
    if typed in meant:
        return [meant[typed]]
    simple: dict[str, str] = {}
    for word, name in meant.items():
        simple.setdefault(_simplify(word), name)
    if _simplify(typed) in simple:
        return [simple[_simplify(typed)]]
    close = difflib.get_close_matches(_simplify(typed), simple, n=count, cutoff=_CUTOFF)
    return list(dict.fromkeys(simple[word] for word in close))


def ask_similar(names: Iterable[str], joint: str = " or ") -> str:
    """Return the end of a message that asks whether one of ``names`` was meant; empty for none."""
    quoted = joint.join(name if name.startswith("-") else repr(name) for name in names)
    return f"; did you mean {quoted}?" if quoted else ""


def suggest_similar(typed: str, known: Iterable[str]) -> str:
    """Return the end of a message about a value that is none of ``known``.

    It is ``; did you mean 'running'?`` for ``runing``, and empty if nothing is similar.
    """
    return ask_similar(find_similar(typed, known))


def _simplify(word: str) -> str:
    return word.lstrip("-").lower()
