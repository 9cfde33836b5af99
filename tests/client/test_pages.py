"""A walk over pages."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence

import pytest
from marshmallow import fields

from ampctl.client import AdminClient
from ampctl.plugin import DocumentSchema, InvalidAnswer, NotFoundError, Resource, walk_pages
from ampctl.testing import Api

Page = tuple[Sequence[int], int | None]


class Numbers:
    """Pages of the numbers below 10, downwards, and a record of what was asked for."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int | None]] = []

    def __call__(self, limit: int, after: int | None) -> Page:
        self.asked.append((limit, after))
        numbers = range(10 if after is None else after)[::-1][:limit]
        return numbers, numbers[-1] if numbers else None


@pytest.mark.parametrize(
    ("limit", "expected", "asked"),
    [
        (None, 10, [(4, None), (4, 6), (4, 2)]),
        (6, 6, [(4, None), (2, 6)]),
        (8, 8, [(4, None), (4, 6)]),
        (3, 3, [(3, None)]),
        (0, 0, []),
    ],
)
def test_as_many_pages_are_asked_for_as_it_takes(
    limit: int | None, expected: int, asked: list[tuple[int, int | None]]
) -> None:
    numbers = Numbers()

    assert list(walk_pages(numbers, limit=limit, page_limit=4)) == [*range(9, -1, -1)][:expected]
    assert numbers.asked == asked


def test_a_walk_begins_where_it_is_told() -> None:
    assert list(walk_pages(Numbers(), after=3, page_limit=2)) == [2, 1, 0]


@pytest.mark.parametrize("last", [([], 5), ([1], 5), ([2, 1], None)], ids=["empty", "short", "end"])
def test_a_last_page_ends_the_walk(last: Page) -> None:
    pages = iter([([4, 3], 3), last])

    assert list(walk_pages(lambda limit, after: next(pages), page_limit=2)) == [4, 3, *last[0]]


def test_more_than_was_asked_for_is_cut_off() -> None:
    assert list(walk_pages(lambda limit, after: ([5, 4, 3], 3), limit=2, page_limit=2)) == [5, 4]


def test_the_next_page_is_fetched_while_this_one_is_used() -> None:
    begun = threading.Event()

    def fetch(limit: int, after: int | None) -> Page:
        if after is not None:
            begun.set()
        return ([2, 1], 1) if after is None else ([], None)

    walk = walk_pages(fetch, page_limit=2)

    assert next(walk) == 2
    assert begun.wait(30)
    assert list(walk) == [1]


def test_nothing_is_asked_before_the_first_item_is_wanted() -> None:
    numbers = Numbers()

    walk_pages(numbers)

    assert numbers.asked == []


@pytest.mark.parametrize("error", [NotFoundError("gone"), KeyboardInterrupt(), SystemExit(3)])
def test_a_failure_comes_after_the_items_before_it(error: BaseException) -> None:
    def fetch(limit: int, after: int | None) -> Page:
        if after is not None:
            raise error
        return [2, 1], 1

    walk = walk_pages(fetch, page_limit=2)

    assert [next(walk), next(walk)] == [2, 1]
    with pytest.raises(type(error)):
        next(walk)


def test_a_page_that_leads_to_itself_is_refused() -> None:
    walk = walk_pages(lambda limit, after: ([7], 7), page_limit=1)

    with pytest.raises(InvalidAnswer, match="the page after 7 leads to itself"):
        list(itertools.islice(walk, 10))


def test_who_breaks_off_waits_for_nobody() -> None:
    never = threading.Event()

    def fetch(limit: int, after: int | None) -> Page:
        if after is not None:
            never.wait(60)
        return [1], 1

    walk = walk_pages(fetch, page_limit=1)
    next(walk)
    walk.close()  # type: ignore[attr-defined]

    (waiting,) = (thread for thread in threading.enumerate() if thread.name == "ampctl page")
    assert waiting.daemon
    never.set()
    waiting.join()


class Things(Resource):
    """What a plugin writes for a list with pages."""

    def page(self, limit: int, after: str | None) -> tuple[list[str], str | None]:
        """Return one page of names (``GET /things``)."""
        params = {"limit": limit, **({"after": after} if after else {})}
        page = self.read(THINGS, "things", params=params, action="list things")
        return page["things"], page["next_cursor"]

    def iterate(self) -> Iterator[str]:
        """Yield all of them."""
        return walk_pages(self.page)


class ThingsSchema(DocumentSchema):
    """``GET /things``."""

    things = fields.List(fields.String(), required=True)
    next_cursor = fields.String(load_default=None)


THINGS = ThingsSchema()


def test_a_resource_client_walks_pages_with_the_contract_alone(amp_api: Api) -> None:
    names = [f"thing-{number}" for number in range(1001)]
    amp_api.on("GET", "/things?limit=1000", {"things": names[:1000], "next_cursor": "thing-999"})
    amp_api.on("GET", "/things?limit=1000&after=thing-999", {"things": names[1000:]})

    with AdminClient() as client:
        assert list(Things(client).iterate()) == names
