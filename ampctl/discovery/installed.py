"""What the installed distributions declare for ampctl, read without importing any of them.

Only their ``entry_points.txt`` are read, at every start, and only the groups that are asked for are
taken out of them. ``importlib.metadata`` finds the same and takes many times as long for it: it
makes objects of all entry points of all distributions. A test compares the two.
"""

from __future__ import annotations

import collections
import contextlib
import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator

from ampctl.discovery.builtin import LIST_FORMATTERS, ONE_FORMATTERS
from ampctl.discovery.entry_points import EntryPoint, Installed, normalize_name, read_name

_PREFIX = "ampctl."
_FORMATTERS = (LIST_FORMATTERS, ONE_FORMATTERS)
# cliff brings its own formats, and each of them is one of ours.
_LIBRARY = "cliff"
# What the library takes for a value; the extras in brackets are for installers.
_VALUE = re.compile(r"([\w.]+)\s*:\s*([\w.]+)\s*(?:\[.*\])?")
# Nearly all files with entry points, or with a group, are smaller: they are read at once.
_MOST_FILES = 16_384
_NOT_PLAIN = re.compile(r"[\s\[]")


def find_installed(allowed: Collection[str] | None = None) -> list[Installed]:
    """Return the distributions that declare something for ampctl.

    Of one that is installed twice the first one on the path counts, as for imports.

    Args:
        allowed: the distributions that count; None for all of them.
    """
    known = None if allowed is None else set(map(normalize_name, allowed))
    first: dict[str, Installed] = {}
    for entry in sys.path:
        for found in _choose_newest(_find_in_folder(entry)):
            first.setdefault(found.name, found)
    first.pop(_LIBRARY, None)
    return [one for one in first.values() if one.text and (known is None or one.name in known)]


def read_entry_points(
    distributions: Iterable[Installed], entry_group: str | None = None
) -> list[EntryPoint]:
    """Return the entry points of one group, or all that are meant for ampctl."""
    return [
        entry
        for found in distributions
        # Nearly all distributions have nothing in a group of commands.
        if entry_group is None or f"[{entry_group}]" in found.text
        for entry in _parse(found, entry_group)
    ]


def _choose_newest(found: Iterable[Installed]) -> Iterator[Installed]:
    """Yield one of each name: what an update left in a folder must not hide what replaced it."""
    by_name = collections.defaultdict(list)
    for one in found:
        by_name[one.name].append(one)
    for releases in by_name.values():
        yield releases[0] if len(releases) == 1 else max(releases, key=_rank)


def _rank(found: Installed) -> tuple[bool, list[int]]:
    version = found.info.rpartition("/")[2].partition("-")[2]
    return bool(found.text), [int(number) for number in re.findall(r"\d+", version)]


def _find_in_folder(folder: str) -> Iterator[Installed]:
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
            yield Installed(normalize_name(stem), _read_text(info), info)


def _read_text(info: str) -> str:
    """Return the entry points in a folder of metadata, if some of them are meant for ampctl."""
    try:
        content = read_file(f"{info}/entry_points.txt")
    except OSError:
        return ""
    # What is not UTF-8 becomes a name that can't be used, which `plugin check` can show.
    return content.decode(errors="replace") if _is_for_ampctl(content) else ""


def _is_for_ampctl(content: bytes) -> bool:
    return b"[ampctl." in content or b"[cliff.formatter." in content


def read_file(path: str) -> bytes:
    """Return what is in a file, with a third of the work that :func:`open` makes of it.

    Raises:
        OSError: it can't be read.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return b"".join(iter(lambda: os.read(descriptor, _MOST_FILES), b""))
    finally:
        os.close(descriptor)


def _find_in_archive(path: str) -> Iterator[Installed]:
    """Yield what the library finds in an egg or a zip file; each kind of damage raises its own."""
    from importlib import metadata

    with contextlib.suppress(Exception):
        for distribution in metadata.distributions(path=[path]):
            text = distribution.read_text("entry_points.txt") or ""
            if _is_for_ampctl(text.encode()):
                yield Installed(normalize_name(read_name(distribution)), text, path, distribution)


def _parse(found: Installed, entry_group: str | None) -> Iterator[EntryPoint]:
    """Yield the entry points of a group, or of all groups of ampctl, as the library reads them.

    A line without ``=`` becomes one that can't be used, where the library fails for all.
    """
    group, is_wanted = "", False
    for line in map(str.strip, found.text.splitlines()):
        if line[:1] == "[" and line[-1:] == "]":
            group = line.strip("[]")
            is_ours = group.startswith(_PREFIX) or group in _FORMATTERS
            is_wanted = is_ours and entry_group in (None, group)
        elif is_wanted and line and line[0] != "#":
            name, _, value = line.partition("=")
            yield EntryPoint(name.strip(), _clean(value.strip()), group, found)


def _clean(value: str) -> str:
    if _NOT_PLAIN.search(value) and (match := _VALUE.fullmatch(value)):
        return f"{match[1]}:{match[2]}"
    return value
