"""The history of the shell: a file that only its owner may read, and no secret is in."""

from __future__ import annotations

import contextlib
import json
import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from ampctl.console.text import printable
from ampctl.shell.line import join_lines

_LOADED = 5_000


class History:
    """What was typed, oldest first, in this session and those before it.

    The file has a JSON string on each line. What can't be read or written is told once, and the
    history is then that of this session alone.

    Args:
        path: the file; it and its folder are made when they are first needed.
        redact: takes the secrets that are known out of a text.
        gives_secret: tells whether a command, as it was typed, gives a secret.
        warn: tells the person something.
    """

    def __init__(
        self,
        path: Path,
        redact: Callable[[str], str],
        gives_secret: Callable[[str], bool],
        warn: Callable[[str], None],
    ) -> None:
        self._path = path
        self._redact = redact
        self._gives_secret = gives_secret
        self._warn = warn
        self._is_usable = True
        # A dictionary keeps their order, and thousands are loaded when the shell is opened.
        self._texts: dict[str, None] = {}

    @property
    def texts(self) -> Sequence[str]:
        """The entries; one that is entered again moves to the end."""
        return list(self._texts)

    def load(self) -> None:
        """Read the entries of earlier sessions."""
        lines, damaged = [], 0
        try:
            lines = self._read()
        except FileNotFoundError:
            return
        except OSError as error:
            self._give_up(error)
        for line in lines:
            text = _read_entry(line)
            if text is None:
                damaged += 1
            else:
                self._keep(text)
        if damaged:
            self._warn(f"{damaged:,} lines of the history in {self._path} can't be read")

    def append(self, text: str) -> bool:
        """Keep what was entered, in the file as well; return whether it may be kept."""
        if not text.strip() or text[0] == " " or self._has_secret(text):
            return False
        is_new = next(reversed(self._texts), None) != text
        self._keep(text)
        if is_new and self._is_usable:
            try:
                self._write(text)
            except OSError as error:
                self._give_up(error)
        return True

    def _keep(self, text: str) -> None:
        self._texts.pop(text, None)
        self._texts[text] = None

    def _has_secret(self, text: str) -> bool:
        single_line = text.replace("\n", " ")
        if self._redact(single_line) != printable(single_line):
            return True
        return any(self._gives_secret(command) for _, command in join_lines(text.split("\n")))

    def _read(self) -> list[bytes]:
        """Return the latest lines; a file that has grown too long is cut to them."""
        with open(self._open(os.O_RDONLY), "rb") as file:
            lines = file.read().splitlines()
        latest = lines[-_LOADED:]
        if len(lines) > 2 * _LOADED:
            path = self._path.resolve()
            new = path.with_name(f".{path.name}.new")
            new.unlink(missing_ok=True)
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.writelines(line + b"\n" for line in latest)
            # Who looks at the file meanwhile finds the old one or the new one.
            new.replace(path)
        return latest

    def _write(self, text: str) -> None:
        _make_folder(self._path.parent)
        with open(self._open(os.O_WRONLY | os.O_APPEND | os.O_CREAT), "wb", buffering=0) as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(f"{json.dumps(text)}\n".encode())

    def _open(self, flags: int) -> int:
        """Open the file, and nothing that would keep a person waiting."""
        descriptor = os.open(self._path, flags | os.O_NONBLOCK | os.O_NOCTTY, 0o600)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError("it is not a file")
        return descriptor

    def _give_up(self, error: OSError) -> None:
        self._is_usable = False
        self._warn(f"can't use the history in {self._path}: {error.strerror or error}")


def _read_entry(line: bytes) -> str | None:
    with contextlib.suppress(ValueError):
        text = json.loads(line)
        if isinstance(text, str):
            return text
    return None


def _make_folder(folder: Path) -> None:
    """Make a folder, and those that it is in, for this user alone."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
