"""The formats that there are, also those of others."""

from __future__ import annotations

import argparse
import io
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.formats import load_formatter
from ampctl.discovery.registry import Registry
from ampctl.errors import PluginError
from ampctl.plugin import Answer, Column, Lister, ShowOne
from ampctl.testing import Result, invoke

from .conftest import Install

FORMAT = """
class Format:
    def emit_list(self, column_names, data, stdout, parsed_args): pass
    def emit_one(self, column_names, data, stdout, parsed_args): pass
"""


HTML = """
class Html:
    def add_argument_group(self, parser):
        group = parser.add_argument_group("html", "for browsers")
        group.add_argument("--title", default="none")
        group.add_argument("--quote", dest="other_quote", default="q")
        group.add_argument("-c", "--caption", default="no caption")
    {method}
"""
LISTS = """def emit_list(self, names, data, stdout, args):
        stdout.write(f"<{args.title} {args.caption} {args.other_quote} {len(data)}>\\x1b\\n")"""
ONES = """def emit_one(self, names, data, stdout, args):
        stdout.write(f"<{args.title}: {', '.join(map(str, data))}>\\n")"""


class ListPets(Lister):
    """List pets."""

    columns = (Column("name", lambda pet, now: pet),)

    def take_action(self, parsed_args):
        return Answer(["cat", "dog"])


class ShowPet(ShowOne):
    """Show a pet."""

    columns = (Column("name", lambda pet, now: pet),)

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument("--all", action="store_true")
        return parser

    def take_action(self, parsed_args):
        return Answer(["cat", "dog"] if parsed_args.all else ["cat"], is_list=parsed_args.all)


def run(*words: str, expect: int = 0) -> Result:
    """Run one of these commands."""
    commands = {"pet list": ListPets, "pet show": ShowPet}
    return invoke("pet", *words, commands=commands, expect=expect)


OURS = ["csv", "json", "jsonl", "table", "value", "yaml"]


def test_a_formatter_is_an_instance(plugins) -> None:
    plugins("amp-odd", "", odd_plugin=FORMAT)

    extension = load_formatter(EntryPoint("odd", "odd_plugin:Format", "ampctl.formatter"))

    assert type(extension.obj) is extension.plugin


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (FORMAT.replace("emit_one", "emit_1"), "is not a formatter: it has no emit_one$"),
        ("Format = 5", "TypeError: 'int' object is not callable"),
        ("def Format(): raise SystemExit(0)", "SystemExit: 0"),
    ],
)
def test_what_can_not_be_a_formatter_is_refused(plugins, source: str, reason: str) -> None:
    plugins("amp-odd", "", odd_plugin=source)

    with pytest.raises(PluginError, match=reason):
        load_formatter(EntryPoint("odd", "odd_plugin:Format", "ampctl.formatter"))


@pytest.fixture
def html(plugins: Install) -> Install:
    """A distribution that brings a format for lists to programs that are made with cliff."""
    plugins(
        "cliff-html",
        "[cliff.formatter.list]\nhtml = html_lists:Html\ncsv = html_lists:Html\n",
        html_lists=HTML.format(method=LISTS),
    )
    return plugins


def test_formats_for_cliff_are_offered_where_their_names_are_free(html: Install) -> None:
    assert Registry().list_formatters.names() == sorted([*OURS, "html"])
    assert Registry().one_formatters.names() == sorted([*OURS, "shell"])
    assert type(Registry().list_formatters["csv"].obj).__module__ == "ampctl.output.csv"


def test_a_format_for_single_records_alone_is_offered_there(plugins: Install) -> None:
    plugins(
        "cliff-html",
        "[cliff.formatter.show]\nhtml = html_ones:Html\n",
        html_ones=HTML.format(method=ONES),
    )

    assert "html" not in Registry().list_formatters
    assert run("show", "-f", "html", "--title", "a").stdout == "<a: cat>\n"
    assert run("show", "--all", "-f", "html").stdout == "<none: cat>\n<none: dog>\n"
    assert run("show", "--all", "-f", "shell").stdout == 'name="cat"\nname="dog"\n'


def test_what_is_missing_of_a_format_is_named(plugins: Install) -> None:
    plugins("amp-odd", "", odd_plugin=FORMAT)

    with pytest.raises(PluginError, match=r"is not a formatter: it has no add_argument_group$"):
        load_formatter(EntryPoint("odd", "odd_plugin:Format", "cliff.formatter.list"))


