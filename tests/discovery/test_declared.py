"""What a plugin says of itself, read without running it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ampctl.discovery.declared import read_arguments, read_summary
from ampctl.discovery.entry_points import EntryPoint


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package that must not be imported."""
    folder = tmp_path / "hostile_plugin"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "raise SystemExit(3)\ngroup = CommandGroup(summary='Do harm', api='1')\n"
        "typed: CommandGroup = CommandGroup(summary=name(), api='2')\n"
    )
    (folder / "verb.py").write_text(
        'assert False\nclass Verb(Lister):\n    """Do it.\n\n    More."""\n'
    )
    (folder / "broken.py").write_text("class Verb(:\n")
    (folder / "bare.py").write_text("class Verb: pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    assert not [name for name in sys.modules if name.startswith("hostile_plugin")]


def point(value: str) -> EntryPoint:
    return EntryPoint("x", value, "ampctl.x")


def test_a_summary_is_the_first_line_of_the_docstring(package: Path) -> None:
    assert read_summary(point("hostile_plugin.verb:Verb")) == "Do it"


def test_a_group_is_what_its_literals_say(package: Path) -> None:
    assert read_arguments(point("hostile_plugin:group")) == {"summary": "Do harm", "api": "1"}
    assert read_arguments(point("hostile_plugin:typed")) == {"api": "2"}


@pytest.mark.parametrize(
    "value",
    [
        "hostile_plugin.broken:Verb",
        "hostile_plugin.bare:Verb",
        "hostile_plugin.verb:Other",
        "hostile_plugin.missing:Verb",
        "no_such_package:Verb",
        "sys:Verb",
        "..:Verb",
    ],
)
def test_where_there_is_nothing_to_read_there_is_no_summary(package: Path, value: str) -> None:
    assert read_summary(point(value)) == ""
    assert read_arguments(point(value)) == {}
