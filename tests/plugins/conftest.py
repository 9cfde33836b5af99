"""A virtual environment with plugins in it, installed by pip as anybody would.

It sees what this environment has, and needs no network. It is made once and kept in pytest's
cache; not in the system's temporary folder, where some libraries behave differently.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

Done = subprocess.CompletedProcess[str]


@dataclasses.dataclass(frozen=True)
class Environment:
    """A virtual environment, and a place for what is made in it."""

    folder: Path
    home: Path

    @property
    def site(self) -> Path:
        """Where its distributions are."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.folder / "lib" / version / "site-packages"

    def python(self, *arguments: str, expect: int | None = 0, **environ: str) -> Done:
        """Run its Python."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
        folders = {"XDG_CACHE_HOME": str(self.home / "cache"), "HOME": str(self.home)}
        done = subprocess.run(
            [self.folder / "bin" / "python", *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.home,
            env={**kept, **folders, **environ},
        )
        assert expect is None or done.returncode == expect, done
        return done

    def ampctl(self, *arguments: str, expect: int | None = 0, **environ: str) -> Done:
        """Run its ampctl."""
        done = self.python("-m", "ampctl", *arguments, expect=expect, **environ)
        assert "Traceback" not in done.stderr
        return done

    def install(self, *projects: Path) -> None:
        """Install projects from their sources."""
        options = ("--quiet", "--no-deps", "--no-build-isolation", "--no-index")
        self.python("-m", "pip", "install", *options, *map(str, projects))

    def add(self, name: str, entry_points: str, **modules: str) -> Path:
        """Install a distribution of single modules, without the seconds that pip takes."""
        info = self.site / f"{name.replace('-', '_')}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(entry_points)
        for module, source in modules.items():
            (self.site / f"{module}.py").write_text(source)
        return info


def _make(folder: Path) -> None:
    venv.create(folder, symlinks=True, with_pip=False)
    site = Environment(folder, folder).site
    ours = sysconfig.get_path("purelib")
    # What is installed where the tests run is found here too, editable installations included.
    (site / "_outer.pth").write_text(f"import site; site.addsitedir({ours!r})\n")


@pytest.fixture(scope="session")
def base_environment(request: pytest.FixtureRequest) -> Path:
    """An environment without plugins of its own, to be copied."""
    folder = Path(request.config.cache.mkdir("plugin-environment")) / "base"
    if not (folder / "bin" / "python").exists():
        _make(folder)
    return folder


@pytest.fixture
def environment(
    base_environment: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Environment]:
    """A fresh environment of a test's own."""
    folder = base_environment.parent / f"test-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base_environment, folder, symlinks=True)
    yield Environment(folder, tmp_path)
    shutil.rmtree(folder)
