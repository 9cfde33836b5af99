"""What plugins print by themselves, from Python and from C: it must not land between the data."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator


@contextlib.contextmanager
def send_prints_to_stderr() -> Iterator[None]:
    """Send to stderr what the block prints, other than through the streams of the runtime."""
    with contextlib.redirect_stdout(sys.stderr), contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):  # one of the two may be closed
            before = os.dup(1)
            stack.callback(os.close, before)
            os.dup2(2, 1)
            stack.callback(os.dup2, before, 1)
        yield


@contextlib.contextmanager
def let_prints_through() -> Iterator[None]:
    """Let the block print to standard output, and nothing else that was printed before it."""
    with send_prints_to_stderr():
        _flush_c()
    try:
        yield
    finally:
        # The process ends without it: see ampctl.entry.
        _flush_c()


def _flush_c() -> None:
    """Write what the C library still holds: in a pipe or a file it gathers what is printed."""
    # Imported here: it takes milliseconds, and is only needed for commands without an answer.
    import ctypes

    with contextlib.suppress(OSError, AttributeError):  # a system whose C library is not found
        ctypes.CDLL(None).fflush(None)
