"""Logging of one command: to the console, and to a file if one is asked for."""

from __future__ import annotations

import contextlib
import logging
import os
import stat
from collections.abc import Iterator
from io import TextIOWrapper
from typing import Any

from ampctl.console.console import Console
from ampctl.errors import UsageError

_LEVEL_OF_VERBOSITY = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO}
_FILE_STYLE = "%(asctime)s %(levelname)-8s %(name)s %(message)s"


class _SafeFormatter(logging.Formatter):
    """Makes one line of a record, and indented ones of its traceback."""

    def __init__(self, console: Console, style: str) -> None:
        super().__init__(style)
        self._console = console

    def format(self, record: logging.LogRecord) -> str:
        # A traceback that another handler formatted is kept in the record as it was.
        return super().format(logging.makeLogRecord({**vars(record), "exc_text": None}))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return self._console.make_safe(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's name
        return self._console.indent(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802 - logging's name
        return self._console.indent(stack_info)


class _ConsoleHandler(logging.Handler):
    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self.setFormatter(_SafeFormatter(console, "%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        message, _, traceback = self.format(record).partition("\n")
        self._console.warn(message)
        if traceback:
            # Imported here: hardly any record has a traceback.
            import textwrap

            self._console.show_traceback(textwrap.dedent(traceback))


def _open_private(path: str, flags: int) -> int:
    """Open a file that only its owner may read: a log tells of internal hosts and jobs.

    Raises:
        OSError: it is not a file, or others may read it.
    """
    # Without waiting: a named pipe without a reader would be waited for.
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY, 0o600)
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode) or mode & (stat.S_IRGRP | stat.S_IROTH):
        os.close(descriptor)
        raise OSError("others may read it" if stat.S_ISREG(mode) else "it is not a file")
    return descriptor


class _PrivateFileHandler(logging.FileHandler):
    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=_open_private)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Give up the file, on a full disk for example; the command itself goes on."""
        logging.getLogger().removeHandler(self)
        logging.getLogger(__name__).warning("can't write the log file %s", self.baseFilename)

    def close(self) -> None:
        """Close the file; what could not be written was reported then."""
        with contextlib.suppress(OSError):
            super().close()


_OURS = (_ConsoleHandler, _PrivateFileHandler)


@contextlib.contextmanager
def send_logs(
    console: Console, *, level: str, verbosity: int, log_file: str | None, informs: bool = False
) -> Iterator[None]:
    """Send log records to the console and the log file until the block ends.

    Args:
        console: where records are shown.
        level: the value of ``AMP_LOG``, which counts where neither ``-v`` nor ``-q`` was given.
        verbosity: -1 quiet, 0 normal, 1 and more for what ``-v`` was given.
        log_file: path of the log file, if there is one.
        informs: whether one level more is shown than ``verbosity`` says.

    Raises:
        UsageError: ``AMP_LOG`` is not a level, or the log file can't be opened.
    """
    handlers = [_console_handler(console, level, verbosity, informs)]
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


def append_error(console: Console, log_file: str | None, text: str) -> None:
    """Write the report of an error to the log file, if there is one.

    It can come before the log is opened or after it is closed: errors of the command line do.
    """
    if log_file:
        record = logging.LogRecord("ampctl", logging.ERROR, "", 0, text, (), None)
        with (
            contextlib.suppress(OSError, ValueError),
            open(log_file, "a", encoding="utf-8", opener=_open_private) as file,
        ):
            file.write(_SafeFormatter(console, _FILE_STYLE).format(record) + "\n")


def _console_handler(
    console: Console, level_name: str, verbosity: int, informs: bool
) -> logging.Handler:
    handler = _ConsoleHandler(console)
    handler.setLevel(_LEVEL_OF_VERBOSITY.get(verbosity + informs, logging.DEBUG))
    name = level_name.upper()
    if name and verbosity == 0:
        level = logging.getLevelName(name)
        if not isinstance(level, int):
            raise UsageError(
                f"AMP_LOG: {name.lower()!r} is not a log level",
                hint="set AMP_LOG to debug, info, warning or error",
            )
        handler.setLevel(level)
    return handler


def _file_handler(console: Console, path: str) -> logging.Handler:
    try:
        handler = _PrivateFileHandler(path)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(
            f"can't use the log file {path}: {reason}",
            hint="name a file that only you may read, or one that is not there yet",
        ) from error
    handler.setFormatter(_SafeFormatter(console, _FILE_STYLE))
    return handler
