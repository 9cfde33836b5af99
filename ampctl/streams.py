"""Standard output as ampctl writes it: its encoding, its width, and failures told apart."""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator, Mapping
from typing import TextIO

from ampctl.errors import OutputError

DEFAULT_WIDTH = 80

_COLUMNS = re.compile(r"[1-9]\d{0,3}", re.ASCII)


class _Closed(io.StringIO):
    """Stands for a standard output that the caller closed (``>&-``)."""

    def write(self, text: str, /) -> int:
        raise OSError("it is closed")

    def flush(self) -> None:
        raise OSError("it is closed")


def standard_output(stream: TextIO | None) -> TextIO:
    """Return ``stream`` made fit for data.

    In a pipe or a file the encoding is UTF-8, whatever the locale says, since machine formats
    never change with it; on a terminal it stays what the terminal understands. Characters that
    can't be encoded are written as escapes: an answer is never lost half-way through.
    """
    if stream is None:
        return _Closed()
    if isinstance(stream, io.TextIOWrapper):
        encoding = stream.encoding if stream.isatty() else "utf-8"
        stream.reconfigure(encoding=encoding, errors="backslashreplace", newline="")
    return stream


def terminal_width(stdout: TextIO, environ: Mapping[str, str]) -> int:
    """Return the width to fit to: ``COLUMNS``, or else that of the terminal, or else 80."""
    wanted = environ.get("COLUMNS", "")
    if _COLUMNS.fullmatch(wanted):
        return int(wanted)
    with contextlib.suppress(OSError, ValueError):
        return os.get_terminal_size(stdout.fileno()).columns or DEFAULT_WIDTH
    return DEFAULT_WIDTH


@contextlib.contextmanager
def writing(stream: TextIO) -> Iterator[TextIO]:
    """Write to ``stream``, and flush it when all is written.

    Raises:
        BrokenPipeError: the reader went away, which is no fault.
        OutputError: what was written could not be stored, on a full disk for example.
    """
    try:
        yield stream
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(
            f"can't write to standard output: {reason}; what was written is not complete"
        ) from error


def abandon(stream: TextIO) -> None:
    """Drop what ``stream`` still holds, so that the end of the process can't fail over it."""
    try:
        stream.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)
