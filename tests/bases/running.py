"""Runs a class of a test as a command."""

from __future__ import annotations

from typing import Any

from cliff.command import Command

from ampctl.testing import Result, invoke


def do(command: type[Command], *options: str, **settings: Any) -> Result:
    """Run ``ampctl thing do OPTIONS`` with ``command`` behind the words."""
    return invoke("thing", "do", *options, commands={"thing do": command}, **settings)
