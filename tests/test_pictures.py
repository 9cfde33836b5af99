"""The pictures of the documentation, and the script that makes them."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOOL = ROOT / "tools" / "pictures"
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.rst")]
SVG = "{http://www.w3.org/2000/svg}"

SHOWN = sorted(
    {
        path.parent / name
        for path in PAGES
        for name in re.findall(r"[\w/]*pictures/[\w-]+\.svg", path.read_text(encoding="utf-8"))
    }
)

# The bell is heard and not seen; the first step waits for what only the program can print.
SCENARIO = r"""
[[picture]]
name = "small"
title = "Small & simple"
columns = 80
before = ["echo hidden"]
steps = [
    { run = "ampctl --version" },
    { run = "printf '\\033[1;31mred\\033[0m  \\033[7m<back>\\033[0m\\a\\n'" },
    { type = "expr 6 '*' 7; cat" },
    { press = "enter", shows = "42" },
    { type = "once", shows = "once" },
    { press = "enter ctrl-d", line = "$" },
]
[[picture]]
name = "stuck"
title = "Stuck"
columns = 40
steps = [{ run = "exit", shows = "never" }]
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, str, Path]:
    """Exit code and messages of the script, and the folder that it wrote to."""
    folder = tmp_path_factory.mktemp("pictures")
    (folder / "scenarios.toml").write_text(SCENARIO)
    command = [sys.executable, TOOL / "make.py", "--port", "0", "--to", folder]
    done = subprocess.run(
        [*command, "--scenarios", folder / "scenarios.toml"], capture_output=True, text=True
    )
    return done.returncode, done.stderr, folder


def text_of(path: Path) -> list[str]:
    return ["".join(line.itertext()) for line in ElementTree.parse(path).iter(f"{SVG}text")]


@pytest.mark.parametrize("path", SHOWN, ids=lambda path: path.name)
def test_a_picture_that_a_page_shows_is_there_and_can_be_made_again(path: Path) -> None:
    scenarios = tomllib.loads((TOOL / "scenarios.toml").read_text(encoding="utf-8"))["picture"]
    (scenario,) = [one for one in scenarios if one["name"] == path.stem]

    assert ElementTree.parse(path).getroot().tag == f"{SVG}svg"
    # What has the whole screen hides the command line.
    assert text_of(path)[0].startswith("$ ") != ("rows" in scenario)


def test_the_readme_shows_a_picture() -> None:
    assert ROOT / "docs" / "pictures" / "job.svg" in SHOWN


def test_the_script_plays_a_scenario(made: tuple[int, str, Path]) -> None:
    lines = text_of(made[2] / "small.svg")

    assert lines[0] == "$ ampctl --version"
    assert re.fullmatch(r"ampctl [\d.]+", lines[1])
    assert lines[3:] == ["red  <back>", "$ expr 6 '*' 7; cat", "42", "once", "once"]


def test_a_picture_has_the_colours_of_the_screen(made: tuple[int, str, Path]) -> None:
    root = ElementTree.parse(made[2] / "small.svg").getroot()
    looks = {run.text: run.attrib for run in root.iter(f"{SVG}tspan")}

    assert root.findtext(f"{SVG}title") == "Small & simple"
    assert looks["red"].items() >= {"class": "red", "font-weight": "bold"}.items()
    assert looks["<back>"]["class"] == "page"
    assert [box.get("class") for box in root.iter(f"{SVG}rect")] == ["page", "text"]


def test_a_scenario_that_goes_wrong_is_named_with_its_screen(made: tuple[int, str, Path]) -> None:
    code, told, folder = made

    assert code == 1
    assert told.startswith("stuck: waiting for 'never'")
    assert "$ exit" in told
    assert not (folder / "stuck.svg").exists()
