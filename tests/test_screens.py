"""The screens of the documentation are what the commands show, and the pages are cut from them."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs").rglob("*.rst"))
README = ROOT / "README.md"
INCLUDED = re.compile(r"literalinclude:: (?:\.\./)*screens/(\S+)")
EXCERPT = re.compile(r"<!-- screen: (\S+) -->")


def load_recorder() -> ModuleType:
    """Import what records the screens."""
    path = ROOT / "tools" / "screens" / "record.py"
    spec = importlib.util.spec_from_file_location("record_screens", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Its data classes look their module up.
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


recorder = load_recorder()
TAKES = recorder.read_takes()


@pytest.mark.parametrize("take", TAKES, ids=lambda take: take.file_name)
def test_a_screen_is_what_the_command_shows(take: object) -> None:
    kept = recorder.read_screens().get(take.file_name)

    assert recorder.record(take) == kept, "if this is meant to be so: make screens"


def test_no_file_is_left_of_a_screen_that_is_not_declared() -> None:
    assert set(recorder.read_screens()) == {take.file_name for take in TAKES}


def test_the_readme_has_its_screens_as_they_are() -> None:
    page = README.read_text(encoding="utf-8")

    assert EXCERPT.search(page)
    assert recorder.renew_excerpts(page, recorder.read_screens()) == page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_commands_only_and_what_they_print_is_a_screen(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"code-block:: console\n\n((?: +[^ .].*\n|\n)+)", text)
    shown = [line.strip() for block in blocks for line in block.split("\n") if line.strip()]

    assert [line for line in shown if not line.startswith("$ ")] == []
    assert set(INCLUDED.findall(text)) <= set(recorder.read_screens())
