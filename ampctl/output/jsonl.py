"""``-f jsonl``: one JSON object on a line of its own for each row."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from json.encoder import encode_basestring_ascii
from typing import Any, TextIO

from ampctl.output.batches import Columns, to_texts
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

    def emit_columns(
        self,
        column_names: Sequence[str],
        batches: Iterable[Columns],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write each batch when it is there, and flush it: its rows came together."""
        keys = [compact(name).replace("%", "%%") for name in column_names]
        template = "{" + ",".join(f"{key}:%s" for key in keys) + "}\n"
        for columns in batches:
            texts = [_to_json(column) for column in columns]
            stdout.write("".join(map(template.__mod__, zip(*texts, strict=True))))
            stdout.flush()


def _to_json(column: Sequence[Any]) -> list[str]:
    return to_texts(column, "null", encode_basestring_ascii) or list(map(compact, column))
