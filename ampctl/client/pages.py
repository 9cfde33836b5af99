"""Lists that the API gives page by page."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from ampctl.errors import InvalidAnswer

T = TypeVar("T")
Cursor = TypeVar("Cursor", int, str)


def walk_pages(
    fetch: Callable[[int, Cursor | None], tuple[Sequence[T], Cursor | None]],
    *,
    limit: int | None = None,
    after: Cursor | None = None,
    page_limit: int = 1000,
) -> Iterator[T]:
    """Yield items from as many pages as it takes; the next page is fetched while they are used.

    A page that is shorter than asked for, an empty one, or one without a cursor is the last.

    Args:
        fetch: asks for one page: how many items at most, and the cursor to go on after, None for
            the first page. It returns the items, and the next cursor or None. All calls but the
            first come from other threads, one at a time.
        limit: how many items at most; None for all of them.
        after: the cursor to begin after.
        page_limit: how many items to ask for at a time, at most what the API allows.

    Raises:
        InvalidAnswer: a page leads to itself, so the walk would not end. Where items have an
            order ``fetch`` should check it, since longer circles are not detected here.
    """
    left = limit
    wanted = _limit_page(page_limit, left)
    wait: Callable[[], tuple[Sequence[T], Cursor | None]] = functools.partial(fetch, wanted, after)
    while wanted > 0:
        items, cursor = wait()
        asked = wanted
        left = None if left is None else left - len(items)
        wanted = 0 if len(items) < asked or cursor is None else _limit_page(page_limit, left)
        if wanted > 0:
            if cursor == after:
                raise InvalidAnswer(f"the page after {after} leads to itself, and so on for ever")
            after = cursor
            wait = _start(functools.partial(fetch, wanted, after))
        yield from items[:asked]


def _limit_page(page_limit: int, left: int | None) -> int:
    return page_limit if left is None else min(page_limit, left)


def _start(call: Callable[[], T]) -> Callable[[], T]:
    """Start ``call`` on a thread of its own, and return a function that waits for its outcome."""
    # Imported here: most lists are one page.
    from concurrent.futures import Future

    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001 - it is raised where the outcome is awaited
            future.set_exception(error)

    # A daemon: a program that ends need not wait for a response that it will not use.
    threading.Thread(target=run, name="ampctl page", daemon=True).start()
    return future.result
