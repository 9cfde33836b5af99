"""Tests that write into the source tree fail the run, each way of writing by name."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
RUN = (sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-c", "/dev/null")

CLEAN = "def test_clean(tmp_path):\n    (tmp_path / 'made').touch()\n"
UNTIDY = """
from pathlib import Path
import subprocess, sys

root = Path(__file__).parents[1]

def test_leaves_files():
    (root / "made.txt").touch()
    (root / "build").mkdir()
    (root / "kept.txt").write_text("another text")
    (root / "package" / "gone.py").unlink()

def test_compiles():
    sys.path.insert(0, str(root / "package"))
    import module
    script = "import sys; sys.path.insert(0, 'package'); import other"
    subprocess.run([sys.executable, "-c", script], cwd=root, check=True)
    subprocess.run([sys.executable, "-m", "compileall", "-q", "package/third.py"], cwd=root)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree with the tests' own conftest."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "package").mkdir()
    (tmp_path / "kept.txt").write_text("text")
    for name in ("module", "other", "third", "gone"):
        (tmp_path / "package" / f"{name}.py").touch()
    shutil.copy(CONFTEST, tmp_path / "tests")
    return tmp_path


def run(tree: Path, source: str, *options: str) -> tuple[int, str]:
    (tree / "tests" / "test_it.py").write_text(source)
    command = [*RUN, "--rootdir", str(tree), *options, str(tree / "tests")]
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, cwd=tree, env=environ, capture_output=True, text=True)
    return done.returncode, done.stdout


@pytest.mark.long
def test_what_tests_change_in_the_tree_is_named(tree: Path) -> None:
    code, shown = run(tree, UNTIDY, "-n", "1")

    cached = f"package/__pycache__/third.{sys.implementation.cache_tag}.pyc"
    _, _, named = shown.partition("changed in the source tree while the tests ran")
    assert code == 1
    assert "2 passed" in shown
    assert [line for line in named.splitlines()[1:] if "passed" not in line] == [
        *("build/", "kept.txt", "made.txt"),
        *("package/__pycache__/", cached, "package/gone.py"),
    ]


@pytest.mark.long
def test_tests_that_keep_to_their_own_folders_pass(tree: Path) -> None:
    code, shown = run(tree, CLEAN)

    assert (code, "source tree" in shown) == (0, False)