def test_its_own_options_are_known_with_the_format_and_explained_with_all(html: Install) -> None:
    assert run("list", "-f", "html", "--title", "a").stdout == "<a no caption q 2>\\x1b\n"
    assert run("list", "--title", "a", "-fhtml").stdout.startswith("<a ")
    assert run("list", "--title", "a", "-vf", "html").stdout.startswith("<a ")
    assert run("list", "--title", "a", "--format=html").stdout.startswith("<a ")
    assert "--title" in run("list", "-f", "csv", "--title", "a", expect=2).stderr
    help_text = run("list", "--help").stdout
    assert "html:\n  for browsers\n\n  --title TITLE\n  --caption CAPTION\n" in help_text


def test_a_format_that_can_not_be_loaded_does_not_hide_the_help(plugins: Install) -> None:
    plugins("cliff-bad", "[cliff.formatter.list]\nbad = bad_format:F\n", bad_format="1 / 0\n")

    assert "csv, json, jsonl" in run("list", "--help").stdout.replace("bad, ", "")
    assert "cliff-bad can't be loaded" in run("list", "-f", "bad", expect=2).stderr


@pytest.mark.parametrize("group", ["ampctl.formatter", "cliff.formatter.list"])
def test_options_that_can_not_be_read_do_not_hide_the_help(plugins: Install, group: str) -> None:
    method = "def add_argument_group(self, parser): raise RuntimeError('bad group')"
    plugins("amp-bad", f"[{group}]\nbad = bad_format:Format\n", bad_format=f"{FORMAT}    {method}")

    assert "csv, json, jsonl" in run("list", "--help").stdout.replace("bad, ", "")
    told = run("list", "-f", "bad", expect=2).stderr
    assert "amp-bad offers the format 'bad', but the options of bad_format:Format" in told


def test_a_format_without_options_needs_no_method_for_them(plugins: Install) -> None:
    plugins("amp-bare", "[ampctl.formatter]\nbare = bare_format:Format\n", bare_format=FORMAT)

    assert "bare, csv" in run("list", "--help").stdout
    assert run("list", "-f", "bare").stdout == ""


def test_a_format_that_fails_is_blamed_and_not_the_command(plugins: Install) -> None:
    source = FORMAT.replace("parsed_args): pass", "parsed_args): 1 / 0")
    plugins("amp-bad", "[ampctl.formatter]\nbad = bad_format:Format\n", bad_format=source)

    told = run("list", "-f", "bad", expect=1).stderr
    assert "a bug in the format 'bad' of amp-bad: ZeroDivisionError" in told


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("plain", 'job_name="plain"'),
        ('"; rm -rf /', 'job_name="\\"; rm -rf /"'),
        (True, 'job_name="True"'),  # as cliff writes it, which scripts compare it with
        ("$(id) `id` \\", 'job_name="\\$(id) \\`id\\` \\\\"'),
    ],
)
def test_shell_assigns_values_that_mean_nothing_to_a_shell(value: Any, expected: str) -> None:
    formatter: Any = Registry().one_formatters["shell"].obj
    parser = argparse.ArgumentParser()
    formatter.add_argument_group(parser)
    lines: list[str] = []
    stdout = argparse.Namespace(write=lines.append)

    formatter.emit_one(
        ["Name", "a;b"], [value, None], stdout, parser.parse_args(["--prefix", "job_"])
    )

    assert lines == [f"{expected}\n", 'job_a_b=""\n']


@pytest.mark.parametrize(
    "value", ["$(touch ran)`touch ran`", '";touch ran;"', "\\$(touch ran)", "!! ' é\n"]
)
def test_a_shell_that_evaluates_it_runs_nothing_and_gets_the_value(
    tmp_path: Path, value: str
) -> None:
    formatter: Any = Registry().one_formatters["shell"].obj
    stdout = io.StringIO()
    options = argparse.Namespace(variables=[], prefix="")
    formatter.emit_one(["x;touch ran"], [value], stdout, options)

    program = f'{stdout.getvalue()}\nprintf %s "$x_touch_ran"'
    done = subprocess.run(["sh", "-c", program], cwd=tmp_path, capture_output=True, text=True)

    assert (done.stdout, done.stderr, list(tmp_path.iterdir())) == (value, "", [])
