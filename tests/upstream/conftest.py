"""Environments with a release of cliff, its source distribution, and what its tests need."""

from __future__ import annotations

import configparser
import dataclasses
import os
import re
import shutil
import subprocess
import sysconfig
import tarfile
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent

# osc-lib is what most commands for cliff derive from; what else it depends on is not needed here.
NEEDED = ("testtools", "fixtures", "oslo.i18n")
ALONE = ("osc-lib",)

Done = subprocess.CompletedProcess[str]


@dataclasses.dataclass(frozen=True)
class Upstream:
    """An environment that sees ampctl as it is here, but has a cliff of its own.

    Attributes:
        folder: the environment.
        source: cliff's source distribution, unpacked.
    """

    folder: Path
    source: Path

    @property
    def site(self) -> Path:
        """Where its distributions are."""
        return next((self.folder / "lib").glob("python*/site-packages"))

    def python(self, *arguments: str | Path, expect: int | None = 0) -> Done:
        """Run its Python where cliff's sources are."""
        kept = {name: text for name, text in os.environ.items() if "COVERAGE" not in name}
        done = subprocess.run(
            [self.folder / "bin" / "python", *arguments],
            cwd=self.source if self.source.exists() else self.folder,
            env={**kept, "PYTHONPATH": f"{HERE}"},
            capture_output=True,
            text=True,
        )
        assert expect is None or done.returncode == expect, f"{done.stdout}\n{done.stderr}"
        return done

    def pip(self, *arguments: str | Path) -> None:
        """Run its pip, which may use the package index."""
        self.python("-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)


def read_floor() -> str:
    """Return the lowest release of cliff that ampctl declares."""
    config = configparser.ConfigParser(interpolation=None)
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    found = re.search(r"^cliff >= ([\d.]+),", config["options"]["install_requires"], re.MULTILINE)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module", params=["newest", "floor"])
def upstream(request: pytest.FixtureRequest) -> Upstream:
    """The newest release of cliff and the lowest one that ampctl declares, one after the other."""
    requirement = "cliff < 5" if request.param == "newest" else f"cliff == {read_floor()}"
    folder = Path(request.config.cache.mkdir("upstream")) / request.param
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, symlinks=True, with_pip=True)
    made = Upstream(folder, folder / "source")
    outer = sysconfig.get_path("purelib")
    (made.site / "_outer.pth").write_text(f"import site; site.addsitedir({outer!r})\n")
    made.pip("install", "--ignore-installed", "--no-deps", requirement, *ALONE)
    made.pip("install", "--ignore-installed", *NEEDED)
    options = ("--no-deps", "--no-binary", "cliff", "--dest", folder / "dist")
    made.pip("download", *options, requirement)
    (archive,) = (folder / "dist").glob("cliff-*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(folder / "unpacked", filter="data")
    next((folder / "unpacked").iterdir()).rename(made.source)
    return made
