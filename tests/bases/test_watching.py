"""Lists that are looked at again and again."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import pyte
import pytest

from ampctl.plugin import AccessError, Answer, Column, UnavailableError, Watching
from ampctl.testing import FakeClock, Result, fake_runtime

from .running import do

Thing = tuple[int, str]


class ListThings(Watching):
    """List things."""

    columns = (
        Column("id", lambda thing, now: thing[0]),
        Column("state", lambda thing, now: thing[1]),
        Column("length", lambda thing, now: len(thing[1])),
    )
    looks: ClassVar[list[Any]]
    warning = ""

    def take_action(self, parsed_args: Any) -> Answer[Thing]:
        look = self.looks.pop(0) if self.looks else KeyboardInterrupt
        if not isinstance(look, list):
            raise look
        if self.warning:
            self.console.warn(self.warning)
        return Answer(look, remarks=[f"{len(look)} things"], limit=3)

    def find_gone(self, items: Sequence[Thing]) -> Iterable[Thing]:
        return [(number, "gone") for number, _ in items]


class ListDocuments(ListThings):
    """List things, with documents of their own."""

    def make_document(self, item: Thing) -> Any:
        return {"thing": item[0]}


def watch(
    *looks: Any, base: type[Watching] = ListThings, options: Sequence[str] = (), **settings: Any
) -> Result:
    """List what is there at each look, until a person presses Ctrl-C at the one after the last."""
    members = {"looks": list(looks), "__doc__": "List.", "__module__": __name__}
    return do(type("List", (base,), members), "--watch", *options, **settings)


def test_rows_that_are_new_or_have_changed_are_added() -> None:
    clock = FakeClock()

    result = watch(
        [(1, "new"), (2, "new")],
        [(1, "new"), (2, "new")],
        [(1, "done"), (2, "new"), (3, "new")],
        options=("-f", "csv"),
        clock=clock,
    )

    assert result.stdout == "id,state,length\n1,new,3\n2,new,3\n1,done,4\n3,new,3\n"
    assert clock.slept == [2, 2, 2]


def test_only_what_is_shown_counts_as_a_change() -> None:
    result = watch([(1, "new")], [(1, "old")], options=("-f", "value", "-c", "length"))

    assert result.stdout == "3\n"


def test_what_became_of_a_row_that_is_gone_is_added_once() -> None:
    result = watch([(1, "new"), (2, "new")], [(2, "new")], [(2, "new")], options=("-f", "value"))

    assert result.stdout.splitlines()[2:] == ["1 gone 4"]


def test_what_became_of_a_row_is_asked_for_once() -> None:
    asked: list[Any] = []

    def find_gone(self: Any, items: Sequence[Thing]) -> list[Thing]:
        asked.extend(items)
        return []

    members = {"find_gone": find_gone, "__doc__": "x", "__module__": __name__}
    base = type("Asking", (ListThings,), members)

    watch([(1, "a"), (2, "b")], [(2, "b")], [(2, "b")], [(2, "b")], base=base)

    assert asked == [(1, "a")]


def test_a_row_that_comes_back_is_new() -> None:
    result = watch([(1, "new")], [], [(1, "new")], options=("-f", "value", "-c", "state"))

    assert result.stdout.split() == ["new", "gone", "new"]


@pytest.mark.parametrize(
    ("base", "lines"),
    [
        (ListThings, [{"id": 1, "state": "a", "length": 1}, {"id": 1, "state": "b", "length": 1}]),
        (ListDocuments, [{"thing": 1}, {"thing": 1}]),
    ],
)
def test_documents_are_those_of_changed_items(base: Any, lines: list[Any]) -> None:
    result = watch([(1, "a")], [(1, "a")], [(1, "b")], base=base, options=("--json",))

    assert list(map(json.loads, result.stdout.splitlines())) == lines


def test_an_outage_is_told_once_and_ends_nothing() -> None:
    away = UnavailableError("can't list things: away")

    result = watch([(1, "a")], away, away, [(1, "b")], options=("-f", "jsonl"))

    assert len(result.stdout.splitlines()) == 2
    assert result.stderr == (
        "ampctl: can't list things: away; asking on until the server answers\n"
    )


def test_a_token_that_is_not_accepted_ends_it() -> None:
    assert (
        watch([(1, "a")], AccessError("no"), options=("-f", "value"), expect=4).stdout == "1 a 1\n"
    )


def test_what_is_said_at_each_look_is_told_once() -> None:
    base = type("Odd", (ListThings,), {"warning": "odd", "__doc__": "x", "__module__": __name__})

    assert watch([(1, "a")], [(1, "a")], base=base).stderr == "ampctl: odd\n"


def test_changes_are_not_sorted() -> None:
    watch([], options=("--sort-column", "id"), expect=2)


@pytest.mark.parametrize("text", ["0.4", "0", "soon"])
def test_an_interval_is_half_a_second_at_least(text: str) -> None:
    watch(options=(text,), expect=2)


class Viewer(FakeClock):
    """A clock that looks at a terminal of 60 by 24 at each sleep.

    Attributes:
        screens: what the terminal showed, line by line.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.terminal = pyte.Screen(80, 24)
        self._stream = pyte.Stream(self.terminal)
        self._shown = 0
        self.screens: list[list[str]] = []
        runtime = fake_runtime(clock=self, is_terminal=True, **options)
        self.runtime = dataclasses.replace(runtime, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        text = self.runtime.stdout.getvalue()  # type: ignore[attr-defined]
        self._stream.feed(text[self._shown :].replace("\n", "\r\n"))
        self._shown = len(text)
        self.screens.append([line.rstrip() for line in self.terminal.display if line.strip()])
        super().sleep(seconds)


def view(*looks: Any, options: Sequence[str] = (), **settings: Any) -> list[list[str]]:
    """Return what a person saw at each look."""
    viewer = Viewer(**settings)
    result = watch(*looks, options=options, runtime=viewer.runtime)
    assert result.stderr == ""
    return viewer.screens


def test_a_person_sees_the_list_in_one_place_with_marks_at_what_has_changed() -> None:
    first, second, third = view(
        [(1, "new"), (2, "new")], [(1, "done"), (2, "new"), (3, "x")], [(2, "new")]
    )

    assert first[0] == "every 2s: thing do, localhost:1610, 12:00:00 UTC"
    assert first[1] == "2 things"
    assert [line.split() for line in first[2:]] == [
        ["id", "state", "length"],
        ["-" * len(first[3].strip())],
        ["1", "new", "3"],
        ["2", "new", "3"],
    ]
    assert [line.split() for line in second[4:]] == [
        ["*", "1", "done", "4"],
        ["2", "new", "3"],
        ["*", "3", "x", "1"],
    ]
    assert [line.split() for line in third[4:]] == [["2", "new", "3"]]


def test_a_mark_stays_for_a_while() -> None:
    screens = view([(1, "a")], *([(1, "b")] for _ in range(7)))

    assert [screen[-1].startswith("*") for screen in screens] == [False, *[True] * 5, False, False]


def test_a_picture_is_sorted_and_cut_as_any_list() -> None:
    things = [(number, "x" * number) for number in (4, 2, 3, 1)]
    options = ("-c", "id", "--sort-column", "length", "--sort-descending")

    (screen,) = view(things, options=options)

    assert [line.split() for line in screen[4:]] == [["4"], ["3"], ["2"]]
    assert "length" not in screen[2]


def test_the_age_of_a_picture_is_told_while_the_server_is_away() -> None:
    away = UnavailableError("can't list things: away")

    screens = view([(1, "a")], away, away, [(1, "a")])

    ages = [screen[1].partition(":")[0] for screen in screens[1:-1]]
    assert ages == [f"last update {age_s}s ago" for age_s in (2, 3, 4, 5)]
    assert all("1   a" in screen[-1] or "1  a" in screen[-1] for screen in screens)
    assert screens[-1][1] == "1 things"


def test_the_reason_of_an_outage_is_shown_to_its_end() -> None:
    reason = "can't list things: http://amp.example.org:1610/admin does not answer, as it is away"

    screens = view([(1, "a")], UnavailableError(reason), [(1, "a")])

    assert " ".join(screens[1][1:3]) == f"last update 2s ago: {reason}"
    assert screens[1][3:] == screens[0][1:]


@pytest.mark.parametrize(
    ("environ", "options", "has_color"),
    [
        ({"NO_COLOR": ""}, (), True),
        ({"NO_COLOR": "1"}, (), False),
        ({"NO_COLOR": ""}, ("--color", "never"), False),
    ],
    ids=str,
)
def test_marks_are_coloured_where_that_is_wanted(
    environ: dict[str, str], options: tuple[str, ...], has_color: bool
) -> None:
    viewer = Viewer(environ=environ)

    shown = watch([(1, "a")], [(1, "b")], options=options, runtime=viewer.runtime).stdout

    assert ("\x1b[33m*" in shown) == has_color


def test_a_terminal_that_can_not_redraw_gets_rows() -> None:
    result = watch([(1, "a")], [(1, "b")], is_terminal=True, environ={"TERM": "dumb"})

    assert "\x1b" not in result.stdout
    assert [line.split() for line in result.stdout.splitlines()[2:]] == [
        ["1", "a", "1"],
        ["1", "b", "1"],
    ]
