"""cliff's directive for Sphinx, on our application and on groups of commands."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sphinx")

PAGE = """
Commands
========

.. autoprogram-cliff:: ampctl.app.AmpApp
   :application: ampctl

.. autoprogram-cliff:: ampctl.job
   :application: ampctl job

.. autoprogram-cliff:: ampctl.plugin_of_test
   :command: files
"""
POINTS = "[ampctl.plugin_of_test]\nfiles = files_of_test:Files\n"
PLUGIN = """
from cliff.lister import Lister
class Files(Lister):
    \"\"\"Show files.\"\"\"
    def take_action(self, parsed_args):
        return (), ()
"""


def test_the_directive_documents_the_application_and_groups(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text("extensions = ['cliff.sphinxext']\n")
    (tmp_path / "index.rst").write_text(PAGE)
    info = tmp_path / "site" / "amp_test-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: amp-test\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
    (tmp_path / "site" / "files_of_test.py").write_text(PLUGIN)
    built = tmp_path / "built"

    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "text", str(tmp_path), str(built)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": f"{tmp_path / 'site'}", "XDG_CACHE_HOME": f"{tmp_path}"},
    )

    assert (done.stderr, done.returncode) == ("", 0)
    text = (built / "index.txt").read_text()
    for part in (
        "--admin-url URL",
        "ampctl job list",
        "--after ID",
        "--sort-column",
        "Show files.",
    ):
        assert part in text
