"""The tutorial, followed word for word."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from .conftest import ROOT, Environment

PAGE = ROOT / "docs" / "plugin-tutorial.rst"


def test_the_tutorial_ends_with_a_working_tested_plugin(
    environment: Environment, tmp_path: Path
) -> None:
    lines = re.findall(r"^   \$ (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    tools = environment.folder / "bin"
    # pip would install these; what pip itself does is here, without the network.
    functions = (
        f'ampctl() {{ {tools}/python -m ampctl "$@"; }}\n'
        f'pytest() {{ {tools}/python -m pytest -q -p no:cacheprovider "$@"; }}\n'
        f'pip() {{ {tools}/python -m pip "$@"; }}\n'
    )
    offline = {"PIP_NO_INDEX": "1", "PIP_NO_BUILD_ISOLATION": "0"}

    done = subprocess.run(
        ["bash", "-e", "-c", functions + "\n".join(lines)],
        cwd=tmp_path,
        env={**os.environ, **offline},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    project = tmp_path / "ampctl-worker"
    assert list((project / "dist").glob("ampctl_worker-0.1.0-*.whl"))
    shown = environment.ampctl("worker", "list", "--help").stdout
    assert "node_id, heartbeat_at" in shown
