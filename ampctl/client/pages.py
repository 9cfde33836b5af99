"""Lists that the API gives page by page, none of whose items may be lost or shown twice."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Generic, NamedTuple, TypeVar

from ampctl.client._arguments import check_count
from ampctl.errors import ApiError, Cause, InvalidAnswer

T = TypeVar("T")
Fetched = TypeVar("Fetched")
Cursor = TypeVar("Cursor", int, str)


_UNSOUND = "try again; if it happens again, look into the server's log"


class _Page(NamedTuple, Generic[T, Cursor]):
    """One page, and how many items were asked for."""

    asked: int
    items: Sequence[T]
    cursor: Cursor | None


def walk_pages(
    fetch: Callable[[int, Cursor | None], tuple[Sequence[T], Cursor | None]],
    *,
    limit: int | None = None,
    after: Cursor | None = None,
    page_limit: int = 1000,
    id_of: Callable[[T], Cursor] | None = None,
) -> Iterator[T]:
    """Yield items from as many pages as it takes; the next page is fetched while they are used.

    Only a page without a cursor is the last: servers may give fewer items than they were asked
    for, or none. A page that is too large for the client is asked for again with fewer items.

    Args:
        fetch: asks for one page: how many items at most, and the cursor to go on after, None for
            the first page. It returns the items, and the next cursor or None. All calls but the
            first come from other threads, one at a time.
        limit: how many items at most; None for all of them.
        after: the cursor to begin after.
        page_limit: how many items to ask for at a time, at most what the API allows.
        id_of: the id of an item, where ids and cursors go down from item to item; see
            :func:`check_page`.

    Raises:
        UsageError: ``limit`` is below 0, or ``page_limit`` below 1.
        TypeError: one of them is not a whole number.
        InvalidAnswer: a page can't be a part of the list; see :func:`check_page`.
    """
    pages = walk_batches(
        fetch,
        read=lambda page: page,
        limit=limit,
        after=after,
        page_limit=page_limit,
        id_of=id_of,
    )
    return (item for page in pages for item in page)


def walk_batches(
    fetch: Callable[[int, Cursor | None], Fetched],
    *,
    read: Callable[[Fetched], tuple[Sequence[T], Cursor | None]],
    limit: int | None = None,
    after: Cursor | None = None,
    page_limit: int = 1000,
    id_of: Callable[[T], Cursor] | None = None,
) -> Iterator[Sequence[T]]:
    """Yield the items of each page together; otherwise as :func:`walk_pages`.

    Args:
        fetch: asks for one page, on another thread, and returns what came.
        read: makes the items and the next cursor of it, on the thread that uses them. Two threads
            that both compute only wait for each other, so ``fetch`` should wait for the network
            alone: :meth:`AdminClient.fetch <ampctl.client.AdminClient.fetch>` decodes nothing.
        limit: as for :func:`walk_pages`, like the rest.
        after: the cursor to begin after.
        page_limit: how many items to ask for at a time.
        id_of: the id of an item.
    """
    if limit is not None:
        check_count(limit, "limit")
    check_count(page_limit, "page_limit", least=1)
    return _walk(fetch, read, limit, after, page_limit, id_of)


def check_page(
    items: Sequence[T],
    cursor: Cursor | None,
    *,
    asked: int,
    after: Cursor | None = None,
    id_of: Callable[[T], Cursor] | None = None,
    action: str = "read the list",
) -> None:
    """Refuse a page that can't be a part of a list.

    Args:
        items: what the page holds.
        cursor: where the next page begins; None if there is none.
        asked: how many items were asked for.
        after: the cursor that this page was asked for with.
        id_of: the id of an item, if ids must go down and the cursor may not be above the last.
        action: what the request is for, to be read after "can't": ``list workers``.

    Raises:
        InvalidAnswer: it holds more items than asked for, leads to itself, or does not go down.
    """
    fault = None
    if len(items) > asked:
        fault = f"the page holds {len(items)} items, and {asked} were asked for"
    elif cursor is not None and cursor == after:
        fault = f"the page after {after} leads to itself, so the pages do not move on"
    elif id_of is not None:
        fault = _find_ascent([id_of(item) for item in items], cursor, after)
    if fault:
        raise InvalidAnswer(f"can't {action}: {fault}", hint=_UNSOUND)


def _find_ascent(ids: list[Cursor], cursor: Cursor | None, after: Cursor | None) -> str | None:
    previous = after
    for position, item_id in enumerate(ids):
        if previous is not None and item_id >= previous:
            return f"item {position} has id {item_id}, which is not below {previous}"
        previous = item_id
    if cursor is not None and previous is not None and cursor > previous:
        return f"the next cursor is {cursor}, which is above {previous}"
    return None


def _walk(
    fetch: Callable[[int, Cursor | None], Fetched],
    read: Callable[[Fetched], tuple[Sequence[T], Cursor | None]],
    left: int | None,
    after: Cursor | None,
    page_limit: int,
    id_of: Callable[[T], Cursor] | None,
) -> Iterator[Sequence[T]]:
    if left == 0:
        return
    # Imported here: most lists are one page, which is not walked.
    from ampctl.client.background import start_call

    visited = {after}
    asked = _limit_page(page_limit, left)
    wait: Callable[[], tuple[int, Fetched]] = functools.partial(_fetch_fitting, fetch, asked, after)
    while True:
        fitting, fetched = wait()
        page = _Page(fitting, *read(fetched))
        check_page(page.items, page.cursor, asked=page.asked, after=after, id_of=id_of)
        page_limit = page.asked if page.asked < asked else page_limit
        left = None if left is None else left - len(page.items)
        after = page.cursor
        if after is None or left == 0:
            yield page.items
            return
        if after in visited:
            raise InvalidAnswer(
                f"can't read the list: pages lead back to the one after {after}", hint=_UNSOUND
            )
        visited.add(after)
        asked = _limit_page(page_limit, left)
        wait = start_call(functools.partial(_fetch_fitting, fetch, asked, after)).result
        yield page.items


def _limit_page(page_limit: int, left: int | None) -> int:
    return page_limit if left is None else min(page_limit, left)


def _fetch_fitting(
    fetch: Callable[[int, Cursor | None], Fetched],
    asked: int,
    after: Cursor | None,
) -> tuple[int, Fetched]:
    """Return how many items were asked for, and a page; it has fewer if it would be too large."""
    while True:
        try:
            return asked, fetch(asked, after)
        except ApiError as error:
            if error.cause is not Cause.TOO_LARGE or asked == 1:
                raise
            asked //= 2
