"""The base of all commands."""

from __future__ import annotations

import inspect
from typing import Any

import pytest

from ampctl.plugin import Command, Lister


class _Documented(Command):
    """Do one thing.

    In several lines:

        indented

    \tand with a tab.
    """

    take_action: Any = None


class _Inheriting(_Documented):
    take_action: Any = None


class _Short(Lister):
    """List in one line."""

    take_action: Any = None


class _Below(Command):
    """
    Begin below.

      More.
    """

    take_action: Any = None


@pytest.mark.parametrize("command", [_Documented, _Inheriting, _Short, _Below])
def test_the_description_is_the_docstring_as_python_shows_it(command: type[Command]) -> None:
    assert command.get_description(command.__new__(command)) == inspect.getdoc(command)


def test_a_description_of_cliff_goes_before_the_docstring() -> None:
    class Described(_Documented):
        _description = "Told otherwise."

    assert Described.get_description(Described.__new__(Described)) == "Told otherwise."


def test_a_command_without_a_docstring_has_no_description() -> None:
    class Silent(Command):
        take_action: Any = None

    assert Silent.get_description(Silent.__new__(Silent)) == ""
