"""Formats of others, whose faults are theirs; and those of cliff, which trust what they print."""

from __future__ import annotations

import argparse
import functools
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TextIO

from ampctl.console.text import printable, reason_of
from ampctl.errors import AmpError


class ForeignFormatter:
    """A formatter of cliff's kind, whose output has control characters made visible.

    It has ``emit_list`` and ``emit_one`` as far as that one has them.

    Args:
        formatter: for lists, for single records, or for both.
    """

    def __init__(self, formatter: Any) -> None:
        self._formatter = formatter
        if hasattr(formatter, "emit_list"):
            self.emit_list = self._emit_list
        if hasattr(formatter, "emit_one"):
            self.emit_one = self._emit_one

    def add_argument_group(self, parser: argparse.ArgumentParser) -> None:
        """Add its options."""
        self._formatter.add_argument_group(parser)

    def _emit_list(
        self,
        column_names: Sequence[str],
        data: Iterable[Sequence[Any]],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        # Some want to know how many there are.
        rows = list(data)
        self._formatter.emit_list(column_names, rows, _Visible(stdout), parsed_args)

    def _emit_one(
        self,
        column_names: Sequence[str],
        data: Sequence[Any],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        self._formatter.emit_one(column_names, data, _Visible(stdout), parsed_args)


class Blamed:
    """A formatter of a plugin, whose faults are not told as those of the command or of ampctl.

    Args:
        formatter: what it has is had by this one too.
        name: what names it in a message.
    """

    def __init__(self, formatter: Any, name: str) -> None:
        vars(self).update(_formatter=formatter, _name=name)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._formatter, name)
        return functools.partial(self._emit, found) if name.startswith("emit_") else found

    def __setattr__(self, name: str, value: object) -> None:
        setattr(self._formatter, name, value)

    def _emit(
        self, emit: Callable[..., None], names: Sequence[str], data: Iterable[Any], *others: Any
    ) -> None:
        rows = data if isinstance(data, Sequence) else _Rows(data)
        try:
            emit(names, rows, *others)
        except Exception as error:
            if isinstance(error, AmpError) or error is getattr(rows, "failure", None):
                raise
            raise AmpError(
                f"this is a bug in {self._name}: {reason_of(error)}"
                f"; what was written is not complete",
                hint="another format, or the same command with --debug to see where",
            ) from error


class _Rows(Iterator[Any]):
    """Rows that remember why there are no more of them."""

    failure: Exception | None = None

    def __init__(self, rows: Iterable[Any]) -> None:
        self._rows = iter(rows)

    def __next__(self) -> Any:
        try:
            return next(self._rows)
        except StopIteration:
            raise
        except Exception as error:
            self.failure = error
            raise


class _Visible(io.TextIOBase):
    """A stream that makes control characters visible, apart from tabs and line ends."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        visible = [
            "\t".join(map(printable, line.split("\t")))
            for line in text.replace("\r\n", "\n").split("\n")
        ]
        self._stream.write("\n".join(visible))
        return len(text)

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return self._stream.isatty()
