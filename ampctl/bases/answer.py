"""What a command answers with: the items that it found, and the table that shows them."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from ampctl.client.batch import Batch
from ampctl.output.screen import Look

T = TypeVar("T")

Pair = tuple[Sequence[str], Iterable[Any]]
"""cliff's answer: the names of the columns, and the rows or the values of the one record."""


class Column(NamedTuple, Generic[T]):
    """One column of a table.

    A cell is a plain value, or a :class:`~ampctl.plugin.Cell` with one form for people and
    another for machines. It is made only where the column is shown.

    Attributes:
        name: snake_case; the same in every format.
        cell: makes the cell of an item. Its second argument is the present moment, an aware
            datetime that ages are counted from.
        member: the name in ``--json`` documents that are made from the table, if it differs.
        values: makes the machine forms of a whole :class:`~ampctl.plugin.Batch` at once, plain
            values without cells. Without it they are made one by one, which is slower only.
        look: how the column gives way in a table that is wider than its terminal.
    """

    name: str
    cell: Callable[[T, datetime.datetime], Any]
    member: str | None = None
    values: Callable[[Batch], Sequence[Any]] | None = None
    look: Look = Look()


class DocumentStream(NamedTuple, Generic[T]):
    """A JSON object with one long list, written while the items of an answer arrive.

    Attributes:
        key: the member that is the list.
        document: makes the list's element of an item.
        documents: makes those of all items of a batch at once, where they come in batches.
        tail: makes the members after the list of the last item; of None if there was no item.
    """

    key: str
    document: Callable[[T], Any]
    tail: Callable[[T | None], Mapping[str, Any]] = lambda last: {}
    documents: Callable[[Sequence[T]], Sequence[Any]] | None = None


class Answer(Generic[T]):
    """What a command found. How it is printed is for the command's base to decide.

    Args:
        items: what the rows are made of: a list, or an iterator that fetches as it goes.
        batches: the same in batches, instead of ``items``: an iterator of sequences, such as
            pages, each of which is written as a whole.
        columns: the table, where it differs from that of the command's class.
        document: what ``--json`` prints: the API's own document, a function that makes one of
            each item, or a :class:`DocumentStream`. Without it the columns make an object of
            each item.
        limit: how many rows of a list are shown, counted after it was sorted; None for all.
        remarks: next steps that a person at a terminal is told after the output. An iterator is
            asked for them only then.
        is_live: whether the items come over time. Each row is then written and flushed at once,
            also in a table; on a terminal the first row decides how wide its columns are.
        is_list: whether a :class:`~ampctl.plugin.ShowOne` prints a list rather than a record, as
            it should where several targets were named, however many of them were found.
    """

    # Not a dataclass: to make one takes longer than all that answers ever do.
    __slots__ = (
        *("batches", "columns", "document", "is_list", "is_live", "items", "limit", "remarks"),
    )

    def __init__(
        self,
        items: Iterable[T] = (),
        *,
        batches: Iterable[Sequence[T]] | None = None,
        columns: Sequence[Column[T]] = (),
        document: Any = None,
        limit: int | None = None,
        remarks: Iterable[str] = (),
        is_live: bool = False,
        is_list: bool = False,
    ) -> None:
        self.items = items if batches is None else itertools.chain.from_iterable(batches)
        self.batches = batches
        self.columns = columns
        self.document = document
        self.limit = limit
        self.remarks = remarks
        self.is_live = is_live
        self.is_list = is_list
