"""A command that asks and removes several things, as an author writes and tests it."""

from __future__ import annotations

import argparse

from ampctl.plugin import Answer, Column, Confirming, Lister
from ampctl.testing import Api, invoke


class RemoveThings(Confirming, Lister):
    """Remove things."""

    columns = (
        Column("name", lambda name, now: name),
        Column("result", lambda name, now: "removed"),
    )
    examples = ("ampctl thing rm first second --yes",)

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        parser = super().get_parser(prog_name)
        parser.add_argument("names", nargs="+", metavar="NAME", help="a thing")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[str]:
        self.confirm(parsed_args, f"Remove {', '.join(parsed_args.names)}?")

        def remove(name: str) -> str:
            self.client.delete("things", name, action=f"remove thing {name}")
            return name

        return Answer(self.for_each(parsed_args.names, remove, changes=True))


COMMANDS = {"thing rm": RemoveThings}


def test_a_failure_does_not_keep_the_others(amp_api: Api) -> None:
    amp_api.on("DELETE", "/things/a", status=204)
    amp_api.error("DELETE", "/things/b", 409, "THING_IN_USE")
    amp_api.on("DELETE", "/things/c", status=204)

    result = invoke("thing", "rm", "a", "b", "c", "-f", "value", commands=COMMANDS, expect=6)

    assert result.stdout == "a removed\nc removed\n"
    assert "can't remove thing b" in result.stderr


def test_a_no_removes_nothing(amp_api: Api) -> None:
    result = invoke(
        "thing", "rm", "a", commands=COMMANDS, is_terminal=True, answers="n\n", expect=1
    )

    assert "Remove a? [y/N]" in result.stderr
    assert amp_api.requests == []
