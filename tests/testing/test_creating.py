"""A command that creates something, as an author writes and tests it."""

from __future__ import annotations

import argparse
from typing import Any

from ampctl.plugin import Answer, Column, ShowOne
from ampctl.testing import Api, invoke


class CreateThing(ShowOne):
    """Create a thing."""

    columns = (
        Column("id", lambda thing, now: thing["id"]),
        Column("name", lambda thing, now: thing.get("name")),
    )
    examples = ("ampctl thing create first --request-id 5f3a",)

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        parser = super().get_parser(prog_name)
        parser.add_argument("name", metavar="NAME", help="of the new thing")
        parser.add_argument(
            "--request-id", metavar="TEXT", help="lets the request be sent again after a failure"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Any]:
        response = self.client.post(
            "things",
            json={"name": parsed_args.name},
            action=f"create thing {parsed_args.name}",
            idempotency_key=parsed_args.request_id,
        )
        return Answer([response.document], document=response.document)


COMMANDS = {"thing create": CreateThing}


def test_what_the_server_made_is_shown(amp_api: Api) -> None:
    amp_api.on("POST", "/things", {"id": 7, "name": "first"}, status=201)

    result = invoke("thing", "create", "first", "-f", "value", commands=COMMANDS)

    assert result.stdout == "7\nfirst\n"
    assert amp_api.sent == [{"name": "first"}]


def test_a_thing_that_is_there_already_is_refused(amp_api: Api) -> None:
    amp_api.error("POST", "/things", 409, "THING_EXISTS", "there is a thing of this name")

    result = invoke("thing", "create", "first", commands=COMMANDS, expect=6)

    assert "can't create thing first: there is a thing of this name" in result.stderr
