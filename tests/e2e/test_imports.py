"""What a command does not need is not imported."""

from __future__ import annotations

import functools
import subprocess
import sys

import pytest

from ampctl_sandbox.testing import Sandbox, make_job


def imported(*argv: str, code: str = "from ampctl.entry import run; run()") -> set[str]:
    """Return the modules that a process has loaded when it has run a command line."""
    script = (
        "import os, sys\n"
        # What completes a word gives up the streams of its shell.
        "stderr = os.fdopen(os.dup(2), 'w')\n"
        f"{code}\n"
        "loaded = [name for name, module in sys.modules.items() if type(module) is type(sys)]\n"
        "stderr.write('\\nMODULES ' + ' '.join(loaded))\n"
        "stderr.flush()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *argv], capture_output=True, text=True, check=True
    )
    return set(done.stderr.rpartition("MODULES ")[2].split())


WORDS = """
    ampctl.client ampctl.codes ampctl.console ampctl.discovery ampctl.entry ampctl.errors
    ampctl.lazy ampctl.runtime ampctl.settings ast copy dataclasses datetime gc locale signal
"""
COMMAND = f"""
    {WORDS} ampctl.app ampctl.bases ampctl.main ampctl.plugin ampctl.session autopage cliff
    contextvars stevedore
"""
JOB = f"""
    {COMMAND} ampctl.output.cells ampctl.output.document ampctl.output.options
    ampctl.output.screen ampctl.output.sorting ampctl.output.values ampctl_job.api
    ampctl_job.appearance ampctl_job.arguments ampctl_job.cells ampctl_job.columns
    ampctl_job.listing ampctl_job.oddities ampctl_job.ordinary ampctl_job.vocabulary json
"""
LIST = f"""
    {JOB} ampctl_job.commands.list ampctl_job.filter_options ampctl_job.remarks
"""
ROWS = f"{LIST} ampctl.output.formatter ampctl_job.models"
BATCHES = f"{LIST} ampctl.output.batches ampctl.output.formatter"
NEEDED = {
    "--version": "ampctl.entry gc signal",
    "--help": f"{COMMAND} ampctl.commands",
    "job": f"{COMMAND} ampctl.commands",
    "__complete -- j": f"{WORDS} ampctl.shell",
    "__complete -- job l": f"{WORDS} ampctl.shell",
    "job list --help": LIST,
    "job list --json": LIST,
    "job list -f json": f"{ROWS} ampctl.output.json",
    "job list -f jsonl": f"{BATCHES} ampctl.output.jsonl",
    "job list -f value": f"{BATCHES} ampctl.output.value",
    "job list -f csv": f"{BATCHES} ampctl.output.csv csv",
    "job list -f table": f"{ROWS} ampctl.output.fitting ampctl.output.layout ampctl.output.table",
    "job list -f yaml": f"{BATCHES} ampctl.output.yaml yaml",
    "job inspect 1 --json": f"""
        {JOB} ampctl_job.commands.inspect ampctl_job.details ampctl_job.filter_options
        ampctl_job.looking ampctl_job.models ampctl_job.schemas ampctl_job.selecting
        decimal dis inspect marshmallow numbers opcode platform uuid
    """,
}


def name_parts(modules: set[str]) -> set[str]:
    """Return the packages that ``modules`` are of; of ampctl its rooms, or what is in them."""
    parts = set()
    for name in modules:
        of = name.split(".")
        depth = 1 if of[0] not in ("ampctl", "ampctl_job") else 2
        if of[:2] in (["ampctl", "output"], ["ampctl_job", "commands"]):
            depth = 3
        if len(of) >= depth and not name.startswith(("_", "cython")):
            parts.add(".".join(of[:depth]))
    return parts


@functools.cache
def find_usual(library: str) -> set[str]:
    """Return what is imported by ``library`` and by what every command needs beside it."""
    # Sources of modules that are not compiled are read with tokenize, if there are any.
    imports = f"import argparse, linecache, tokenize, {library}; tokenize.open"
    return name_parts(imported(code=f"import ampctl.deferred as d; d.defer_modules(); {imports}"))


@pytest.mark.parametrize("line", NEEDED)
def test_a_command_imports_what_it_needs_and_nothing_else(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    make_job(sandbox.store)
    monkeypatch.setenv("AMP_ADMIN_URL", sandbox.url)

    modules = imported(*line.split())

    library = "requests" if "requests" in modules else "importlib.metadata, logging"
    found = name_parts(modules) - find_usual(library)
    needed = set(NEEDED[line].split()) - find_usual(library)
    assert found - needed == set(), "it imports more than before"
    assert needed - found == set(), "it does not import this any more: take it out of the list"


@pytest.mark.parametrize("line", ["job lst", "__complete -- help job l"])
def test_words_alone_import_no_plugin_and_no_library(line: str) -> None:
    modules = name_parts(imported(*line.split()))

    assert not modules & {"requests", "marshmallow", "yaml", "prompt_toolkit", "ampctl_job.api"}


def test_a_word_is_completed_without_the_library_of_metadata() -> None:
    assert "importlib.metadata" not in imported("__complete", "--", "job", "l")
