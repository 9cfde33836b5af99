"""The contract: one page, lazily imported, and all that our own plugins use."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ampctl.plugin
from ampctl.testing import invoke

from .conftest import ROOT

PLUGINS = [
    *ROOT.glob("ampctl_*/src/**/*.py"),
    *(ROOT / "examples").glob("*/src/*/*.py"),
    *(ROOT / "examples").glob("*/tests/*.py"),
]
PUBLIC = {"ampctl.plugin", "ampctl.client", "ampctl.testing"}
PAGES = [
    *ROOT.glob("*.md"),
    *ROOT.glob("ampctl_*/*.md"),
    *ROOT.glob("examples/*/*.md"),
    *ROOT.glob("docs/**/*.rst"),
    *ROOT.glob("ampctl/commands/plugin/template/*.in"),
    *ROOT.glob("ampctl/plugin.py"),
    *ROOT.glob("ampctl/client/__init__.py"),
    *ROOT.glob("ampctl/testing/*.py"),
]
# What the pages for plugin authors may send their readers to.
AUTHORS = ["plugin-contract.rst", "plugin-tutorial.rst", "writing-plugins.rst"]


def imported_modules(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", PLUGINS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_our_own_plugins_import_what_the_contract_promises_and_nothing_else(path: Path) -> None:
    core = {name for name in imported_modules(path) if name.split(".")[0] == "ampctl"}

    assert core <= PUBLIC


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_snippet_imports_what_is_private(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    # A snippet is indented, or stands in a page; the sources' own imports are neither.
    margin = "^ +" if path.suffix == ".py" else "^ *"
    lines = re.findall(rf"(?m){margin}(?:from|import) (ampctl\b[\w.]*)(?: import|$)", text)
    own = imported_modules(path) if path.suffix == ".py" else ()

    assert set(lines) - set(own) <= PUBLIC


@pytest.mark.parametrize("name", AUTHORS)
def test_a_page_for_authors_sends_nobody_to_what_is_private(name: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    named = re.findall(r":(?:mod|class|func|meth|attr|data|exc):`~?(ampctl\.\w+)", text)

    assert set(named) <= PUBLIC


def test_every_name_of_the_contract_can_be_imported_and_no_other() -> None:
    for name in ampctl.plugin.__all__:
        assert getattr(ampctl.plugin, name) is not None
    with pytest.raises(AttributeError, match="has no attribute 'Registry'"):
        _ = ampctl.plugin.Registry


def test_every_name_of_the_contract_has_its_place_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "plugins.rst").read_text(encoding="utf-8")
    shown = set(re.findall(r":: ampctl\.plugin\.(\w+)$", page, re.MULTILINE))

    assert set(ampctl.plugin.__all__) - shown == {"AdminClient", "Response"}


@pytest.mark.parametrize(
    "module", ["ampctl.plugin", "ampctl_job", "ampctl.testing", "ampctl.testing.pytest_plugin"]
)
def test_a_module_that_everybody_imports_brings_no_library(module: str) -> None:
    script = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    libraries = {"requests", "marshmallow", "cliff", "stevedore", "requests_mock"}
    assert libraries & set(done.stdout.split()) == set()


def test_our_own_plugins_pass_the_check() -> None:
    shown = invoke("plugin", "check", "ampctl-job", "ampctl-sandbox", "ampctl-worker", "-f", "json")

    assert shown.json == []
