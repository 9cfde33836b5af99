"""The examples, installed as a third party's users would, pass their own tests."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from .conftest import EXAMPLES, ROOT, Environment

PROJECTS = sorted(path.parent for path in EXAMPLES.glob("*/setup.cfg"))
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-W", "error")


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_an_example_passes_its_own_tests_and_the_check(
    environment: Environment, project: Path, tmp_path: Path
) -> None:
    source = copied(project, tmp_path)
    environment.install(source)

    environment.python(*PYTEST, "-c", "/dev/null", str(source / "tests"))
    name = project.name.replace("_", "-")
    assert environment.ampctl("plugin", "check", name, "-f", "json").stdout == "[]\n"


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_an_example_is_short_and_uses_the_contract_only(project: Path) -> None:
    sources = [path.read_text() for path in (project / "src").rglob("*.py")]

    assert sum(len(text.splitlines()) for text in sources) < 150
    used = set(re.findall(r"^(?:from|import) (ampctl\b[\w.]*)", "\n".join(sources), re.MULTILINE))
    assert used == {"ampctl.plugin"}


def test_a_new_plugin_passes_its_own_tests_as_it_is(
    environment: Environment, tmp_path: Path
) -> None:
    made = environment.ampctl("plugin", "new", "dataset", "-f", "value").stdout.splitlines()
    project = tmp_path / "ampctl-dataset"
    assert f"{project.name}/README.md" in made

    environment.install(project)
    environment.python(*PYTEST, "-c", "/dev/null", str(project / "tests"))
    environment.ampctl("plugin", "check", "ampctl-dataset")
    source = str(project / "src")
    # Sources of ampctl: mypy does not see editable installations of another environment.
    environment.python("-m", "mypy", "--strict", source, MYPYPATH=f"{source}:{ROOT}")
    environment.python("-m", "ruff", "check", "--isolated", source)


def test_a_new_plugin_overwrites_nothing(environment: Environment, tmp_path: Path) -> None:
    environment.ampctl("plugin", "new", "dataset")

    assert "File exists" in environment.ampctl("plugin", "new", "dataset", expect=2).stderr
    assert "there is a group 'job'" in environment.ampctl("plugin", "new", "job", expect=2).stderr
    for name in ("core", "groups", "formatter"):
        told = environment.ampctl("plugin", "new", name, expect=2).stderr
        assert "ampctl needs that name itself" in told
    environment.ampctl("plugin", "new", "../evil", expect=2)


def copied(project: Path, tmp_path: Path) -> Path:
    """Copy a project, so that building it leaves nothing in the sources."""
    target = tmp_path / project.name
    shutil.copytree(project, target, ignore=shutil.ignore_patterns("*.egg-info", "build"))
    return target
