"""Logging of one command: to the console, and to a file if one is asked for."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Iterator
from io import TextIOWrapper

from ampctl.console.console import Console
from ampctl.errors import UsageError

_LEVEL_OF_VERBOSITY = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}


class _ConsoleHandler(logging.Handler):
    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        self._console.warn(self.format(record))


class _RedactingFormatter(logging.Formatter):
    def __init__(self, console: Console) -> None:
        super().__init__("%(asctime)s %(levelname)-8s %(name)s %(message)s")
        self._console = console

    def format(self, record: logging.LogRecord) -> str:
        return self._console.redact(super().format(record))


def _private_opener(path: str, flags: int) -> int:
    # Only its owner may read a log: it tells of internal hosts and jobs.
    return os.open(path, flags, 0o600)


class _PrivateFileHandler(logging.FileHandler):
    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=_private_opener)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Give up the file, on a full disk for example; the command itself goes on."""
        logging.getLogger().removeHandler(self)
        logging.getLogger(__name__).warning("can't write the log file %s", self.baseFilename)

    def close(self) -> None:
        """Close the file; what could not be written was told when it was tried."""
        with contextlib.suppress(OSError):
            super().close()


_OURS = (_ConsoleHandler, _PrivateFileHandler)


@contextlib.contextmanager
def logging_to(
    console: Console, *, level: str, verbosity: int, log_file: str | None
) -> Iterator[None]:
    """Send log records to the console and the log file until the block ends.

    Args:
        console: where records are shown.
        level: the value of ``AMP_LOG``, which counts where neither ``-v`` nor ``-q`` was given.
        verbosity: -1 quiet, 0 normal, 1 and more for what ``-v`` was given.
        log_file: path of the log file, if there is one.

    Raises:
        UsageError: ``AMP_LOG`` names no level, or the log file can't be opened.
    """
    handlers = [_console_handler(console, level, verbosity)]
    if log_file:
        handlers.append(_file_handler(console, log_file))
    root = logging.getLogger()
    level_before = root.level
    # A command that runs others leaves their records to them.
    outer = [handler for handler in root.handlers if isinstance(handler, _OURS)]
    root.handlers = [handler for handler in root.handlers if handler not in outer]
    root.setLevel(min(handler.level for handler in handlers))
    for handler in handlers:
        root.addHandler(handler)
    try:
        yield
    finally:
        root.setLevel(level_before)
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()
        root.handlers += outer


def _console_handler(console: Console, level_name: str, verbosity: int) -> logging.Handler:
    handler = _ConsoleHandler(console)
    handler.setLevel(_LEVEL_OF_VERBOSITY.get(verbosity, logging.DEBUG))
    name = level_name.upper()
    if name and verbosity == 0:
        level = logging.getLevelName(name)
        if not isinstance(level, int):
            raise UsageError(
                f"AMP_LOG: {name.lower()!r} is no log level",
                hint="set AMP_LOG to debug, info, warning or error",
            )
        handler.setLevel(level)
    return handler


def _file_handler(console: Console, path: str) -> logging.Handler:
    try:
        handler = _PrivateFileHandler(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"can't open the log file {path}: {reason}") from error
    handler.setFormatter(_RedactingFormatter(console))
    return handler
