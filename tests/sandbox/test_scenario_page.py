"""What the page about the sandbox tells of its scenarios."""

from __future__ import annotations

import re
from pathlib import Path

from ampctl_sandbox.simulation.scenarios import SCENARIOS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sandbox.rst"


def test_the_page_shows_each_scenario() -> None:
    shown = re.findall(r"^``(\w+)``\n   \w", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert set(shown) >= SCENARIOS.keys()
