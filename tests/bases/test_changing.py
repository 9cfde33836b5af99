"""Changes that a command makes without any help of its base."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from ampctl.plugin import Answer, Column, Command, ShowOne
from ampctl.session import Session
from ampctl.testing import Api, Result, fake_runtime
from ampctl.testing.fakes import MemoryStream

from .running import do


class Full(MemoryStream):
    """A disk without any room."""

    def write(self, text: str, /) -> int:
        raise OSError(28, "No space left on device")


def show(name: str) -> str:
    if name == "odd":
        raise LookupError(name)
    return name


class Create(ShowOne):
    """Create a thing."""

    columns = (Column("name", lambda name, now: show(name)),)
    name = "new"

    def take_action(self, parsed_args: Any) -> Answer[str]:
        self.client.post("things", action="create a thing")
        return Answer([self.name])


class CreateTwo(Command):
    """Create a thing of two kinds, and say so."""

    def take_action(self, parsed_args: Any) -> None:
        self.client.post("things", action="create a thing")
        self.client.post("others", action="create another thing")
        self.app.stdout.write("done")


def do_on_a_full_disk(command: type[Command]) -> Result:
    return do(command, runtime=dataclasses.replace(fake_runtime(), stdout=Full()), expect=8)


@pytest.mark.parametrize("command", [Create, CreateTwo])
def test_an_answer_that_can_not_be_written_says_that_it_was_done(
    api: Api, command: type[Command]
) -> None:
    api.on("POST", "/things", status=204)
    if command is CreateTwo:
        api.on("POST", "/others", status=204)

    told = do_on_a_full_disk(command).stderr

    assert "the changes were carried out, but can't write to standard output" in told


def test_a_cell_that_fails_says_that_it_was_done(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    api.on("POST", "/things", status=204)
    monkeypatch.setattr(Create, "name", "odd")

    told = do(Create, expect=1).stderr

    assert told.startswith("ampctl: changes were carried out before this:\n")
    assert "this is a bug in" in told


def test_a_second_change_that_fails_says_that_there_was_a_first(api: Api) -> None:
    api.on("POST", "/things", status=204)
    api.error("POST", "/others", 409, "CONFLICT")

    told = do(CreateTwo, expect=6).stderr

    assert told.startswith("ampctl: changes were carried out before this:\n")


def test_what_was_refused_is_not_called_done(api: Api) -> None:
    api.error("POST", "/things", 409, "CONFLICT")

    assert "carried out" not in do(CreateTwo, expect=6).stderr


@pytest.mark.parametrize("command", [Create, CreateTwo])
def test_an_interrupted_change_is_in_doubt(api: Api, command: type[Command]) -> None:
    api.on("POST", "/things", exc=KeyboardInterrupt)

    told = do(command, expect=130).stderr

    assert told == "ampctl: can't tell whether this was carried out: create a thing\n"


def test_each_command_of_a_session_has_changes_of_its_own(api: Api) -> None:
    api.on("POST", "/things", status=204)
    session = Session(fake_runtime())
    session.configure({})
    session.client.post("things", action="create a thing")

    before = session.has_changed
    session.configure({})

    assert (before, session.has_changed) == (True, False)
