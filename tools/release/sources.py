"""The sources that a release is built from, and archives that don't say when or by whom."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A group's manual page goes with the distribution that brings the group.
PROJECTS = {
    ROOT: ("ampctl", "ampctl-plugin"),
    ROOT / "ampctl_job": ("ampctl-job",),
    ROOT / "ampctl_sandbox": ("ampctl-sandbox",),
    ROOT / "ampctl_worker": ("ampctl-worker",),
}

_LEFT = shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__", "_build")
# What the root holds beside its own distribution.
_NOT_OF_THE_ROOT = shutil.ignore_patterns(
    *("ampctl_job", "ampctl_sandbox", "ampctl_worker", "benchmarks", "docs", "examples", "tests"),
    *("tools", "changelog.d"),
)


def lay_out_sources(folder: Path, manuals: Path) -> Iterator[Path]:
    """Copy the sources of each project, with its manual pages; what was built before stays away."""
    for project, pages in PROJECTS.items():
        source = folder / project.name

        def leave(path: str, names: list[str], is_root: bool = project == ROOT) -> set[str]:
            left = _LEFT(path, names)
            at_top = is_root and Path(path) == ROOT
            return left | _NOT_OF_THE_ROOT(path, names) if at_top else left

        shutil.copytree(project, source, ignore=leave)
        target = source / "share" / "man"
        target.mkdir(parents=True)
        for page in pages:
            shutil.copy(manuals / f"{page}.1", target)
        yield source


def pack_again(archive: Path, moment: int) -> None:
    """Give all members of a ``.tar.gz`` one time and no owner, and the archive itself none.

    Args:
        archive: is replaced.
        moment: in seconds since 1970.
    """
    packed = io.BytesIO()
    with tarfile.open(archive) as old, tarfile.open(fileobj=packed, mode="w") as new:
        for member in sorted(old.getmembers(), key=lambda member: member.name):
            member.mtime, member.uid, member.gid = moment, 0, 0
            member.uname = member.gname = ""
            member.mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            member.pax_headers = {}
            new.addfile(member, old.extractfile(member) if member.isfile() else None)
    archive.write_bytes(gzip.compress(packed.getvalue(), mtime=0))
