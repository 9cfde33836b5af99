"""``-f jsonl``: one JSON object on a line of its own for each row."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from cliff.formatters.base import ListFormatter, SingleFormatter

from ampctl.output.values import compact


class JsonLinesFormatter(ListFormatter, SingleFormatter):
    """JSON Lines; every record is flushed, so that a reader sees it at once."""

    def add_argument_group(self, parser: argparse.ArgumentParser) -> None:
        """Add nothing: see :func:`ampctl.output.options.add_format_options`."""

    def emit_list(
        self,
        column_names: Sequence[str],
        data: Iterable[Sequence[Any]],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write each row as it arrives."""
        for row in data:
            self.emit_one(column_names, row, stdout, parsed_args)

    def emit_one(
        self,
        column_names: Sequence[str],
        data: Sequence[Any],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write one object."""
        stdout.write(compact(dict(zip(column_names, data, strict=True))) + "\n")
        stdout.flush()
