"""Install our distributions as wheels, and put the tests where no source of theirs is seen.

Usage: python .ci/wheels.py FOLDER

The wheels are built into FOLDER/dist and installed into the environment of the Python that runs
this. FOLDER/tests is a copy of the tests, beside what they read: run from FOLDER, they only find
what is installed.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECTS = (ROOT, *sorted(path.parent for path in ROOT.glob("ampctl_*/setup.cfg")))
# The examples and the tutorial are run as tests.
KEPT = ("tests", "docs", "examples")
BUILT = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__", "_build")


def run(*command: str | Path) -> None:
    """Run a module of this Python."""
    subprocess.run([sys.executable, "-m", *command], check=True)  # noqa: S603


def build(project: Path, folder: Path) -> None:
    """Build a wheel from a clean copy: what an earlier build left behind would go along."""
    source = folder / "source" / project.name
    shutil.copytree(project, source, ignore=BUILT)
    run("build", "--wheel", "--outdir", folder / "dist", source)


def main(folder: Path) -> None:
    """Build, install, and copy the tests."""
    for stale in ("dist", "source", *KEPT):
        shutil.rmtree(folder / stale, ignore_errors=True)
    for project in PROJECTS:
        build(project, folder)
    wheels = sorted((folder / "dist").glob("*.whl"))
    run("pip", "install", "--quiet", "--force-reinstall", "--no-deps", *wheels)
    run("pip", "install", "--quiet", *wheels)
    for kept in KEPT:
        shutil.copytree(ROOT / kept, folder / kept, ignore=BUILT)
    shutil.copy(ROOT / "pyproject.toml", folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
