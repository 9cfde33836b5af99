"""``ampctl help --search`` looks through what is installed."""

from __future__ import annotations

import pytest

from ampctl.testing import invoke


def test_the_help_of_what_is_installed_is_searched() -> None:
    lines = invoke("help", "--search", "delete").stdout.splitlines()

    assert lines[0].split(maxsplit=2) == ["job", "rm", "Remove finished jobs"]
    assert lines[1].split(maxsplit=2)[2].startswith("Empty a sandbox's database: ")


def test_options_are_shown_as_they_are_typed() -> None:
    stdout = invoke("help", "--search", "list status").stdout

    assert "\n  job list -s, --status STATUS  active (default), all, " in stdout


def test_global_options_are_found_and_hidden_ones_are_not() -> None:
    assert "  --auth-token TOKEN  " in invoke("help", "--search", "bearer").stdout
    assert invoke("help", "--search", "or-help").stdout == ""
    assert "  complete " not in invoke("help", "--search", "complete").stdout


def test_nothing_found_is_said_and_no_failure() -> None:
    result = invoke("help", "--search", "zebra", "--", "-x")

    assert result.stdout == ""
    assert result.stderr == "nothing was found for 'zebra -x'\n"


@pytest.mark.parametrize("words", [[], [""], ["--", "--"]], ids=str)
def test_without_a_word_nothing_is_searched(words: list[str]) -> None:
    told = invoke("help", "--search", *words, expect=2).stderr

    assert "there is no word to search for" in told


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("raise SystemExit(3)", "amp-bad can't be loaded: SystemExit: 3"),
        ("import no_such_module", "amp-bad can't be loaded: ModuleNotFoundError"),
        ("class Swim: pass", "amp-bad can't be used: Swim is not an ampctl.plugin.Command"),
        (
            "from ampctl.plugin import Command\nclass Swim(Command):\n    take_action = print\n"
            "    def get_parser(self, prog_name): return None",
            "this is a bug in amp-bad: AttributeError",
        ),
        (
            "from ampctl.plugin import Command\nclass Swim(Command):\n    take_action = print\n"
            "    def get_parser(self, prog_name):\n        parser = super().get_parser(prog_name)\n"
            "        parser.add_argument('--x').help = '%(nope)s'\n        return parser",
            "this is a bug in amp-bad: KeyError",
        ),
    ],
    ids=["exits", "imports", "class", "parser", "help"],
)
def test_a_broken_plugin_is_one_line_and_the_rest_is_found(plugins, source: str, told: str) -> None:
    points = "[ampctl.groups]\nbad = bad_group:group\n[ampctl.bad]\n"
    plugins(
        "amp-bad",
        f"{points}swim = bad_swim:Swim\n",
        bad_group="group = CommandGroup(summary='Bad', api='1', synonyms={'swim': ('list',)})\n",
        bad_swim=f"{source}\n",
    )

    result = invoke("help", "--search", "list")

    (line,) = result.stderr.splitlines()
    assert told in line
    assert "  job list " in result.stdout
    assert "  bad swim" in result.stdout


def test_a_plugin_is_told_of_once_however_many_of_its_commands_fail(plugins) -> None:
    points = "[ampctl.groups]\nbad = bad_group:group\n[ampctl.bad]\n"
    plugins(
        "amp-bad",
        f"{points}swim = bad_swim:Swim\ndive = bad_dive:Dive\n",
        bad_group="group = CommandGroup(summary='Bad', api='2')\n",
    )

    told = invoke("help", "--search", "list").stderr

    assert told.count("amp-bad was written for version 2") == 1
    assert len(told.splitlines()) == 1
