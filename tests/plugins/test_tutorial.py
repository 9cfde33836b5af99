"""The tutorial, followed word for word."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from .conftest import ROOT, Environment, plain_environment

PAGE = ROOT / "docs" / "plugin-tutorial.rst"


@pytest.mark.long
def test_the_tutorial_ends_with_a_working_tested_plugin(
    fresh_environment: Environment, tmp_path: Path
) -> None:
    lines = re.findall(r"^   \$ (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    environment = fresh_environment
    tools = environment.folder / "bin"
    # The tools that pip would install are those of the environment that the tests run in: they
    # can be imported, and only their scripts are missing. ampctl has its own script.
    functions = "".join(
        f'{tool}() {{ {tools}/python -m {tool} "$@"; }}\n'
        for tool in ("pip", "pytest", "ruff", "mypy")
    )
    # pip resolves what the new project requires as ever, and finds all of it installed.
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}

    done = subprocess.run(
        ["bash", "-e", "-c", functions + "\n".join(lines)],
        cwd=tmp_path,
        env={**plain_environment(), **offline, "PATH": f"{tools}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    project = tmp_path / "ampctl-node"
    assert list((project / "dist").glob("ampctl_node-0.1.0-*.whl"))
    shown = environment.ampctl("node", "list", "--help").stdout
    assert "node_id, last_beat" in shown
