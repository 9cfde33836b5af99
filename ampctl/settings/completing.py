"""What may be typed where an argument stands: candidates, and the sources that offer them."""

from __future__ import annotations

import argparse
import functools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime

    from ampctl.client import AdminClient


class Candidate(NamedTuple):
    """One value that is offered.

    Attributes:
        text: the value in full, as it would be typed.
        hint: what it means, in a few words; it is only shown.
    """

    text: str
    hint: str = ""


class CompletionQuery:
    """What a source is asked.

    Args:
        prefix: what was typed of the value.
        words: the words before it, those that name the command left out.
        limit: how many candidates are of use.
        now: the present moment, in UTC.
        connect: makes the client.

    Attributes:
        prefix, words, limit, now: as above.
    """

    def __init__(
        self,
        prefix: str,
        words: Sequence[str],
        *,
        limit: int,
        now: datetime.datetime,
        connect: Callable[[], AdminClient],
    ) -> None:
        self.prefix = prefix
        self.words = words
        self.limit = limit
        self.now = now
        self._connect = connect

    @functools.cached_property
    def client(self) -> AdminClient:
        """A client of the Admin API that the line names; made when first asked for.

        It tries nothing twice, and gives up in time: what comes too late is not offered.
        """
        return self._connect()


Source = Callable[[CompletionQuery], Iterable[Candidate]]
"""Offers candidates. Those that don't begin with what was typed are left out afterwards.

Whatever it raises means that nothing is offered, and whatever it prints is not seen.
"""


def completes(action: argparse.Action, source: Source) -> None:
    """Let a source offer the values of an argument, instead of its choices.

    Args:
        action: what ``add_argument`` returned.
        source: asked when someone completes a value.
    """
    action.completes = source  # type: ignore[attr-defined]


def source_of(action: argparse.Action) -> Source | None:
    """Return the source of an argument's values, if it has one."""
    source: Source | None = getattr(action, "completes", None)
    return source


def offer(texts: Iterable[str]) -> Source:
    """Return a source of values that are known beforehand."""
    candidates = [Candidate(text) for text in texts]
    return lambda query: candidates


def offer_list(texts: Sequence[str]) -> Source:
    """Return a source of values that are known beforehand, and may be joined by commas."""

    def complete_last(query: CompletionQuery) -> Iterable[Candidate]:
        *typed, _ = query.prefix.split(",")
        begun = "".join(f"{text}," for text in typed)
        return [Candidate(begun + text) for text in texts if text not in typed]

    return complete_last
