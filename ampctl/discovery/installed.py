"""What the installed distributions declare for ampctl, read without importing any of them.

Only their ``entry_points.txt`` are read, at every start. ``importlib.metadata`` finds the same and
takes five times as long for it, with a hundred distributions a third of all that ``ampctl --help``
does: it makes objects of all entry points of all distributions. A test compares the two.
"""

from __future__ import annotations

import collections
import contextlib
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from importlib.metadata import Distribution, distributions
from typing import NamedTuple

from ampctl.discovery.builtin import LIST_FORMATTERS, ONE_FORMATTERS
from ampctl.discovery.entry_points import EntryPoint, normalize_name, read_name

_PREFIX = "ampctl."
_FORMATTERS = (LIST_FORMATTERS, ONE_FORMATTERS)
# cliff brings its own formats, and each of them is one of ours.
_LIBRARY = "cliff"
# What the library takes for a value; the extras in brackets are for installers.
_VALUE = re.compile(r"([\w.]+)\s*:\s*([\w.]+)\s*(?:\[.*\])?")
_NOT_PLAIN = re.compile(r"[\s\[]")


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
        for found in _choose_newest(_find_in_folder(entry)):
            if found.name not in seen:
                seen.add(found.name)
                is_allowed = known is None or found.name in known
                if found.text and is_allowed and found.name != _LIBRARY:
                    points += _parse(found)
    return points


def _choose_newest(found: Iterable[_Found]) -> Iterator[_Found]:
    """Yield one of each name: what an update left in a folder must not hide what replaced it."""
    by_name = collections.defaultdict(list)
    for one in found:
        by_name[one.name].append(one)
    for releases in by_name.values():
        yield releases[0] if len(releases) == 1 else max(releases, key=_rank)


def _rank(found: _Found) -> tuple[bool, list[int]]:
    version = found.folder.rpartition("/")[2].partition("-")[2]
    return bool(found.text), [int(number) for number in re.findall(r"\d+", version)]


def _find_in_folder(folder: str) -> Iterator[_Found]:
    try:
        names = os.listdir(folder or ".")  # noqa: PTH208 - five times as fast as a Path
    except NotADirectoryError:
        names = ["EGG-INFO"]
    except (OSError, ValueError):
        return
    if "EGG-INFO" in names:
        yield from _find_in_archive(folder)
    for name in sorted(names):
        # pip renames what it is about to remove to ~name, and leaves it there if it is stopped.
        if name.lower().endswith((".dist-info", ".egg-info")) and not name.startswith("~"):
            info = f"{folder or '.'}/{name}"
            stem = name.rpartition(".")[0].partition("-")[0]
            yield _Found(normalize_name(stem), _read_text(info), info)


def _read_text(info: str) -> str:
    """Return the entry points in a folder of metadata, if some of them are meant for ampctl."""
    try:
        with open(f"{info}/entry_points.txt", "rb", buffering=0) as file:
            content = file.read()
    except OSError:
        return ""
    # What is not UTF-8 becomes a name that can't be used, which `plugin check` can show.
    return content.decode(errors="replace") if _is_for_ampctl(content) else ""


def _is_for_ampctl(content: bytes) -> bool:
    return b"[ampctl." in content or b"[cliff.formatter." in content


def _find_in_archive(path: str) -> Iterator[_Found]:
    """Yield what the library finds in an egg or a zip file; each kind of damage raises its own."""
    with contextlib.suppress(Exception):
        for distribution in distributions(path=[path]):
            text = distribution.read_text("entry_points.txt") or ""
            if _is_for_ampctl(text.encode()):
                yield _Found(normalize_name(read_name(distribution)), text, path, distribution)


def _parse(found: _Found) -> Iterator[EntryPoint]:
    """Yield the entry points that are for ampctl, as the library reads them.

    A line without ``=`` becomes one that can't be used, where the library fails for all.
    """
    distribution = found.distribution or Distribution.at(found.folder)
    group, is_ours = "", False
    for line in map(str.strip, found.text.splitlines()):
        if line[:1] == "[" and line[-1:] == "]":
            group = line.strip("[]")
            is_ours = group.startswith(_PREFIX) or group in _FORMATTERS
        elif is_ours and line and line[0] != "#":
            name, _, value = line.partition("=")
            yield EntryPoint(name.strip(), _clean(value.strip()), group, distribution)


def _clean(value: str) -> str:
    if _NOT_PLAIN.search(value) and (match := _VALUE.fullmatch(value)):
        return f"{match[1]}:{match[2]}"
    return value
