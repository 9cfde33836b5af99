"""Formats that were written for cliff, which trust what they print."""

from __future__ import annotations

import argparse
import io
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from ampctl.console.text import printable


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
