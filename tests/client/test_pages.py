"""A walk over pages."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from marshmallow import fields

from ampctl.client import AdminClient
from ampctl.plugin import (
    Cause,
    DocumentSchema,
    InvalidAnswer,
    NotFoundError,
    Resource,
    UsageError,
    walk_pages,
)
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
        (None, 10, [(4, None), (4, 6), (4, 2), (4, 0)]),
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


@pytest.mark.parametrize("last", [[], [1], [2, 1]], ids=["empty", "short", "full"])
def test_a_page_without_a_cursor_ends_the_walk(last: list[int]) -> None:
    pages = iter([([4, 3], 3), (last, None)])

    assert list(walk_pages(lambda limit, after: next(pages), page_limit=2)) == [4, 3, *last]


@pytest.mark.parametrize("middle", [[], [5]], ids=["empty", "short"])
def test_a_page_with_a_cursor_that_moves_does_not_end_the_walk(middle: list[int]) -> None:
    pages = iter([([7, 6], 6), (middle, 4), ([3], None)])

    assert list(walk_pages(lambda limit, after: next(pages), page_limit=2)) == [7, 6, *middle, 3]


def test_a_server_that_caps_its_pages_is_walked_to_the_end() -> None:
    numbers = Numbers()

    walk = walk_pages(lambda limit, after: numbers(min(limit, 3), after), limit=8, page_limit=6)

    assert list(walk) == [9, 8, 7, 6, 5, 4, 3, 2]
    assert numbers.asked == [(3, None), (3, 7), (2, 4)]


def test_a_page_that_is_too_large_is_asked_for_in_parts() -> None:
    numbers = Numbers()
    refused: list[int] = []

    def fetch(limit: int, after: int | None) -> Page:
        if limit > 2:
            refused.append(limit)
            raise InvalidAnswer("the answer is too large", cause=Cause.TOO_LARGE)
        return numbers(limit, after)

    assert list(walk_pages(fetch, page_limit=8)) == [*range(9, -1, -1)]
    assert refused == [8, 4]
    assert {limit for limit, _ in numbers.asked} == {2}


@pytest.mark.parametrize(
    ("cause", "asked"), [(Cause.TOO_LARGE, [3, 1]), (Cause.NOT_AN_API, [3])], ids=str
)
def test_a_page_that_does_not_fit_at_all_is_an_error(cause: Cause, asked: list[int]) -> None:
    limits: list[int] = []

    def fetch(limit: int, after: int | None) -> Page:
        limits.append(limit)
        raise InvalidAnswer("no", cause=cause)

    with pytest.raises(InvalidAnswer):
        list(walk_pages(fetch, page_limit=3))
    assert limits == asked


def test_a_page_longer_than_asked_for_is_refused() -> None:
    walk = walk_pages(lambda limit, after: ([5, 4, 3], 3), limit=2, page_limit=2)

    with pytest.raises(InvalidAnswer, match="holds 3 items, and 2 were asked for"):
        next(walk)


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        (([6], 5), "item 0 has id 6, which is not below 6"),
        (([5, 5], 5), "item 1 has id 5, which is not below 5"),
        (([4, 5], 4), "item 1 has id 5, which is not below 4"),
        (([5, 4], 5), "the next cursor is 5, which is above 4"),
        (([], 7), "the next cursor is 7, which is above 6"),
    ],
)
def test_ids_and_cursors_go_down_where_the_caller_says_so(second: Page, fault: str) -> None:
    pages = iter([([7, 6], 6), second])
    walk = walk_pages(lambda limit, after: next(pages), page_limit=2, id_of=lambda number: number)

    assert [next(walk), next(walk)] == [7, 6]
    with pytest.raises(InvalidAnswer, match=fault):
        next(walk)


@pytest.mark.parametrize(
    "arguments", [{"limit": -3}, {"page_limit": 0}, {"page_limit": -1}], ids=str
)
def test_numbers_that_make_no_sense_are_refused_at_once(arguments: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="or more, not"):
        walk_pages(Numbers(), **arguments)


@pytest.mark.parametrize(
    "arguments", [{"limit": "5"}, {"limit": True}, {"page_limit": 2.0}, {"page_limit": None}]
)
def test_what_is_no_number_is_refused_at_once(arguments: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="must be a whole number"):
        walk_pages(Numbers(), **arguments)


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


def test_pages_that_lead_in_a_circle_are_refused() -> None:
    cursors = itertools.cycle("abc")
    walk = walk_pages(lambda limit, after: ([0], next(cursors)), page_limit=1)

    with pytest.raises(InvalidAnswer, match="lead back to the one after a"):
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

    (waiting,) = (thread for thread in threading.enumerate() if thread.name == "ampctl request")
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
