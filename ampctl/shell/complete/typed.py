"""Completion of a line while it is being typed at the prompt."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from ampctl.console.text import printable
from ampctl.errors import UsageError
from ampctl.settings.completing import Candidate
from ampctl.shell.complete.engine import Completion, Engine
from ampctl.shell.line import parse_line
from ampctl.shell.runner import drop_program


class Insertion(NamedTuple):
    """What may be put into the line in the place of its last word.

    Attributes:
        start: where in the line that word begins.
        text: what to put there, quoted where it has to be.
        shown: what a person chooses it by.
        hint: what it means.
    """

    start: int
    text: str
    shown: str
    hint: str


def complete_typed(
    engine: Engine, text: str, is_wanted: Callable[[], bool] = lambda: True
) -> list[Insertion]:
    """Return what may stand at the end of ``text``, the line up to the cursor.

    Nothing is offered once the answer ``is_wanted`` no more.
    """
    try:
        line = parse_line(text, partial=True)
    except UsageError:
        return []
    if line.pipe is not None or not (line.words or line.path is not None):
        return []
    if line.path is not None:
        found = Completion(tuple(_list_files(line.path)), space=False)
    else:
        # The name alone is still being typed.
        words = drop_program(line.words) or line.words
        found = engine.complete(words, is_wanted)
        if found.files:
            found = Completion(tuple(_list_files(words[-1])), space=False)
    end = " " if found.space else ""
    return [
        Insertion(line.start, shlex.quote(one.text) + end, one.text, one.hint)
        for one in found.candidates
    ]


def _list_files(word: str) -> Iterator[Candidate]:
    """Yield the files whose paths begin as the word does, or as its value does."""
    option, sign, path = word.rpartition("=") if word.startswith("-") else ("", "", word)
    folder, slash, begun = path.rpartition("/")
    try:
        entries = sorted(os.scandir(Path(folder + slash or ".").expanduser()), key=_name)
    except (OSError, RuntimeError):
        return
    for entry in entries:
        is_meant = entry.name.startswith(begun) and (begun or not entry.name.startswith("."))
        if is_meant and printable(entry.name) == entry.name:
            end = "/" if entry.is_dir() else ""
            yield Candidate(f"{option}{sign}{folder}{slash}{entry.name}{end}")


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name
