"""Install the distributions from their sources, on the lowest releases that they declare.

Usage: python .ci/floors.py

Everything goes into the environment of the Python that runs this, with what the tests need.
"""

from __future__ import annotations

import configparser
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECTS = (ROOT, *sorted(path.parent for path in ROOT.glob("ampctl_*/setup.cfg")))
OURS = {project.name.replace("_", "-") for project in PROJECTS[1:]} | {"ampctl"}

_REQUIREMENT = re.compile(r"(?P<name>[\w-]+)(\[\w+\])?( >= (?P<floor>[\d.]+)(, < \d+)?)?", re.ASCII)


def floors() -> dict[str, str]:
    """Return the floor of each requirement, extras included, by its name.

    Raises:
        ValueError: a requirement has no floor, or two distributions disagree.
    """
    found: dict[str, str] = {}
    for text in _requirements():
        match = _REQUIREMENT.fullmatch(text)
        if match and match["name"] in OURS:
            continue
        if match is None or match["floor"] is None:
            raise ValueError(f"{text!r} has no floor")
        if found.setdefault(match["name"], match["floor"]) != match["floor"]:
            raise ValueError(f"{match['name']} has two floors")
    return found


def _requirements() -> Iterator[str]:
    for project in PROJECTS:
        config = configparser.ConfigParser(interpolation=None)
        config.read(project / "setup.cfg", encoding="utf-8")
        lists = [config["options"]["install_requires"]]
        if config.has_section("options.extras_require"):
            lists += config["options.extras_require"].values()
        for text in lists:
            yield from filter(None, text.split("\n"))


def main() -> None:
    """Install, and let pip refuse whatever contradicts a floor."""
    editable = [word for project in PROJECTS for word in ("--editable", str(project))]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as constraints:
        constraints.writelines(f"{name}=={floor}\n" for name, floor in floors().items())
        constraints.flush()
        given = ("--constraint", constraints.name, "--requirement", ROOT / "requirements-test.txt")
        command = (sys.executable, "-m", "pip", "install", "--quiet", *given, *editable)
        subprocess.run(command, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
