"""Commands that run others, and show what came of them."""

from __future__ import annotations

from typing import Any

import pytest

from ampctl.plugin import AmpError, Answer, Column, Command, Lister
from ampctl.testing import invoke


class ListUrls(Lister):
    """List the URL."""

    columns = (Column("url", lambda url, now: url),)

    def take_action(self, parsed_args: Any) -> Answer[str]:
        self.console.warn("of no use\x1b[2J")
        return Answer([self.settings.admin_url])


class Fail(Command):
    """Fail."""

    error: BaseException = AmpError("it is broken", hint="another one")

    def take_action(self, parsed_args: Any) -> None:
        self.console.say("half of it is done")
        raise self.error


class Outer(Command):
    """Run another command."""

    words: tuple[str, ...] = ("thing", "list", "-f", "value")

    def take_action(self, parsed_args: Any) -> None:
        ran = self.run_aside(*self.words)
        self.app.stdout.write(f"{ran.exit_code} {ran.stdout!r} {list(ran.messages)}\n")


class OuterOfFailure(Outer):
    """Run another command."""

    words = ("thing", "fail")


COMMANDS = {"thing list": ListUrls, "thing fail": Fail, "thing do": Outer}


def test_the_options_hold_and_all_that_comes_is_returned() -> None:
    words = ("thing", "do", "--admin-url", "http://amp.example.org:1")

    result = invoke(*words, commands=COMMANDS)

    assert result.stdout == ("0 'http://amp.example.org:1\\n' ['ampctl: of no use\\\\x1b[2J']\n")
    assert result.stderr == ""


def test_a_failure_is_returned_without_its_colors() -> None:
    commands = {**COMMANDS, "thing do": OuterOfFailure}

    result = invoke("thing", "do", "--color", "always", commands=commands)

    assert result.stdout == (
        "1 '' ['half of it is done', 'ampctl: it is broken', '        Try: another one']\n"
    )
    assert result.stderr == ""


@pytest.mark.parametrize(("name", "code"), [("KeyboardInterrupt", 130), ("Terminated", 143)])
def test_a_signal_ends_both_and_what_was_said_is_kept(name: str, code: int) -> None:
    from ampctl.errors import Terminated

    error = {"KeyboardInterrupt": KeyboardInterrupt, "Terminated": Terminated}[name]()
    failing = type("Failing", (Fail,), {"error": error, "__doc__": "x", "__module__": __name__})
    commands = {**COMMANDS, "thing do": OuterOfFailure, "thing fail": failing}

    result = invoke("thing", "do", commands=commands, expect=code)

    assert result.stdout == ""
    assert result.stderr == "half of it is done\n"
