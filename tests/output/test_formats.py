"""All formats together: which there are, and what each of them loads."""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cliff.formatters.base import ListFormatter, SingleFormatter

from ampctl.discovery.builtin import BUILTIN
from ampctl.discovery.builtin import FORMATTERS as BUILTIN_FORMATTERS
from ampctl.discovery.loading import load_object
from ampctl.output import csv, json, jsonl, table, value, yaml
from ampctl.output.options import add_format_options
from ampctl.testing import Conformance

ROOT = Path(__file__).resolve().parents[2]

FORMATTERS = {
    "csv": csv.CsvFormatter,
    "json": json.JsonFormatter,
    "jsonl": jsonl.JsonLinesFormatter,
    "table": table.TableFormatter,
    "value": value.ValueFormatter,
    "yaml": yaml.YamlFormatter,
}
HEAVY = {"yaml", "prettytable", "wcwidth", "csv", "rich", "cmd2", "marshmallow", "requests"}
NEEDED = {"csv": {"csv"}, "yaml": {"yaml"}}


def test_exactly_six_formats_are_offered_and_none_for_a_shell_to_run() -> None:
    points = [entry for entry in BUILTIN if entry.group == BUILTIN_FORMATTERS]
    assert {point.name: load_object(point) for point in points} == FORMATTERS


def test_every_format_has_its_row_in_the_page_on_output() -> None:
    page = (ROOT / "docs" / "output.rst").read_text(encoding="utf-8")
    section = page.partition("\nFormats\n-------\n")[2].partition("\n---")[0]

    assert set(re.findall(r"^   \* - ``(\w+)``$", section, re.MULTILINE)) == set(FORMATTERS)


def test_every_format_is_tried_by_the_conformance_suite() -> None:
    marks = Conformance.test_standard_output_is_data_only_in_every_format.pytestmark

    assert [set(mark.args[1]) for mark in marks] == [set(FORMATTERS)]


@pytest.mark.parametrize("name", FORMATTERS)
def test_every_format_shows_lists_and_single_records(name: str) -> None:
    assert issubclass(FORMATTERS[name], ListFormatter)
    assert issubclass(FORMATTERS[name], SingleFormatter)


@pytest.mark.parametrize("name", FORMATTERS)
def test_a_format_adds_options_that_our_commands_have_anyway(name: str) -> None:
    alone, together = argparse.ArgumentParser(), argparse.ArgumentParser()
    FORMATTERS[name]().add_argument_group(alone)
    add_format_options(together)

    assert set(alone._option_string_actions) <= set(together._option_string_actions)


@pytest.mark.parametrize("name", [*FORMATTERS, "cells", "document", "options"])
def test_a_format_loads_no_library_of_another(name: str) -> None:
    # The standard library's csv may be there before, brought by importlib.metadata.
    program = (
        "import sys; before = set(sys.modules); "
        f"import ampctl.output.{name}; print(*set(sys.modules) - before)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert set(result.stdout.split()) & HEAVY <= NEEDED.get(name, set())


@pytest.mark.parametrize("name", FORMATTERS)
def test_no_hostile_text_stops_a_format_or_passes_it_raw(name: str, emit_with) -> None:
    hostile = "a\x00\x07\x1b]0;x\x9b\u202e\u2066\ud800"
    emit = emit_with(FORMATTERS[name]())
    nested = {"key": [hostile, float("nan")], hostile: None}
    for output in (
        emit.list(["name", "object"], [(hostile, nested)]),
        emit.one(["name", "object"], [hostile, nested]),
    ):
        output.encode("utf-8")
        visible = output.replace("\r", "").replace("\n", "")
        assert visible.isprintable()
        assert "nan" not in output.lower().replace("name", "")
