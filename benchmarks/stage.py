"""What is measured and where: an environment of its own, servers, and foreign distributions."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "bench"
PROJECTS = (".", "ampctl_job")
COMMANDS_EACH = 10

_GROUP = '''"""A plugin."""

from ampctl.plugin import CommandGroup

group = CommandGroup(summary="Do something else", api="1")
'''


class Server(NamedTuple):
    """A server that a row needs.

    Attributes:
        jobs: how many jobs its list holds.
        latency_s: how long each answer takes.
        unusual: whether a third of the jobs is unusual.
        status: of a job that is asked for by itself.
    """

    jobs: int = 50
    latency_s: float = 0
    unusual: bool = False
    status: str = "RUNNING"


class Stage:
    """The programs that are measured, and what they need.

    Args:
        python: the interpreter of the environment, in which ampctl is installed from wheels.
    """

    def __init__(self, python: Path) -> None:
        self.python = str(python)
        self.ampctl = str(python.with_name("ampctl"))
        self._servers: dict[Server, str] = {}
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def url_of(self, server: Server) -> str:
        """Return the URL of a server, which is started when it is first asked for."""
        if server not in self._servers:
            self._servers[server] = self._open.enter_context(_serve(server))
        return self._servers[server]


@contextlib.contextmanager
def _serve(server: Server) -> Iterator[str]:
    argv = [sys.executable, str(Path(__file__).with_name("server.py"))]
    argv += ["--jobs", str(server.jobs), "--latency", str(server.latency_s)]
    argv += ["--status", server.status]
    argv += ["--unusual"] if server.unusual else []
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(argv, text=True, **pipes) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"


def install() -> Path:
    """Install ampctl and its jobs from wheels, as users do, and return the interpreter.

    An editable install takes longer to start. The wheels are built from a copy, so that nothing
    of an earlier build gets into them.
    """
    python = BUILD / "venv" / "bin" / "python"
    if not python.exists():
        venv.create(BUILD / "venv", with_pip=True)
    for folder in ("source", "wheels"):
        shutil.rmtree(BUILD / folder, ignore_errors=True)
    left = shutil.ignore_patterns(".*", "build", "*.egg-info", "__pycache__", "tests", "docs")
    shutil.copytree(ROOT, BUILD / "source", ignore=left)
    pip = [str(python), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    sources = [str(BUILD / "source" / project) for project in PROJECTS]
    subprocess.run([*pip, "wheel", "--no-deps", "-w", BUILD / "wheels", *sources], check=True)
    wheels = [str(path) for path in sorted((BUILD / "wheels").iterdir())]
    subprocess.run([*pip, "install", *wheels], check=True)
    # The same version was perhaps installed by an earlier run, from other sources.
    subprocess.run([*pip, "install", "--no-deps", "--force-reinstall", *wheels], check=True)
    return python


def lay_out_foreign(count: int) -> Path:
    """Lay out distributions with ten commands each, as pip leaves them; return their folder."""
    site = BUILD / f"foreign-{count}"
    shutil.rmtree(site, ignore_errors=True)
    for number in range(count):
        _lay_out(site, f"ampctl_foreign{number}", f"foreign{number}")
    return site


def _lay_out(site: Path, name: str, group: str) -> None:
    points = "".join(f"verb{verb} = {name}.verb{verb}:Verb\n" for verb in range(COMMANDS_EACH))
    info = site / f"{name}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        f"[ampctl.groups]\n{group} = {name}:group\n[ampctl.{group}]\n{points}"
    )
    (site / name).mkdir()
    (site / name / "__init__.py").write_text(_GROUP)
