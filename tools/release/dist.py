"""Build all distributions reproducibly, check them, and try them in an empty environment.

Usage: python tools/release/dist.py FOLDER MANUALS

FOLDER gets the wheels, the source distributions, a bill of materials and the sums of all of them;
MANUALS holds the manual pages that go into the wheels. Everything is built twice: a release that
can't be built again to the byte is refused.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

from sources import PROJECTS, ROOT, lay_out_sources, pack_again

CHECKED = (
    ("ampctl", "--version"),
    ("ampctl", "job", "list", "--help"),
    ("ampctl", "sandbox", "up", "--help"),
    ("ampctl", "worker", "list", "--help"),
    ("ampctl", "plugin", "check"),
    ("ampctl", "completion", "bash"),
)
INSTALLED = (
    "share/man/man1/ampctl.1",
    "share/man/man1/ampctl-job.1",
    "share/bash-completion/completions/ampctl.bash",
    "share/zsh/site-functions/_ampctl",
    "share/fish/vendor_completions.d/ampctl.fish",
)


def run(*command: str | Path, **options: Any) -> str:
    """Run a command that must succeed, and return what it prints."""
    done = subprocess.run(command, check=False, text=True, capture_output=True, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def build(folder: Path, manuals: Path, moment: int) -> None:
    """Build the wheel and the source distribution of each project into ``folder``.

    Args:
        folder: where they go.
        manuals: a folder of manual pages.
        moment: the time that everything in them has, in seconds since 1970.
    """
    environ = {**os.environ, "SOURCE_DATE_EPOCH": str(moment), "PYTHONHASHSEED": "0"}
    with tempfile.TemporaryDirectory() as work:
        for source in lay_out_sources(Path(work), manuals):
            command = (sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, source)
            run(*command, env=environ)
    for archive in folder.glob("*.tar.gz"):
        pack_again(archive, moment)


def sum_up(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file in a folder, by its name."""
    files = sorted(path for path in folder.iterdir() if path.name != "SHA256SUMS")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def check(folder: Path) -> None:
    """Check what an index would show of them, and what is in the wheels."""
    archives = [*sorted(folder.glob("*.whl")), *sorted(folder.glob("*.tar.gz"))]
    run(sys.executable, "-m", "twine", "check", "--strict", *archives)
    # Scripts of completion are there twice: where shells look, and for `ampctl completion`.
    contents = (Path(sys.executable).with_name("check-wheel-contents"), "--ignore", "W002")
    run(*contents, *sorted(folder.glob("*.whl")))


def try_out(folder: Path, place: Path) -> Path:
    """Install the wheels into an empty environment, try them, and return its interpreter."""
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    pip = (python, "-m", "pip", "--quiet", "--disable-pip-version-check")
    # By name, as users do; by path, the bill of materials would hold the path.
    names = ["==".join(wheel.name.split("-")[:2]) for wheel in sorted(folder.glob("*.whl"))]
    run(*pip, "install", "--find-links", folder, *names)
    run(*pip, "check")
    for words in CHECKED:
        run(place / "bin" / words[0], *words[1:])
    if missing := [name for name in INSTALLED if not (place / name).is_file()]:
        raise SystemExit(f"not installed: {', '.join(missing)}")
    return python


def main(folder: Path, manuals: Path) -> None:
    """Build, compare, check, try, and list what is in it."""
    moment = int(run("git", "log", "-1", "--format=%ct", cwd=ROOT))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    build(folder, manuals, moment)
    with tempfile.TemporaryDirectory() as work:
        again = Path(work, "again")
        again.mkdir()
        build(again, manuals, moment)
        if sum_up(again) != (sums := sum_up(folder)):
            differing = [name for name, found in sum_up(again).items() if sums.get(name) != found]
            raise SystemExit(f"not the same when built again: {', '.join(differing)}")
        check(folder)
        python = try_out(folder, Path(work, "venv"))
        bill = ("environment", "--output-reproducible", "-o", folder / "ampctl.cdx.json", python)
        run(Path(sys.executable).with_name("cyclonedx-py"), *bill)
    lines = [f"{found}  {name}\n" for name, found in sum_up(folder).items()]
    (folder / "SHA256SUMS").write_text("".join(lines))
    print("".join(lines), end="")
    print(f"Built twice, checked and tried: {len(PROJECTS)} distributions in {folder}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
