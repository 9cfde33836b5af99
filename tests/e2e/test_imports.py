"""What a command does not need is not imported."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from ampctl_sandbox.testing import Sandbox, make_job

PLUGIN_MODULES = {"ampctl_job", "ampctl_sandbox", "ampctl_worker"}


def imported(*argv: str) -> set[str]:
    """Return the modules that a process has imported when it has run a command line."""
    script = (
        "import os, sys\n"
        # What completes a word gives up the streams of its shell.
        "stderr = os.fdopen(os.dup(2), 'w')\n"
        "from ampctl.entry import run\n"
        "run()\n"
        "stderr.write('\\nMODULES ' + ' '.join(sys.modules))\n"
        "stderr.flush()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *argv], capture_output=True, text=True, check=True
    )
    return set(done.stderr.rpartition("MODULES ")[2].split())


def test_the_version_needs_the_console_script_alone() -> None:
    ours = {name for name in imported("--version") if name.partition(".")[0] == "ampctl"}

    assert ours == {"ampctl", "ampctl.entry"}


def absent(modules: set[str], names: set[str]) -> bool:
    return not {module for module in modules if module.partition(".")[0] in names}


@pytest.mark.parametrize("argv", [["--version"], ["--help"], ["job"], ["job", "lst"]], ids=" ".join)
def test_what_needs_no_command_imports_no_plugin_and_no_library(argv: list[str]) -> None:
    libraries = {"requests", "marshmallow", "rich", "cmd2", "yaml", "prettytable", "sqlalchemy"}

    assert absent(imported(*argv), libraries | PLUGIN_MODULES)


@pytest.mark.parametrize("words", [("",), ("job", ""), ("help", "job", "l")], ids=" ".join)
def test_completing_a_command_imports_neither_a_plugin_nor_what_runs_commands(
    words: tuple[str, ...],
) -> None:
    modules = imported("__complete", "--", *words)

    assert "ampctl.shell.complete.engine" in modules
    assert absent(modules, {"cliff", "stevedore", "requests", "prompt_toolkit"} | PLUGIN_MODULES)


@pytest.mark.parametrize(
    ("format_name", "used"),
    [
        ("json", set()),
        ("csv", {"csv"}),
        ("jsonl", set()),
        ("value", set()),
        ("yaml", {"yaml"}),
        ("table", set()),
    ],
)
def test_a_listing_imports_its_own_format_only(
    sandbox: Sandbox, format_name: str, used: set[str]
) -> None:
    make_job(sandbox.store)

    modules = imported("--admin-url", sandbox.url, "job", "list", "-f", format_name)

    assert absent(
        modules, {"yaml", "prettytable", "wcwidth", "rich", "cmd2", "sqlalchemy", "flask"} - used
    )
    assert used <= modules
    assert f"ampctl.output.{format_name}" in modules


@pytest.mark.parametrize("output", [["--json"], ["-f", "csv"], ["-f", "table"]], ids=" ".join)
def test_an_ordinary_list_needs_no_schema(sandbox: Sandbox, output: list[str]) -> None:
    make_job(sandbox.store)

    modules = imported("--admin-url", sandbox.url, "job", "list", *output)

    assert absent(modules, {"marshmallow"})
    assert not modules & {"ampctl.client.schema", "ampctl_job.schemas", "ampctl_job.details"}


def test_running_a_command_imports_no_other_command(sandbox: Sandbox) -> None:
    modules = imported("--admin-url", sandbox.url, "job", "list")

    commands = {m for m in modules if m.startswith("ampctl_job.commands.")}
    assert commands == {"ampctl_job.commands.list"}


@pytest.mark.measured
def test_marshmallow_is_imported_without_its_slow_patterns() -> None:
    script = (
        "import ampctl.client.schema, marshmallow.validate as v\n"
        "print(type(v.Email.DOMAIN_REGEX).__name__)\n"
        "print(v.Email()('a@example.org'))\n"
    )

    done: Any = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert done.stdout.split() == ["_LazyPattern", "a@example.org"]
