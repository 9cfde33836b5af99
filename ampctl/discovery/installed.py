"""What the installed distributions declare for ampctl, read without importing any of them.

Only their ``entry_points.txt`` are read, at every start: that takes no longer than to find out
whether a cache of them is still true, and no file that somebody else may write decides which code
runs.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Collection, Iterator
from importlib.metadata import Distribution, distributions
from typing import NamedTuple

from ampctl.discovery.entry_points import EntryPoint, normalize_name, read_name

_PREFIX = "ampctl."


class _Found(NamedTuple):
    """A distribution: its normalized name, and its entry points if some are meant for us."""

    name: str
    text: str
    folder: str
    distribution: Distribution | None = None


def read_installed(allowed: Collection[str] | None = None) -> list[EntryPoint]:
    """Return all entry points that are meant for ampctl.

    Of a distribution that is installed twice the first one on the path counts, as for imports.

    Args:
        allowed: the distributions that count; None for all of them.
    """
    known = None if allowed is None else set(map(normalize_name, allowed))
    points: list[EntryPoint] = []
    seen: set[str] = set()
    for entry in sys.path:
        # What an update left behind in a folder must not hide what replaced it.
        for found in sorted(_in_folder(entry), key=lambda one: not one.text):
            if found.name not in seen:
                seen.add(found.name)
                if found.text and (known is None or found.name in known):
                    points += _points(found)
    return points


def _in_folder(folder: str) -> Iterator[_Found]:
    try:
        names = os.listdir(folder or ".")  # noqa: PTH208 - five times as fast as a Path
    except NotADirectoryError:
        names = ["EGG-INFO"]
    except (OSError, ValueError):
        return
    if "EGG-INFO" in names:
        yield from _in_archive(folder)
    for name in sorted(names):
        if name.endswith((".dist-info", ".egg-info")):
            info = f"{folder or '.'}/{name}"
            stem = name.rpartition(".")[0].partition("-")[0]
            yield _Found(normalize_name(stem), _text_in(info), info)


def _text_in(info: str) -> str:
    """Return the entry points in a folder of metadata, if some of them are meant for ampctl."""
    try:
        with open(f"{info}/entry_points.txt", "rb", buffering=0) as file:
            content = file.read()
    except OSError:
        return ""
    # What is not UTF-8 becomes a name that can't be used, and so one that can be told.
    return content.decode(errors="replace") if f"[{_PREFIX}".encode() in content else ""


def _in_archive(path: str) -> Iterator[_Found]:
    """Yield what the library finds in an egg or a zip file; each kind of damage raises its own."""
    with contextlib.suppress(Exception):
        for distribution in distributions(path=[path]):
            text = distribution.read_text("entry_points.txt") or ""
            if f"[{_PREFIX}" in text:
                yield _Found(normalize_name(read_name(distribution)), text, path, distribution)


def _points(found: _Found) -> Iterator[EntryPoint]:
    distribution = found.distribution or Distribution.at(found.folder)
    group, is_ours = "", False
    for line in found.text.splitlines():
        name, equals, value = line.partition("=")
        name = name.strip()
        if name.startswith("["):
            group = name.strip("[] ")
            is_ours = group.startswith(_PREFIX)
        elif is_ours and (name or equals) and name[:1] not in ("#", ";"):
            yield EntryPoint(name, value.strip(), group, distribution)
