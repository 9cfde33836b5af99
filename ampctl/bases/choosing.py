"""Which columns are asked for, by names in any spelling that cliff takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ampctl.bases.answer import Column
from ampctl.errors import UsageError
from ampctl.settings.similar import suggest_similar


class UnknownColumn(UsageError, ValueError):
    """There is no column of a name that was asked for; cliff raises a ValueError then."""


def choose_columns(
    table: Sequence[Column[Any]], shown: Sequence[str], sorted_by: Sequence[str]
) -> list[Column[Any]]:
    """Return the columns whose cells are needed, those to be shown first and in that order.

    Args:
        table: the columns there are.
        shown: the names asked for, as they were typed; all columns if there is none.
        sorted_by: the names to sort by; those to be shown may be among them.

    Raises:
        UsageError: there is no column of that name.
    """
    names = [column.name for column in table]
    check_names([*shown, *sorted_by], names)
    asked = find_names(shown, names) if shown else range(len(table))
    return [table[index] for index in dict.fromkeys([*asked, *find_names(sorted_by, names)])]


def check_names(asked: Iterable[str], known: Sequence[str]) -> None:
    """Refuse a column that does not exist.

    Raises:
        UnknownColumn: one of the names ``asked`` for is not ``known``.
    """
    spelled = set(map(normalize_name, known))
    for name in asked:
        if normalize_name(name) not in spelled:
            nearest = suggest_similar(name, known)
            known_names = ", ".join(known)
            raise UnknownColumn(f"there is no column {name!r}; there are {known_names}{nearest}")


def find_names(asked: Iterable[str], known: Sequence[str]) -> list[int]:
    """Return which of the ``known`` columns are asked for, in that order; all are known.

    A name that is spelled exactly as one of them is that one.
    """
    spelled = list(map(normalize_name, known))
    return [
        known.index(name) if name in known else spelled.index(normalize_name(name))
        for name in asked
    ]


def normalize_name(typed: str) -> str:
    """Return a column's name in the spelling of tables, as cliff understands it."""
    return typed.lower().strip().replace(" ", "_")
