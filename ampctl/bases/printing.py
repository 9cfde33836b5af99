"""From an answer to rows and documents: the one place that decides what is computed and shown."""

from __future__ import annotations

import argparse
import contextlib
import datetime
import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

from cliff.columns import FormattableColumn

from ampctl.bases.answer import Answer, Column, DocumentStream
from ampctl.bases.choosing import find_names
from ampctl.client.batch import Batch
from ampctl.errors import ClosedPipe, Terminated
from ampctl.output.document import write_document, write_stream
from ampctl.output.screen import Screen
from ampctl.output.sorting import sort_rows
from ampctl.output.values import plain

if TYPE_CHECKING:
    from ampctl.bases.hosted import Application

T = TypeVar("T")

Row = Sequence[Any]

# One document for all rows of a command that returned cliff's pair.
_LIST_OF_RECORDS = object()


def make_screen(
    columns: Iterable[Column[Any]], environ: Mapping[str, str], *, has_color: bool
) -> Screen:
    """Return what a table has to know of the terminal that it is drawn on.

    A table fits to the width in the runtime's environment; the process may have another one.
    """
    return Screen(environ, {column.name: column.look for column in columns}, has_color)


def as_answer(returned: Any, stdout: TextIO, *, is_list: bool) -> Answer[Any]:
    """Return what a command returned as an answer.

    Args:
        returned: an :class:`Answer`, or cliff's pair of column names and values.
        stdout: where it is printed; it is flushed after each item of one that is live.
        is_list: whether the values are rows, and not those of the one record.

    Raises:
        TypeError: it is neither.
    """
    if isinstance(returned, Answer):
        if returned.is_live:
            returned.items = _flush_after_each(returned.items, stdout)
        return returned
    try:
        names, values = returned
    except (TypeError, ValueError):
        kind = type(returned).__name__
        raise TypeError(f"take_action returned a {kind} instead of an Answer") from None
    columns = [Column(name, _pick(index)) for index, name in enumerate(names)]
    rows = check_rows(values if is_list else [tuple(values)], len(columns))
    return Answer(rows, columns=columns, document=_LIST_OF_RECORDS if is_list else None)


def _flush_after_each(items: Iterable[T], stdout: TextIO) -> Iterator[T]:
    for item in items:
        yield item
        # It is written by now, and the next one may take long.
        stdout.flush()


def _pick(index: int) -> Callable[[Row, datetime.datetime], Any]:
    return lambda row, now: row[index]


def check_rows(rows: Iterable[Row], width: int) -> Iterator[Row]:
    """Yield the rows; one that does not fit the columns would be cut off silently.

    Raises:
        TypeError, ValueError: a row is not a sequence of ``width`` values.
    """
    for row in rows:
        if isinstance(row, (str, dict)):
            raise TypeError(f"a row is a {type(row).__name__}, not a sequence of values")
        if len(row) != width:
            raise ValueError(f"a row of {len(row)} values for {width} columns")
        yield row


def make_rows(
    answer: Answer[Any],
    columns: Sequence[Column[Any]],
    clock: Callable[[], datetime.datetime],
    warn: Callable[[str], None],
) -> Iterator[list[Any]]:
    """Yield a row of cells for each item, and warn if the items break off after some rows.

    Args:
        answer: what a command found.
        columns: those whose cells are needed.
        clock: tells the moment that ages are counted from, one for all rows unless they are live.
        warn: says it.
    """
    cells = [column.cell for column in columns]
    moments = iter(clock, None) if answer.is_live else itertools.repeat(clock())
    timed = zip(answer.items, moments, strict=False)
    return warn_of_break(([cell(item, now) for cell in cells] for item, now in timed), warn)


def order_rows(
    parsed_args: argparse.Namespace, names: Sequence[str], rows: Iterable[Row]
) -> Iterable[Row]:
    """Return the rows in the order that ``--sort-column`` asks for."""
    if not parsed_args.sort_columns:
        return rows
    indexes = find_names(parsed_args.sort_columns, names)
    return sort_rows(rows, indexes, descending=parsed_args.sort_direction == "desc")


def make_columns(
    batches: Iterable[Sequence[Any]],
    columns: Sequence[Column[Any]],
    now: datetime.datetime,
    warn: Callable[[str], None],
) -> Iterator[list[Sequence[Any]]]:
    """Yield the columns of plain values of each batch; warns as :func:`make_rows` does."""
    return (
        [_make_column(batch, column, now) for column in columns]
        for batch in warn_of_break(batches, warn, count_of=len)
    )


def _make_column(
    batch: Sequence[Any], column: Column[Any], now: datetime.datetime
) -> Sequence[Any]:
    if column.values is not None and isinstance(batch, Batch):
        return column.values(batch)
    return [plain(column.cell(item, now)) for item in batch]


def warn_of_break(
    items: Iterable[T], warn: Callable[[str], None], count_of: Callable[[T], int] = lambda item: 1
) -> Iterator[T]:
    """Yield the items, and warn if they break off after some of them.

    Args:
        items: rows, or batches of them.
        warn: says it.
        count_of: how many rows an item is.
    """
    count = 0
    try:
        for item in items:
            yield item
            count += count_of(item)
    except (KeyboardInterrupt, Terminated, GeneratorExit, ClosedPipe):
        raise
    except BaseException:
        if count:
            rows = "1 row" if count == 1 else f"{count:,} rows"
            warn(f"this is not everything: it broke off after {rows}")
        raise


def write_documents(
    stdout: TextIO,
    answer: Answer[Any],
    columns: Sequence[Column[Any]],
    now: datetime.datetime,
    warn: Callable[[str], None],
) -> None:
    """Write what ``--json`` prints of an answer, with documents of ``columns`` if need be."""
    document = answer.document
    if isinstance(document, DocumentStream):
        _write_stream(stdout, document, answer, warn)
        return
    items = warn_of_break(answer.items, warn)
    if document is _LIST_OF_RECORDS:
        write_document(stdout, [_record(columns, item, now) for item in items])
    elif document is None or callable(document):
        for item in items:
            write_document(stdout, document(item) if document else _record(columns, item, now))
    else:
        write_document(stdout, document)


def _write_stream(
    stdout: TextIO, stream: DocumentStream[Any], answer: Answer[Any], warn: Callable[[str], None]
) -> None:
    batches = answer.batches
    if batches is None:
        batches = ([item] for item in answer.items)
    last: Sequence[Any] = ()

    def take_documents() -> Iterator[Sequence[Any]]:
        nonlocal last
        for batch in warn_of_break(batches, warn, count_of=len):
            last = batch or last
            yield stream.documents(batch) if stream.documents else [*map(stream.document, batch)]

    write_stream(
        stdout, stream.key, take_documents(), lambda: stream.tail(last[-1] if last else None)
    )


def _record(table: Sequence[Column[Any]], item: Any, now: datetime.datetime) -> dict[str, Any]:
    cells = ((column.member or column.name, column.cell(item, now)) for column in table)
    return {
        name: cell.machine_readable() if isinstance(cell, FormattableColumn) else cell
        for name, cell in cells
    }


def page_if_chosen(app: Application) -> contextlib.AbstractContextManager[None]:
    """Let a person who chose a pager see in it what the block prints."""
    session = app.session
    if not session.runtime.environ.get("AMPCTL_PAGER"):
        return contextlib.nullcontext()
    # Imported here: most people have no pager for it.
    from ampctl.console.pager import page

    return page(session.console, session.runtime, functools.partial(setattr, app, "stdout"))
