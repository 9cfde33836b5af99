"""``-f jsonl``: one JSON object on a line of its own for each row."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from ampctl.output.formatter import Formatter
from ampctl.output.values import compact


class JsonLinesFormatter(Formatter):
    """JSON Lines; every record is flushed, so that a reader sees it at once."""

    def emit_list(
        self,
        column_names: Sequence[str],
        data: Iterable[Sequence[Any]],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write each row as it arrives."""
        for row in data:
            stdout.write(compact(dict(zip(column_names, row, strict=True))) + "\n")
            stdout.flush()
