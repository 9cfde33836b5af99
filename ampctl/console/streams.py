"""Standard output as commands write to it, with failures that can be distinguished."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any, TextIO, cast

from ampctl.errors import ClosedPipe, OutputError

DEFAULT_WIDTH = 80

_COLUMNS = re.compile(r"[1-9]\d{0,3}", re.ASCII)


class Output:
    """A text stream whose failures to write are errors of ampctl.

    Only writing and flushing are guarded: an ``OSError`` of a command that computes what it
    prints stays what it is. Everything else is that of the stream.

    Args:
        stream: where the text goes.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write ``text``.

        Raises:
            ClosedPipe: the reader closed its end, which is not a fault.
            OutputError: the text could not be stored, on a full disk for example.
        """
        with self._explain_failures():
            return self._stream.write(text)

    def flush(self) -> None:
        """Hand over what was written; raises as :meth:`write` does."""
        with self._explain_failures():
            self._stream.flush()

    @contextlib.contextmanager
    def _explain_failures(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError as error:
            raise ClosedPipe from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise OutputError(
                f"can't write to {self._describe()}: {reason}; what was written is not complete",
                hint="check that there is room for it, and that it may be written there",
            ) from error

    def _describe(self) -> str:
        name = getattr(self._stream, "name", None)
        # Standard streams are called <stdout> and the like.
        is_file = isinstance(name, str) and not name.startswith("<")
        return f"{name}" if is_file else "standard output"

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def guard(stream: TextIO) -> TextIO:
    """Return ``stream`` as an :class:`Output`."""
    return stream if isinstance(stream, Output) else cast(TextIO, Output(stream))


def terminal_width(stdout: TextIO, environ: Mapping[str, str]) -> int:
    """Return the width to fit to: ``COLUMNS``, or else that of the terminal, or else 80."""
    columns = environ.get("COLUMNS", "")
    if _COLUMNS.fullmatch(columns):
        return int(columns)
    with contextlib.suppress(OSError, ValueError):
        return os.get_terminal_size(stdout.fileno()).columns or DEFAULT_WIDTH
    return DEFAULT_WIDTH


def abandon(stream: IO[str]) -> None:
    """Drop what ``stream`` still holds, so that the end of the process can't fail over it."""
    try:
        stream.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, stream.fileno())
            os.close(null)
