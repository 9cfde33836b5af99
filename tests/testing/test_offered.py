"""The test kit says what is offered where a value is being typed."""

from __future__ import annotations

import argparse

import pytest

from ampctl.plugin import Candidate, Command, completes
from ampctl.testing import offered


class Paint(Command):
    """Paint something."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        parser = super().get_parser(prog_name)
        completes(parser.add_argument("--color-of-wall"), lambda query: [Candidate("red", "warm")])
        completes(parser.add_argument("--broken", help="fails"), lambda query: 1 / 0)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        raise NotImplementedError


COMMANDS = {"house paint": Paint}


def test_values_come_with_their_hints() -> None:
    assert offered("house", "paint", "--color-of-wall", "r", commands=COMMANDS) == {"red": "warm"}
    assert offered("house", "paint", "--br", commands=COMMANDS) == {"--broken": "fails"}
    assert offered("house", "p", commands=COMMANDS).keys() == {"paint"}


def test_what_a_source_does_wrong_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        offered("house", "paint", "--broken", "", commands=COMMANDS)
