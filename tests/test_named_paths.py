"""Files, folders and names that our documents mention are in the tree."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *ROOT.glob("ampctl_*/*.md"),
    *ROOT.glob("examples/*/*.md"),
    *ROOT.glob("docs/*.rst"),
    *ROOT.glob("docs/reference/*.rst"),
]
FOLDERS = ("ampctl", "ampctl_job", "ampctl_sandbox", "ampctl_worker", "benchmarks")
FOLDERS += ("changelog.d", "docs", "examples", "tests", "tools")
SOURCES = [ROOT / name for name in FOLDERS[:4]]

BETWEEN = re.compile(r"[\s`\"'()\[\],;:|=]+")
# A file by its suffix, a folder by its slash, and all that begins with a folder of the root.
NAMED = re.compile(
    r"[\w.<>-]+(/[\w.<>-]+)*(/|\.(py|cfg|toml|md|rst|ini|in))"
    rf"|({'|'.join(map(re.escape, FOLDERS))})(/[\w.<>-]+)+"
)
MADE = re.compile(r"(^|/)(__pycache__|_build|\w+\.egg-info)(/|$)")
# `Jobs.get`, `self.console`, `live_sandbox()` and `StopJob`.
NAME = re.compile(r"(?<!`)`(?:(?:[A-Z]\w+|self)\.(\w+)|(\w+)\(\)|([A-Z]\w+[a-z]\w+))`(?!`)")


@functools.cache
def tree() -> list[Path]:
    """Return all files and folders of the project, without what is made from others."""
    found = [ROOT / name for name in FOLDERS]
    found += [path for folder in found for path in folder.rglob("*")]
    found += [path for path in ROOT.iterdir() if path.is_file()]
    return [path for path in found if not MADE.search(path.relative_to(ROOT).as_posix())]


def named_paths(document: Path) -> Iterator[str]:
    """Yield the paths that a document names."""
    # What sed is told looks like paths, and it changes files of a new project.
    text = re.sub(r"sed -i '[^']*' \S+", "", document.read_text(encoding="utf-8"))
    for word in BETWEEN.split(text):
        word = word.rstrip(".").removeprefix("../")
        if NAMED.fullmatch(word) and not MADE.search(word):
            yield word


def is_there(name: str) -> bool:
    """Tell whether the end of a path in the tree is ``name``; ``<verb>`` stands for any."""
    pattern = re.sub(r"<\w+>", "*", name)
    wants_folder = name.endswith("/")
    return any(path.match(pattern) and (path.is_dir() or not wants_folder) for path in tree())


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_path_that_a_document_names_is_in_the_tree(document: Path) -> None:
    assert [name for name in named_paths(document) if not is_there(name)] == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tests/test_named_paths.py", ["tests/test_named_paths.py"]),
        ("`test_named_paths.py`,", ["test_named_paths.py"]),
        ('PYTEST_ARGS="tests/gone -x"', ["tests/gone"]),
        ("``client/``.", ["client/"]),
        ("commands/<verb>.py", ["commands/<verb>.py"]),
        ("/jobs/ a/b docs/_build/html https://x/y", []),
    ],
)
def test_a_path_is_known_wherever_it_stands(name: str, expected: list[str], tmp_path: Path) -> None:
    document = tmp_path / "page.md"
    document.write_text(f"See {name} for more.\n", encoding="utf-8")

    assert list(named_paths(document)) == expected


def test_a_path_that_is_gone_is_missed() -> None:
    assert not is_there("tests/gone.py")
    assert not is_there("test_named_paths.py/")
    assert not is_there("gone/test_named_paths.py")


def test_every_name_of_the_code_in_the_guide_for_contributors_is_defined() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    names = {"".join(groups) for groups in NAME.findall(text)}
    sources = "\n".join(
        path.read_text(encoding="utf-8") for folder in SOURCES for path in folder.rglob("*.py")
    )

    defined = set(re.findall(r"^ *(?:def|class) (\w+)", sources, re.MULTILINE))
    assert names
    assert names - defined == set()


def test_every_entry_point_in_the_guide_for_contributors_is_declared() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    declared = (ROOT / "ampctl_job" / "setup.cfg").read_text(encoding="utf-8")

    shown = re.findall(r"`(\w+ = [\w.]+:\w+)`", text)
    assert shown
    assert [line for line in shown if line not in declared] == []
