"""The runner: one command line in this process, on streams that the test chose."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import pytest

from ampctl.plugin import Command, Lister, UsageError
from ampctl.testing import Api, invoke, parse


class ListWorkers(Lister):
    """List the workers."""

    column_names = ("node_id", "zone")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        parser = super().get_parser(prog_name)
        parser.add_argument("--zone", choices=("eu", "us"), default="eu", help="where it runs")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Any:
        return self.column_names, [("worker " * 20, parsed_args.zone)]


class ShowStreams(Command):
    """Tell which streams are terminals."""

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        streams = (self.runtime.stdin, self.runtime.stdout, self.runtime.stderr)
        self.console.say(" ".join(str(stream.isatty()) for stream in streams))


class Print(Command):
    """Print past the console."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        parser = super().get_parser(prog_name)
        parser.add_argument("stream", help="a stream of the process")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        print("an answer", file=getattr(sys, parsed_args.stream))


class Break(Command):
    """Raise what no command should."""

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        raise LookupError("lost")


JOB = {
    "id": 7,
    "created_at": "2026-03-01T09:14:22+00:00",
    "updated_at": "2026-03-01T09:14:22+00:00",
    "node_id": "worker-1",
    "status": "RUNNING",
}
THING = {"thing list": ListWorkers, "thing streams": ShowStreams, "thing break": Break}


def test_a_command_needs_not_be_installed() -> None:
    assert invoke("thing", "list", "-c", "zone", "-f", "value", commands=THING).stdout == "eu\n"
    assert invoke("thing", "list", expect=2).stderr.startswith("ampctl: 'thing' is not a command")


def test_a_command_can_be_added_to_an_installed_group(api: Api) -> None:
    commands = {"job zones": ListWorkers}

    assert "job zones" in invoke("job", "zones", "--help", commands=commands).stdout
    assert "Show and control extraction jobs" in invoke("job", "--help", commands=commands).stdout


def test_a_command_is_given_under_a_group_and_a_verb() -> None:
    with pytest.raises(ValueError, match="'list' is not a group and a verb"):
        invoke("list", commands={"list": ListWorkers})


def test_a_bug_of_a_given_command_is_not_blamed_on_ampctl() -> None:
    told = invoke("thing", "break", commands=THING, expect=1).stderr

    assert "this is a bug in " in told
    assert "this is a bug in ampctl:" not in told


@pytest.mark.parametrize("columns", [70, 95])
def test_columns_is_the_width_of_tables_and_help(columns: int, monkeypatch: Any) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    options: Any = {"is_terminal": True, "environ": {"COLUMNS": str(columns)}, "commands": THING}

    for words in (["list"], ["list", "--help"]):
        lines = invoke("thing", *words, **options).stdout.splitlines()
        assert columns - 12 < max(map(len, lines)) <= columns


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "False False False"),
        ({"is_terminal": True}, "True True True"),
        ({"stdin_is_terminal": True}, "True False False"),
        ({"stdout_is_terminal": True}, "False True False"),
        ({"is_terminal": True, "stderr_is_terminal": False}, "True True False"),
    ],
)
def test_each_stream_can_be_a_terminal_of_its_own(options: Any, told: str) -> None:
    assert invoke("thing", "streams", commands=THING, **options).stderr == f"{told}\n"


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_what_is_printed_past_the_console_fails_and_is_quoted(stream: str) -> None:
    with pytest.raises(AssertionError, match=f"(?s)past the console, to sys.{stream}:\nan answer"):
        invoke("thing", "print", stream, commands={"thing print": Print})


def test_a_failure_does_not_show_the_frames_of_the_kit() -> None:
    with pytest.raises(AssertionError) as failure:
        invoke("nope")

    shown = [entry for entry in failure.traceback if not entry.ishidden(failure)]
    assert [entry.name for entry in shown] == ["test_a_failure_does_not_show_the_frames_of_the_kit"]


def test_documents_are_read_line_by_line(api: Api) -> None:
    for number in (7, 8):
        api.on("GET", f"/jobs/{number}", {**JOB, "id": number})

    result = invoke("job", "inspect", "7", "8", "--json")

    assert [document["id"] for document in result.documents] == [7, 8]


def test_any_exit_code_will_do_if_none_is_expected() -> None:
    assert invoke("thing", "list", expect=None).exit_code == 2


def test_parse_returns_what_the_command_would_be_given() -> None:
    assert parse("job", "list", "-l", "5").limit == 5
    assert parse("thing", "list", "--zone", "us", commands=THING).zone == "us"


@pytest.mark.parametrize(
    "words", [["list", "--zone", "mars"], ["list", "extra"], ["lst"], ["list", "--zon", "eu"]]
)
def test_parse_refuses_what_the_command_would_refuse(words: list[str]) -> None:
    with pytest.raises(UsageError) as refusal:
        parse("thing", *words, commands=THING)

    told = invoke("thing", *words, commands=THING, expect=2).stderr
    assert str(refusal.value) in told
