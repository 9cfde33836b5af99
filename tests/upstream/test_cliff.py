"""What cliff promises, as its own tests and its demonstration see it; the package index is needed.

What fails by decision is in ``decided.txt``.
"""

from __future__ import annotations

import json
import os

import pytest

from .conftest import Upstream
from .substitutes import read_decided

pytestmark = pytest.mark.slow

POINTS = """
[ampctl.groups]
demo = demo_plugin:group
[ampctl.demo]
error = cliffdemo.simple:Error
file = cliffdemo.show:File
files = cliffdemo.list:Files
hooked = cliffdemo.hook:Hooked
servers = demo_plugin:Servers
simple = cliffdemo.simple:Simple
unicode = cliffdemo.encoding:Encoding
[ampctl.demo.hooked]
sample-hook = cliffdemo.hook:Hook
"""
PLUGIN = '''
from ampctl.plugin import CommandGroup
from osc_lib.command import command
from osc_lib import exceptions

group = CommandGroup(summary="Show what cliff shows", api="1")

class Servers(command.Lister):
    """List servers."""

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument("--fail", action="store_true")
        return parser

    def take_action(self, parsed_args):
        if parsed_args.fail:
            raise exceptions.CommandError("no server is called so")
        return ("Name", "Project ID"), [("a", 1), ("b", 2)]
'''
LISTS = ("csv", "json", "jsonl", "table", "value", "yaml")


@pytest.fixture(scope="module")
def demo(upstream: Upstream) -> Upstream:
    """cliff's demonstration as a plugin, and a class of osc-lib's."""
    info = upstream.site / "amp_demo-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: amp-demo\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
    (upstream.site / "demo_plugin.py").write_text(PLUGIN)
    (upstream.site / "demo.pth").write_text(f"{upstream.source / 'demoapp'}\n")
    return upstream


def run(demo: Upstream, *words: str, expect: int = 0) -> tuple[str, str]:
    """Run a command of the group ``demo``, and return both streams."""
    done = demo.python("-m", "ampctl", "demo", *words, expect=expect)
    return done.stdout, done.stderr


def test_cliffs_own_tests_pass_apart_from_those_decided(upstream: Upstream) -> None:
    # Not those of this project, in whose folder it may be.
    settings = ("--rootdir", upstream.source, "-c", os.devnull)
    plugins = ("-p", "substitutes", "-p", "no:randomly", "-p", "no:cacheprovider")

    upstream.python("-m", "pytest", "-q", *settings, *plugins, "cliff/tests")


def test_every_decision_has_its_reason() -> None:
    assert all(len(reason.split()) > 3 for _, reason in read_decided())


@pytest.mark.parametrize("name", LISTS)
def test_the_listers_of_others_print_in_every_format(demo: Upstream, name: str) -> None:
    stdout, stderr = run(demo, "servers", "-f", name)

    assert ("a" in stdout, "1" in stdout, stderr) == (True, True, "")
    assert "setup.py" in run(demo, "files", "-f", name, "-c", "name")[0]


@pytest.mark.parametrize("name", [*LISTS, "shell"])
def test_the_show_one_of_the_demonstration_prints_in_every_format(
    demo: Upstream, name: str
) -> None:
    assert "setup.cfg" in run(demo, "file", "setup.cfg", "-f", name)[0]


def test_columns_are_chosen_by_any_spelling(demo: Upstream) -> None:
    assert run(demo, "servers", "-f", "csv", "-c", "project_id")[0] == "Project ID\n1\n2\n"
    shown = json.loads(run(demo, "file", "-f", "json", "-c", "MODIFIED TIME")[0])
    assert list(shown) == ["Modified Time"]


def test_commands_log_fail_and_are_hooked_as_with_cliff(demo: Upstream) -> None:
    assert run(demo, "simple") == ("hi!\n", "ampctl: sending greeting\n")
    assert "RuntimeError: this is the expected exception" in run(demo, "error", expect=1)[1]
    assert "CommandError: no server is called so" in run(demo, "servers", "--fail", expect=1)[1]
    said = run(demo, "hooked", "--added-by-hook", "x")[0].splitlines()
    assert said[-3:] == ["before", "this command has an extension", "after"]
    assert "extension epilog text" in run(demo, "hooked", "--help")[0]


def test_help_lists_the_commands_of_others(demo: Upstream) -> None:
    stdout = run(demo, "--help")[0]

    assert "simple   A simple command that prints a message" in stdout
