"""Faults that the source of a command shows."""

from __future__ import annotations

import ast

import pytest

from ampctl.commands.plugin.sources import find_faults_of_class, find_faults_of_source
from ampctl.plugin import Lister

MODULE = '''
def helper(value): {helper}
class Run(Lister):
    """Run."""
    column_names = ("a", "b")
    def take_action(self, parsed_args):
        {action}
        {result}
    def attempt(self):
        yield 1
class Other(Lister):
    def take_action(self, parsed_args):
        print("of another command")
'''
RESULT = "return self.column_names, []"


def faults(*, action: str = "pass", result: str = RESULT, helper: str = "pass") -> list[str]:
    """Return the faults of a command with these lines, each as one text."""
    tree = ast.parse(MODULE.format(action=action, result=result, helper=helper))
    return [f"{kind}: {fact}" for kind, fact in find_faults_of_source(tree, {"Run"}, ("a", "b"))]


@pytest.mark.parametrize("call", ['print("x")', 'sys.stdout.write("x")'])
def test_a_command_that_prints_is_found(call: str) -> None:
    name = call.partition("(")[0]

    assert faults(action=call) == [f"prints: line 7: {name}() goes to standard error"]
    assert faults(helper=call) == [f"prints: line 2: {name}() goes to standard error"]


@pytest.mark.parametrize(
    "call",
    [
        "walk_pages(fetch)",
        "plugin.walk_batches(fetch, read=read)",
        "Answer([])",
        'self.client.fetch("jobs", action="list jobs")',
        "self.attempt()",
    ],
)
def test_a_call_that_does_nothing_is_found(call: str) -> None:
    (fault,) = faults(action=call)

    assert fault.startswith("unused call: line 7: ")
    assert fault.endswith("() does nothing unless its result is used")


@pytest.mark.parametrize(
    ("returned", "fact"),
    [
        ('("a", "c")', "it returns a, c, and declares a, b"),
        ('["b", "a"]', "it returns b, a, and declares a, b"),
        ("()", "it returns none, and declares a, b"),
    ],
)
def test_columns_that_differ_from_those_declared_are_found(returned: str, fact: str) -> None:
    assert faults(result=f"return {returned}, []") == [f"other columns: line 8: {fact}"]


@pytest.mark.parametrize(
    "lines",
    [
        {"action": 'print("x", file=self.app.stdout)'},
        {"action": "self.console.say('x')"},
        {"action": "found = self.attempt()"},
        {"action": "for one in self.attempt(): pass"},
        {"action": "self.for_each([], print)"},
        {"action": "def inner(): yield\n        self.take_action(None)"},
        {"result": 'return ("a", "b"), []'},
        {"result": "return names, []"},
        {"result": "return Answer([])"},
        {"result": "return {}, []"},
        {"result": "return 1, 2, 3"},
    ],
    ids=str,
)
def test_what_is_sound_is_not_found(lines: dict[str, str]) -> None:
    assert faults(**lines) == []


class Prints(Lister):
    """Print."""

    def take_action(self, parsed_args: object) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        print("x")
        return ("a",), []


def test_the_source_of_a_class_is_found() -> None:
    kinds = [kind for kind, _ in find_faults_of_class(Prints, ("b",))]

    assert kinds == ["prints", "other columns"]


def test_a_class_without_a_source_has_no_faults() -> None:
    namespace = {"Lister": Lister, "__name__": "builtins"}
    exec("class Run(Lister):\n    def take_action(self, parsed_args): print()", namespace)

    assert list(find_faults_of_class(namespace["Run"], ())) == []
