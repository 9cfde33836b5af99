"""What a command answers with: rows for the formats, documents for ``--json``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")


class StreamedDocument(NamedTuple):
    """A JSON object with one long list, written as the list's members arrive.

    Attributes:
        key: the member that is the list.
        items: the members of the list.
        tail: gives the other members of the object, once all items were taken.
    """

    key: str
    items: Iterable[Any]
    tail: Callable[[], dict[str, Any]] = dict


class Records(Generic[T]):
    """Rows for the formats, and documents for ``--json``, of the same items.

    Only one of the two is asked for, so ``items`` may be a generator that sends requests.

    Args:
        items: what is to be shown.
        row: makes the cells of one item.
        documents: makes the API's own documents; each is printed on a line.
    """

    def __init__(
        self,
        items: Iterable[T],
        row: Callable[[T], Sequence[Any]],
        documents: Callable[[Iterable[T]], Iterable[Any]],
    ) -> None:
        self.items = items
        self.row = row
        self.documents = documents

    def __iter__(self) -> Iterator[Sequence[Any]]:
        return map(self.row, self.items)
