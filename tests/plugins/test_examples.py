"""The examples, installed as a third party's users would, pass their own tests."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ampctl.plugin import printable
from ampctl.testing import invoke
from ampctl_sandbox.testing import Sandbox, make_worker

from .conftest import EXAMPLES, Environment

PROJECTS = sorted(path.parent for path in EXAMPLES.glob("*/setup.cfg"))
NEW = ("plugin", "new", "data-set", "--endpoint", "v1/data-sets")
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", "-W", "error")


@pytest.mark.long
@pytest.mark.measured
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


@pytest.mark.long
def test_a_new_plugin_passes_its_own_tests_as_it_is(
    fresh_environment: Environment, tmp_path: Path
) -> None:
    environment = fresh_environment
    made = environment.ampctl(*NEW, "-f", "value").stdout.splitlines()
    project = tmp_path / "ampctl-data-set"
    assert sorted(made) == sorted(
        str(path.relative_to(tmp_path)) for path in project.rglob("*") if path.is_file()
    )

    environment.install(project)
    environment.python(*PYTEST, "-c", str(project / "pyproject.toml"), str(project / "tests"))
    environment.ampctl("plugin", "check", "ampctl-data-set")
    # The tutorial checks the types of another one, and a name changes no type.
    config = str(project / "pyproject.toml")
    environment.python("-m", "ruff", "check", "--config", config, str(project))
    environment.python("-m", "ruff", "format", "--check", "--config", config, str(project))


@pytest.mark.parametrize(
    ("name", "fact"),
    [
        ("job", "there is a group 'job'"),
        ("jobs", "there is a group 'jobs'"),
        ("help", "has a meaning of its own"),
        ("run", "has a meaning of its own"),
        ("plugin", "there is a group 'plugin'"),
        ("core", "has a meaning of its own"),
        ("formatter", "has a meaning of its own"),
        ("resource", "has a meaning of its own"),
        ("any", "has a meaning of its own"),
        ("class", "has a meaning of its own"),
        ("import", "has a meaning of its own"),
        *((name, "a letter of a-z") for name in ("my-", "my--group", "3d", "A", "é", "", "a b")),
        *((name, "a letter of a-z") for name in ("a_", "_", "../evil", "a/b", "a.b", "a\n", "-")),
        ("$name", "a letter of a-z"),
    ],
)
def test_a_name_that_would_make_no_sound_plugin_is_refused(
    tmp_path: Path, name: str, fact: str
) -> None:
    told = invoke("plugin", "new", name, "--folder", str(tmp_path), expect=2).stderr

    assert fact in told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["field", "pas", "list", "api", "s3", "x", "a_b", "a-b"])
def test_a_name_with_a_meaning_in_python_makes_a_sound_plugin_where_it_can(
    tmp_path: Path, name: str
) -> None:
    invoke("plugin", "new", name, "--folder", str(tmp_path))

    for path in tmp_path.rglob("*.py"):
        compile(path.read_text(), path, "exec")


def test_a_new_plugin_is_not_written_where_a_variable_is_not_set() -> None:
    told = invoke("plugin", "new", "dataset", "--folder", "", expect=2).stderr

    assert "--folder: the value is empty" in told


@pytest.mark.parametrize("endpoint", ["", "/", "a//b", "a b", "A", "..", "a?b", 'a"', "class", "1"])
def test_an_endpoint_that_can_not_be_asked_is_refused(tmp_path: Path, endpoint: str) -> None:
    words = ("plugin", "new", "dataset", "--endpoint", endpoint, "--folder", str(tmp_path))

    assert "can't be the endpoint" in invoke(*words, expect=2).stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.measured
def test_a_new_plugin_works_against_the_sandbox_as_it_is(
    environment: Environment, tmp_path: Path, amp_sandbox: Sandbox
) -> None:
    make_worker(amp_sandbox.store, "worker-7")
    environment.ampctl("plugin", "new", "node")
    environment.install(tmp_path / "ampctl-node")
    address = {"AMP_ADMIN_URL": amp_sandbox.url}

    listed = environment.ampctl("node", "list", "-f", "csv", **address).stdout
    shown = environment.ampctl("node", "get", "worker-7", "-f", "json", **address).stdout

    assert listed.startswith("node_id,heartbeat_at\nworker-7,")
    assert json.loads(shown)["node_id"] == "worker-7"


def test_a_new_plugin_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "ampctl-dataset").mkdir()

    told = invoke("plugin", "new", "dataset", "--folder", str(tmp_path), expect=2).stderr

    assert "ampctl-dataset: File exists" in told
    assert list(tmp_path.rglob("*")) == [tmp_path / "ampctl-dataset"]


@pytest.mark.parametrize("folder", ["/proc", "gone", "file", "a\0b"])
def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").touch()

    place = str(tmp_path / folder)
    told = invoke("plugin", "new", "dataset", "--folder", place, expect=2).stderr

    assert f"can't write {printable(place)}/ampctl-dataset: " in told


def test_a_new_plugin_that_cannot_be_written_whole_leaves_nothing(tmp_path: Path) -> None:
    # A file may hold as much as the small ones among them need.
    limited = 'ulimit -f 1; exec "$0" -m ampctl plugin new dataset'
    done = subprocess.run(
        ["bash", "-c", limited, sys.executable],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 2
    assert "can't write ampctl-dataset: File too large" in done.stderr
    assert list(tmp_path.iterdir()) == []


def copied(project: Path, tmp_path: Path) -> Path:
    """Copy a project, so that building it leaves nothing in the sources."""
    target = tmp_path / project.name
    shutil.copytree(project, target, ignore=shutil.ignore_patterns("*.egg-info", "build"))
    return target
