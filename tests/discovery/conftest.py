"""Distributions to discover, laid out as an installer leaves them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest


class Install(Protocol):
    """Lays out a distribution of single modules, and puts it on the path."""

    def __call__(self, name: str, entry_points: str, **modules: str) -> Path: ...


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install distributions; what is imported of them is forgotten afterwards."""
    made: set[str] = set()

    def install(name: str, entry_points: str, **modules: str) -> Path:
        site = tmp_path / name
        info = site / f"{name.replace('-', '_')}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(entry_points)
        for module, source in modules.items():
            (site / f"{module}.py").write_text(source)
            made.add(module)
        monkeypatch.syspath_prepend(str(site))
        return site

    yield install
    for name in made:
        sys.modules.pop(name, None)
