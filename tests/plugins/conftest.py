"""Virtual environments with plugins in them, installed by pip as anybody would.

They see what this environment has, and need no network: what ampctl depends on can't be had as
wheels without one, and pip can't make wheels of what is installed. The one of ``environment`` sees
ampctl too, as it is here; into the one of ``fresh_environment`` ampctl is installed from wheels, so
there the sources can play no part. They are made once and kept in pytest's cache; not in the
system's temporary folder, where some libraries behave differently.
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
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

OFFLINE = ("--no-deps", "--no-build-isolation", "--no-index")
MADE = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__", "_build")

Done = subprocess.CompletedProcess[str]


def plain_environment() -> dict[str, str]:
    """Return the variables of a Python as users have it, which still writes no compiled files."""
    kept = "PYTHONDONTWRITEBYTECODE"
    return {k: v for k, v in os.environ.items() if not k.startswith("PYTHON") or k == kept}


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
        folders = {"XDG_CACHE_HOME": str(self.home / "cache"), "HOME": str(self.home)}
        done = subprocess.run(
            [self.folder / "bin" / "python", *arguments],
            capture_output=True,
            text=True,
            timeout=120,
            cwd=self.home,
            env={**plain_environment(), **folders, **environ},
        )
        assert expect is None or done.returncode == expect, done
        return done

    def ampctl(self, *arguments: str, expect: int | None = 0, **environ: str) -> Done:
        """Run its ampctl."""
        done = self.python("-m", "ampctl", *arguments, expect=expect, **environ)
        assert "Traceback" not in done.stderr
        return done

    def install(self, *projects: Path) -> None:
        """Install wheels, or projects from their sources."""
        # What is seen from outside is not uninstalled, and is not taken for this one either.
        options = ("--quiet", "--ignore-installed", *OFFLINE)
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
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "made").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _make(folder)
            (folder / "made").touch()
    return folder


@pytest.fixture
def environment(base_environment: Path, tmp_path: Path) -> Iterator[Environment]:
    """An environment of a test's own, which sees ampctl as it is here."""
    folder = base_environment.parent / f"test-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(base_environment, folder, symlinks=True)
    yield Environment(folder, tmp_path)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory, shared_folder: Path) -> list[Path]:
    """The wheels of our distributions."""
    target = ROOT / "dist"
    # Where .ci/wheels.py runs these tests there is no source, and the wheels are there.
    if (ROOT / "setup.cfg").exists():
        target = shared_folder / "wheels"
        with FileLock(target.with_suffix(".lock")):
            if not target.exists():
                made = tmp_path_factory.mktemp("wheels")
                _build_wheels(made, tmp_path_factory)
                made.rename(target)
    return sorted(target.glob("*.whl"))


def _build_wheels(target: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    environ = {name: text for name, text in os.environ.items() if "COVERAGE" not in name}
    for name in ("", *sorted(path.parent.name for path in ROOT.glob("ampctl_*/setup.cfg"))):
        source = tmp_path_factory.mktemp("source") / "project"
        shutil.copytree(ROOT / name, source, ignore=MADE)
        command = ("wheel", "--quiet", "--wheel-dir", str(target), *OFFLINE, str(source))
        subprocess.run([sys.executable, "-m", "pip", *command], env=environ, check=True)


@pytest.fixture
def fresh_environment(
    environment: Environment,
    wheels: list[Path],
    shared_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Environment:
    """An environment of a test's own, with ampctl installed from wheels."""
    # What mypy once found out about ampctl and the libraries, it need not again for another test.
    monkeypatch.setenv("MYPY_CACHE_DIR", str(shared_folder / "mypy"))
    environment.install(*wheels)
    where = "import ampctl, ampctl_job; print(ampctl.__file__, ampctl_job.__file__)"
    found = environment.python("-c", where).stdout.split()
    assert all(path.startswith(str(environment.site)) for path in found)
    return environment
