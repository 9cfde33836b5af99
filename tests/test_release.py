"""What a release is built from, and that archives don't depend on who builds them, or when."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools" / "release"))


def pack(folder: Path, moment: int, mode: int) -> Path:
    file = folder / "ampctl-1" / "setup.cfg"
    file.parent.mkdir(parents=True)
    file.write_text("[metadata]\n")
    file.chmod(mode)
    os.utime(file, (moment, moment))
    with tarfile.open(folder / "ampctl-1.tar.gz", "w:gz") as archive:
        archive.add(file.parent, "ampctl-1")
    return folder / "ampctl-1.tar.gz"


def test_an_archive_does_not_tell_who_packed_it_and_when(tmp_path: Path) -> None:
    from sources import pack_again

    one, other = pack(tmp_path / "a", 1_000_000, 0o600), pack(tmp_path / "b", 2_000_000, 0o664)
    assert one.read_bytes() != other.read_bytes()

    pack_again(one, 1_700_000_000)
    pack_again(other, 1_700_000_000)

    assert one.read_bytes() == other.read_bytes()
    with tarfile.open(one) as archive:
        file = archive.getmember("ampctl-1/setup.cfg")
        assert (file.mtime, file.uid, file.uname, file.mode) == (1_700_000_000, 0, "", 0o644)


def test_sources_are_complete_and_bring_their_manual_pages(tmp_path: Path) -> None:
    from sources import PROJECTS, lay_out_sources

    manuals = tmp_path / "man"
    manuals.mkdir()
    for page in (page for pages in PROJECTS.values() for page in pages):
        (manuals / f"{page}.1").write_text(page)

    core, *others = lay_out_sources(tmp_path / "sources", manuals)

    assert (core / "ampctl" / "shell" / "complete" / "_ampctl").exists()
    assert not {"tests", "ampctl_job", ".git", ".venv", "build"} & {
        path.name for path in core.iterdir()
    }
    for source in (core, *others):
        assert (source / "setup.cfg").exists()
        assert (source / "LICENSE").exists()
        assert list((source / "share" / "man").glob("ampctl*.1"))
        assert not list(source.rglob("*.pyc"))


def test_every_distribution_is_released() -> None:
    from sources import PROJECTS

    installed = {path.parent for path in ROOT.glob("ampctl_*/setup.cfg")}

    assert {project for project in PROJECTS if project != ROOT} == installed


def test_a_version_is_set_wherever_it_belongs(tmp_path: Path) -> None:
    from version import set_version

    files = ["ampctl/__init__.py", "setup.cfg"]
    files += [path.relative_to(ROOT).as_posix() for path in ROOT.glob("ampctl_*/setup.cfg")]
    files += [path.relative_to(ROOT).as_posix() for path in ROOT.glob("ampctl_*/src/*/__init__.py")]
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text((ROOT / name).read_text())

    changed = {path.relative_to(tmp_path).as_posix() for path in set_version(tmp_path, "9.8.7")}

    # The core needs no other distribution of ours, and has its version in the module alone.
    assert changed == {*files} - {"setup.cfg"}
    assert '__version__ = "9.8.7"' in (tmp_path / "ampctl" / "__init__.py").read_text()
    assert "    ampctl-job >= 9.8.7, < 1\n" in (tmp_path / "ampctl_sandbox/setup.cfg").read_text()


@pytest.mark.parametrize("version", ["", "1.2", "1.2.3rc1", "v1.2.3"])
def test_a_version_is_three_numbers(version: str, tmp_path: Path) -> None:
    from version import set_version

    with pytest.raises(ValueError, match="is not a version like"):
        list(set_version(tmp_path, version))
