"""Environment variables for the processes that tests start."""

from __future__ import annotations

import os
from collections.abc import Mapping


def unmeasured_environment() -> dict[str, str]:
    """Return the variables of this process without those that let coverage measure another one.

    To measure a process takes longer than many a command does. It is for code that only runs in
    one, and never for a process that is killed or may not write files.
    """
    return {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE_")}


def plain_environment() -> Mapping[str, str]:
    """Return the same without what changes how Python works, but for writing compiled files."""
    kept = "PYTHONDONTWRITEBYTECODE"
    found = unmeasured_environment()
    return {k: v for k, v in found.items() if not k.startswith("PYTHON") or k == kept}
