"""The entry points of what is installed: found without importing anything, loaded with care.

They are read from the distributions themselves at every start. That takes as long as to find out
whether a cache is still true, and no file that somebody else may write decides which code runs.
"""

from __future__ import annotations

import contextlib
import re
import sys
from importlib import metadata
from importlib.metadata import Distribution, EntryPoint
from typing import Any

from ampctl.errors import PluginError, Terminated

# Anything may have happened to the files of an installation, and each kind has its own error:
# where metadata are read, every exception means that there is nothing to be known.
_PREFIX = "ampctl."


def installed() -> list[EntryPoint]:
    """Return all entry points that are meant for ampctl, those of core commands excepted.

    Of a distribution that is installed twice the first one on the path counts, as for imports.
    """
    found: dict[str, list[EntryPoint]] = {}
    for distribution in metadata.distributions():
        if points := _points_of(distribution):
            # The library knows the name from that of a folder; the metadata take far longer.
            name = getattr(distribution, "_normalized_name", None) or name_of(distribution)
            found.setdefault(name, points)
    return [point for points in found.values() for point in points]


def distribution_of(entry: EntryPoint) -> str:
    """Return the name of the distribution that declares ``entry``, as far as it is known."""
    distribution = getattr(entry, "dist", None)
    return name_of(distribution) if distribution else entry.value.partition(".")[0]


def name_of(distribution: Distribution) -> str:
    """Return the name of ``distribution``, or ``?`` if its metadata are gone or damaged."""
    with contextlib.suppress(Exception):
        return str(distribution.metadata["Name"] or "?")
    return "?"


def normalized(name: str) -> str:
    """Return the name of a distribution in the one spelling that names are compared in."""
    return re.sub(r"[-_.]+", "-", name).lower()


def load(entry: EntryPoint) -> Any:
    """Import what ``entry`` names.

    Raises:
        PluginError: whatever went wrong in the plugin's own code, naming its distribution.
    """
    try:
        # What a module prints while it is imported is not the answer to any command.
        with contextlib.redirect_stdout(sys.stderr):
            return entry.load()
    except (KeyboardInterrupt, Terminated):
        raise
    except BaseException as error:
        raise PluginError(
            f"{distribution_of(entry)} can't be loaded: {type(error).__name__}: {error}",
            hint=f"reinstall or remove it; everything else still works (it offers {entry.value})",
        ) from error


def _points_of(distribution: Distribution) -> list[EntryPoint]:
    with contextlib.suppress(Exception):
        # Most distributions are none of ours: their files are read, but not understood.
        if f"[{_PREFIX}" in (distribution.read_text("entry_points.txt") or ""):
            points = distribution.entry_points
            return [point for point in points if point.group.startswith(_PREFIX)]
    return []
