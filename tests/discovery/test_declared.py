"""What a plugin says of itself, read without running it."""

from __future__ import annotations

import compileall
import importlib
import os
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ampctl.discovery import declared
from ampctl.discovery.declared import read_arguments, read_summary
from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.registry import Registry

# As `ampctl plugin new` writes it.
TEMPLATE = '''"""The fish commands of ampctl."""

from ampctl.plugin import CommandGroup

group = CommandGroup(summary="Show fish", api="1")
'''


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
        'assert not __name__\nclass Verb(Lister):\n    """Do it.\n\n    More."""\n'
    )
    (folder / "broken.py").write_text("class Verb(:\n")
    (folder / "bare.py").write_text("class Verb: pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path / "all.zip"))
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


def compile_only(package: Path, optimize: int = 0) -> None:
    """Leave compiled modules only, as a distribution without sources has them."""
    (package / "broken.py").unlink()
    assert compileall.compile_dir(package, quiet=1, legacy=True, optimize=optimize)
    for source in package.glob("*.py"):
        source.unlink()


def zip_up(package: Path) -> None:
    """Move the package into a zip file that is on the path."""
    archive = package.parent / "all.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for module in package.iterdir():
            file.write(module, f"hostile_plugin/{module.name}")
            module.unlink()
    package.rmdir()
    importlib.invalidate_caches()


def test_sources_are_read_from_inside_a_zip_file(package: Path) -> None:
    zip_up(package)

    assert read_summary(point("hostile_plugin.verb:Verb")) == "Do it"
    assert read_arguments(point("hostile_plugin:group")) == {"summary": "Do harm", "api": "1"}
    assert read_summary(point("hostile_plugin.broken:Verb")) == ""


@pytest.mark.parametrize("zipped", [False, True])
def test_a_compiled_module_has_its_docstrings(package: Path, zipped: bool) -> None:
    compile_only(package)
    if zipped:
        zip_up(package)

    assert read_summary(point("hostile_plugin.verb:Verb")) == "Do it"
    assert read_summary(point("hostile_plugin.bare:Verb")) == ""
    assert read_summary(point("hostile_plugin.verb:Other")) == ""
    assert read_arguments(point("hostile_plugin:group")) == {}


def test_a_compiled_module_without_docstrings_or_of_another_python_has_no_summary(
    package: Path,
) -> None:
    compile_only(package, optimize=2)
    (package / "bare.pyc").write_bytes(b"\0" * 16)
    (package / "cut.pyc").write_bytes((package / "verb.pyc").read_bytes()[:40])

    for module in ("verb", "bare", "cut"):
        assert read_summary(point(f"hostile_plugin.{module}:Verb")) == ""


def test_an_interpreter_without_docstrings_reads_those_of_sources(package: Path) -> None:
    program = (
        "from ampctl.discovery.declared import read_summary\n"
        "from ampctl.discovery.entry_points import EntryPoint\n"
        "print(read_summary(EntryPoint('x', 'hostile_plugin.verb:Verb', 'ampctl.x')))"
    )
    command = [sys.executable, "-OO", "-c", program]
    environ = {**os.environ, "PYTHONPATH": str(package.parent)}
    done = subprocess.run(command, capture_output=True, text=True, env=environ)

    assert (done.stdout, done.stderr) == ("Do it\n", "")


def test_nothing_is_compiled_to_read_a_summary(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    (package / "empty.py").touch()

    for module in ("verb", "empty"):
        assert read_summary(point(f"hostile_plugin.{module}:Other")) == ""
    assert not list(package.rglob("*.pyc"))


def test_a_group_that_can_not_be_read_has_the_summary_of_its_distribution(plugins) -> None:
    points = "[ampctl.groups]\nfish = fish_plugin:group\n"
    site = plugins("amp-fish", points, fish_plugin="group = make_group()\n")
    with (site / "amp_fish-1.0.dist-info" / "METADATA").open("a") as metadata:
        metadata.write("Summary: Fish in the sea\n")

    assert Registry().groups["fish"].summary == "Fish in the sea"


DOCSTRINGS = [
    "",
    '"""It."""\n',
    '"""Two\n\n  lines."""\n\n',
    '"""A """ ',
    '"""A\\\n."""\n',
    "''' x '''\n",
]
IMPORTS = [
    "\n",
    "from ampctl.plugin import CommandGroup\n",
    "import ampctl\n",
    "# coding: latin-1\n",
]
ARGUMENTS = [
    'summary="Do it"',
    'summary="It\'s {so} # new"',
    r'summary="\x41"',
    'summary="ä"',
    "summary='Do it'",
    'summary="Do" "it"',
    'summary=f"{name}"',
    'summary=b"it"',
    'api="1"',
    "api=VERSION",
    'aliases=("one",)',
    'note="x" if y else "z"',
    '"positional"',
    "**more",
]
JOINTS = [", ", ",", ",\n    ", " ,", ",  # more\n", " "]
ENDS = ["", ",", ",\n", "\n", "  "]
AFTER = [
    "",
    "\n",
    "\n\n",
    " or None\n",
    "  # it\n",
    "\ngroup = None\n",
    ".other\n",
    "\n'''\n",
    ";\n",
]
NAMES = ["group", "other", "group: CommandGroup", " group", "'''group", "a = group"]


@st.composite
def write_modules(draw: Any) -> str:
    """Write a module that declares a group in a plain way or another one, or is wrong."""
    arguments = draw(st.lists(st.sampled_from(ARGUMENTS), max_size=3))
    inside = draw(st.sampled_from(JOINTS)).join(arguments) + draw(st.sampled_from(ENDS))
    before = "".join(draw(st.lists(st.sampled_from(IMPORTS), max_size=2)))
    name, after = draw(st.sampled_from(NAMES)), draw(st.sampled_from(AFTER))
    return f"{draw(st.sampled_from(DOCSTRINGS))}{before}{name} = CommandGroup({inside}){after}"


@given(write_modules())
@example('other = CommandGroup(api="1")\n')
@example('group = CommandGroup(api="1" summary="it")\n')
@example('group = CommandGroup(api="1")\ngroup = 1\n')
@example('group = CommandGroup(api="\\x31")\n')
def test_a_plain_module_says_what_its_syntax_tree_says(source: str) -> None:
    plainly = declared._read_plainly(source.encode(), "group")

    by_tree = declared._find_arguments(declared._parse(source.encode()), "group")
    assert plainly in (None, by_tree)


@pytest.mark.parametrize(
    "source", [TEMPLATE, TEMPLATE.replace("(", "(\n    ").replace(")", ",\n)")], ids=["new", "long"]
)
def test_the_module_that_authors_start_with_needs_no_syntax_tree(source: str) -> None:
    said = declared._read_plainly(source.encode(), "group")

    assert said == {"summary": "Show fish", "api": "1"}


class _Meanwhile(Warning):
    """A warning that another thread turns off while a declaration is read."""


def test_what_python_warns_of_is_not_shown_and_other_filters_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def read_source(entry: EntryPoint) -> str:
        # As requests does when it is imported, in the shell on another thread.
        warnings.simplefilter("ignore", _Meanwhile)
        return "group = make(summary='\\d')"

    monkeypatch.setattr("ampctl.discovery.declared._read_source", read_source)

    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        told = read_arguments(EntryPoint("fish", "fish:group", "ampctl.groups"))
        warnings.warn("hidden", _Meanwhile, stacklevel=1)

    assert told == {"summary": "\\d"}
    assert shown == []
