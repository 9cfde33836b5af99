"""Standard output as ampctl writes it: UTF-8 in a pipe, with failures that can be told apart."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import TextIO

from ampctl.errors import OutputError


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
