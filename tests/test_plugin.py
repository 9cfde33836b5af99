"""The bases of commands, as a plugin author uses them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ampctl.discovery import registry
from ampctl.discovery.entry_points import EntryPoint
from ampctl.errors import InvalidAnswer, NotFoundError, RefusedError, Terminated
from ampctl.plugin import Command, Lister, Records, ShowOne
from ampctl.testing import invoke


class ListThings(Lister):
    """List things."""

    def take_action(self, parsed_args: Any) -> Any:
        return ("name", "size"), [("b", 2), ("a", None)]


class ShowThing(ShowOne):
    """Show a thing."""

    def take_action(self, parsed_args: Any) -> Any:
        return ("name", "size"), ("b", 2)


class BreakOff(Lister):
    """List things until it fails."""

    def take_action(self, parsed_args: Any) -> Any:
        def rows() -> Any:
            yield ("a",)
            raise InvalidAnswer("rubbish")

        return ("name",), rows()


class TryEach(Command):
    """Try several targets."""

    targets: tuple[Any, ...] = ()

    def take_action(self, parsed_args: Any) -> None:
        def call(target: Any) -> str:
            if isinstance(target, BaseException):
                raise target
            return str(target)

        for result in self.attempt(self.targets, call):
            self.runtime.stdout.write(result + "\n")


class FailLater(Lister):
    """Report a code of its own."""

    def take_action(self, parsed_args: Any) -> Any:
        return ("name",), Records([1, 2], lambda n: (n,), lambda items: ({"n": n} for n in items))


@pytest.fixture
def thing(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make a class the command ``thing do``."""

    def use(command: type[Command]) -> None:
        module, name = "thing_plugin", command.__name__
        point = EntryPoint("do", f"{module}:{name}", "ampctl.thing")
        group = EntryPoint("thing", f"{module}:group", "ampctl.groups")
        monkeypatch.setattr(registry, "read_installed", lambda _: [point, group])
        load = registry.load_object
        monkeypatch.setattr(registry, "load_object", lambda e: command if e == point else load(e))

    return use


def test_a_list_has_every_format_and_json_without_a_word_about_them(thing: Any) -> None:
    thing(ListThings)

    assert invoke("thing", "do", "-f", "csv").stdout == "name,size\r\nb,2\r\na,\r\n"
    assert invoke("thing", "do", "--json").json == [
        {"name": "b", "size": 2},
        {"name": "a", "size": None},
    ]
    sorted_names = invoke("thing", "do", "-f", "value", "-c", "name", "--sort-column", "name")
    assert sorted_names.stdout == "a\nb\n"


def test_a_record_has_every_format_and_json(thing: Any) -> None:
    thing(ShowThing)

    assert invoke("thing", "do", "-f", "json").json == {"name": "b", "size": 2}
    assert invoke("thing", "do", "--json").json == {"name": "b", "size": 2}
    assert invoke("thing", "do", "-f", "value", "-c", "size").stdout == "2\n"


def test_records_are_rows_or_documents(thing: Any) -> None:
    thing(FailLater)

    assert invoke("thing", "do", "-f", "value").stdout == "1\n2\n"
    lines = invoke("thing", "do", "--json").stdout.splitlines()
    assert list(map(json.loads, lines)) == [{"n": 1}, {"n": 2}]


def test_an_unknown_column_is_refused(thing: Any) -> None:
    thing(ListThings)

    assert "there is no column 'nope'" in invoke("thing", "do", "-c", "nope", expect=2).stderr
    invoke("thing", "do", "--sort-column", "nope", expect=2)


def test_a_list_that_breaks_off_is_told(thing: Any) -> None:
    thing(BreakOff)

    result = invoke("thing", "do", "-f", "jsonl", expect=7)

    assert result.stdout == '{"name":"a"}\n'
    assert "it broke off after 1 row\n" in result.stderr


@pytest.mark.parametrize(
    ("failures", "code"),
    [
        ([NotFoundError("x"), NotFoundError("y")], 3),
        ([NotFoundError("x"), RefusedError("y")], 1),
        ([], 0),
    ],
    ids=["one kind", "mixed", "none"],
)
def test_every_target_is_tried_and_the_code_tells_the_kind(
    thing: Any, monkeypatch: pytest.MonkeyPatch, failures: list[Exception], code: int
) -> None:
    monkeypatch.setattr(TryEach, "targets", ("a", *failures, "b"))
    thing(TryEach)

    result = invoke("thing", "do", expect=code)

    assert result.stdout == "a\nb\n"
    assert result.stderr.count("ampctl:") == len(failures)


@pytest.mark.parametrize(("stop", "code"), [(KeyboardInterrupt, 130), (Terminated, 143)])
def test_an_interrupt_tells_how_far_it_came(
    thing: Any, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException], code: int
) -> None:
    monkeypatch.setattr(TryEach, "targets", ("a", "b", stop("c"), "d"))
    thing(TryEach)

    stderr = invoke("thing", "do", expect=code).stderr

    assert "interrupted at c, which may be done or not; tried before: 2" in stderr
