"""What is installed, read from the files alone."""

from __future__ import annotations

import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from ampctl.discovery.installed import read_installed
from ampctl.discovery.names import is_object, is_usable

CLIFF_FORMATS = ("cliff.formatter.list", "cliff.formatter.show")
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
    file = "METADATA" if info.lower().endswith(".dist-info") else "PKG-INFO"
    (folder / file).write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    if points is not None:
        content = points if isinstance(points, bytes) else points.encode()
        (folder / "entry_points.txt").write_bytes(content)
    return folder


def triples(entries: object) -> list[tuple[str, str, str]]:
    return sorted((entry.name, entry.value, entry.group) for entry in entries)  # type: ignore


def read_by_the_library() -> list[tuple[str, str, str]]:
    """Return what ``importlib.metadata`` finds for ampctl: name, module:attribute, group."""
    every = metadata.entry_points()
    points = [point for group in every.groups for point in every.select(group=group)]
    return sorted(
        (point.name, f"{point.module}:{point.attr}", point.group)
        for point in points
        if point.group.startswith("ampctl.")
        or (point.group in CLIFF_FORMATS and point.dist and point.dist.name != "cliff")
    )


def test_all_is_found_that_the_standard_library_finds_here() -> None:
    assert triples(read_installed()) == read_by_the_library()
    assert {entry.owner for entry in read_installed()} >= {"ampctl-job", "ampctl-sandbox"}


@pytest.mark.parametrize(
    "text",
    [
        "run = a:B [x]",
        "run = a:B [x, y]  ",
        "run=a.b : C . d",
        "run = a.b :C",
        "run =\ta:\tB\t[x]",
        "run = a:B\nrun = a:B",
        "run = a:B\nrun = c:D",
        "RUN = a:B\nRun = a:B",
        "a b = a:B\n= a:B\na.b = a:B",
        "run = a:B = c",
        "run = a:B # no comment\n# run = c:D",
        "; run = a:B",
        "\r\nrun = a:B\r\n\r\n",
        "  run = a:B\n\trm = c:D",
        "[ampctl.y]\n[ampctl.x] \n run = a:B",
        "[ ampctl.x ]\nrun = a:B",
        "[[ampctl.y]]\nrun = a:B",
        "[ampctl.y=z]\nrun = a:B",
        "[ampctl.y=z:Z\n= a:B\n[other]\nrun = a:B",
        "[ampctl]\nrun = a:B",
        "run = a:B\u2028rm = c:D",
    ],
)
def test_a_file_says_to_us_what_it_says_to_the_library(
    tmp_path: Path, path: list[str], text: str
) -> None:
    for number, odd in enumerate((f"[ampctl.x]\n{text}\n", f"a = b:c\n{text}\n[ampctl.x]\n")):
        add(tmp_path / str(number), "amp_x-1.0.dist-info", odd)
        path[:] = [str(tmp_path / str(number))]

        # What the library fails for is not usable; a value without an attribute is for others.
        points = metadata.distribution("amp-x").entry_points
        sound = [point for point in points if point.pattern.match(point.value)]
        read = [(point.name, f"{point.module}:{point.attr}", point.group) for point in sound]
        expected = [one for one in read if one[2].startswith("ampctl.") and is_object(one[1])]
        found = triples(entry for entry in read_installed() if is_object(entry.value))
        assert found == sorted(expected)


@pytest.mark.parametrize(
    "info",
    [
        "amp_x-1.0.dist-info",
        "amp_x-1.0.DIST-INFO",
        "Amp.X-1.0-py3.11.egg-info",
        "amp_x.egg-info",
        "EGG-INFO",
    ],
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


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("amp_x-0.9.dist-info", "amp_x-1.0.dist-info"),
        ("amp_x-0.9.dist-info", "amp_x-0.10.dist-info"),
        ("amp_x-0.9-py3.11.egg-info", "Amp.X-0.10.dist-info"),
    ],
)
def test_of_two_releases_in_one_folder_the_newer_counts(
    tmp_path: Path, path: list[str], old: str, new: str
) -> None:
    add(tmp_path, old, "[ampctl.x]\nold = amp_x.old:Old\n")
    add(tmp_path, new)
    path.append(str(tmp_path))

    assert [entry.name for entry in read_installed()] == ["run"]


def test_what_an_update_left_behind_hides_nothing(tmp_path: Path, path: list[str]) -> None:
    add(tmp_path, "amp_x-2.0.dist-info", None)
    add(tmp_path, "amp_x-1.0.dist-info")
    path.append(str(tmp_path))

    assert [entry.name for entry in read_installed()] == ["run"]


def test_what_pip_was_about_to_remove_is_not_installed(tmp_path: Path, path: list[str]) -> None:
    add(tmp_path, "~mp_x-0.9.dist-info", "[ampctl.x]\nold = amp_x.old:Old\n")
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
    text = "a = b:c\n[other]\nx = y:z\n\n [ampctl.x] \n# no = n:o\n\n run=amp_x:Run \n"
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


def test_formats_for_cliff_are_found_apart_from_those_of_cliff_itself(
    path: list[str], tmp_path: Path
) -> None:
    points = "[cliff.formatter.completion]\nx = a:X\n[cliff.formatter.show]\nhtml = a:Html\n"
    add(tmp_path, "cliff_html-1.0.dist-info", points, name="cliff-html")
    add(tmp_path, "cliff-4.15.dist-info", points, name="cliff")
    path.append(str(tmp_path))

    assert triples(read_installed()) == [("html", "a:Html", "cliff.formatter.show")]
    assert [entry.owner for entry in read_installed()] == ["cliff-html"]
