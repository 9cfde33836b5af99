"""What is installed, read from the files alone."""

from __future__ import annotations

import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from ampctl.discovery.installed import read_installed
from ampctl.discovery.names import is_usable

POINTS = "[ampctl.x]\nrun = amp_x.run:Run\n"


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The path that modules are searched on, empty."""
    monkeypatch.setattr(sys, "path", [])
    return sys.path


def add(site: Path, info: str, points: str | bytes | None = POINTS, name: str = "Amp.X") -> Path:
    """Lay out the metadata of a distribution as an installer leaves them."""
    folder = site / info
    folder.mkdir(parents=True)
    # An egg has its metadata in another file than a wheel.
    file = "METADATA" if info.endswith(".dist-info") else "PKG-INFO"
    (folder / file).write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    if points is not None:
        content = points if isinstance(points, bytes) else points.encode()
        (folder / "entry_points.txt").write_bytes(content)
    return folder


def triples(entries: object) -> list[tuple[str, str, str]]:
    return sorted((entry.name, entry.value, entry.group) for entry in entries)  # type: ignore


def test_all_is_found_that_the_standard_library_finds_here() -> None:
    every = metadata.entry_points()
    ours = [entry for group in every.groups for entry in every.select(group=group)]

    assert triples(read_installed()) == triples(e for e in ours if e.group.startswith("ampctl."))
    assert {entry.owner for entry in read_installed()} >= {"ampctl-job", "ampctl-sandbox"}


@pytest.mark.parametrize(
    "info", ["amp_x-1.0.dist-info", "Amp.X-1.0-py3.11.egg-info", "amp_x.egg-info", "EGG-INFO"]
)
def test_every_way_to_lay_out_metadata_is_known(tmp_path: Path, path: list[str], info: str) -> None:
    add(tmp_path / "amp_x.egg", info)
    path.append(str(tmp_path / "amp_x.egg"))

    (entry,) = read_installed()

    assert entry[:3] == ("run", "amp_x.run:Run", "ampctl.x")
    assert entry.owner == "Amp.X"


def test_a_zip_file_on_the_path_is_looked_into(tmp_path: Path, path: list[str]) -> None:
    add(tmp_path / "src", "amp_x-1.0.dist-info")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for file in (tmp_path / "src").rglob("*.*/*"):
            archive.write(file, file.relative_to(tmp_path / "src"))
    path.append(str(tmp_path / "all.zip"))

    (entry,) = read_installed()

    assert (entry.value, entry.owner) == ("amp_x.run:Run", "Amp.X")


@pytest.mark.parametrize("first", [POINTS, "[console_scripts]\nx = y:z\n", None])
def test_of_a_distribution_that_is_there_twice_the_first_one_counts(
    tmp_path: Path, path: list[str], first: str | None
) -> None:
    add(tmp_path / "1", "amp_x-2.0.dist-info", first)
    add(tmp_path / "2", "Amp.X-1.0.dist-info", "[ampctl.x]\nold = amp_x.old:Old\n")
    path += [str(tmp_path / "1"), str(tmp_path / "2"), str(tmp_path / "1")]

    assert [entry.name for entry in read_installed()] == (["run"] if first == POINTS else [])


def test_what_an_update_left_behind_hides_nothing(tmp_path: Path, path: list[str]) -> None:
    add(tmp_path, "amp_x-0.9.dist-info", None)
    add(tmp_path, "amp_x-1.0.dist-info")
    path.append(str(tmp_path))

    assert [entry.name for entry in read_installed()] == ["run"]


def test_names_are_compared_in_one_spelling(tmp_path: Path, path: list[str]) -> None:
    add(tmp_path, "Amp.X_y-1.0.dist-info")
    add(tmp_path, "other-1.0.dist-info", "[ampctl.x]\nother = o:O\n")
    path.append(str(tmp_path))

    assert [entry.name for entry in read_installed({"amp-x-y"})] == ["run"]
    assert read_installed(frozenset()) == []


def test_comments_blank_lines_and_other_groups_are_passed_over(
    tmp_path: Path, path: list[str]
) -> None:
    text = "a = b:c\n[other]\nx = y:z\n\n [ampctl.x] \n# no = n:o\n; no = n:o\n\n run=amp_x:Run \n"
    add(tmp_path, "amp_x-1.0.dist-info", text + "[ampctl]\nx = y:z\n")
    path.append(str(tmp_path))

    assert triples(read_installed()) == [("run", "amp_x:Run", "ampctl.x")]


@pytest.mark.parametrize(
    "line", [b"run = \xff:X", b"\xff\xfe = a:b", b"no value", b"= a:b", b"run =", b"a\0 = b:c"]
)
def test_a_line_that_says_nothing_is_known_but_not_usable(
    tmp_path: Path, path: list[str], line: bytes
) -> None:
    add(tmp_path, "amp_x-1.0.dist-info", POINTS.encode() + line + b"\n")
    path.append(str(tmp_path))

    assert [is_usable(entry) for entry in read_installed()] == [True, False]


def test_what_cannot_be_read_is_passed_over(tmp_path: Path, path: list[str]) -> None:
    (tmp_path / "broken.zip").write_bytes(b"PK\3\4 and so on")
    with zipfile.ZipFile(tmp_path / "odd.zip", "w") as archive:
        archive.writestr("amp_z-1.0.dist-info/entry_points.txt", b"[ampctl.x]\n\xff = a:b\n")
    (tmp_path / "note.txt").write_text("no folder")
    (tmp_path / "amp_f.egg-info").write_text("Name: amp-f\n")
    add(tmp_path, "amp_d-1.0.dist-info", None).joinpath("entry_points.txt").mkdir()
    add(tmp_path / "good", "amp_x-1.0.dist-info")
    path += [str(tmp_path / name) for name in ("gone", "broken.zip", "odd.zip", "note.txt", "a\0b")]
    path += [str(tmp_path / "good")]

    assert [entry.name for entry in read_installed()] == ["run"]


def test_a_folder_that_may_not_be_read_is_passed_over(tmp_path: Path, path: list[str]) -> None:
    add(tmp_path / "good", "amp_x-1.0.dist-info")
    closed = tmp_path / "closed"
    # A mode would not keep out an administrator, as whom these tests may run.
    closed.symlink_to(closed)
    path += [str(closed), str(tmp_path / "good")]

    assert [entry.name for entry in read_installed()] == ["run"]


def test_an_empty_entry_of_the_path_is_the_current_folder(
    tmp_path: Path, path: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tmp_path, "amp_x.egg-info")
    monkeypatch.chdir(tmp_path)
    path.append("")

    assert [entry.owner for entry in read_installed()] == ["Amp.X"]


@pytest.mark.parametrize("typed", ["amp-x", "Amp.X", "amp_x"])
def test_a_distribution_is_allowed_by_any_spelling_of_its_name(
    tmp_path: Path, path: list[str], typed: str
) -> None:
    add(tmp_path, "amp_x-1.0.dist-info")
    path.append(str(tmp_path))

    assert [entry.name for entry in read_installed({typed})] == ["run"]
    assert read_installed({"other"}) == []
