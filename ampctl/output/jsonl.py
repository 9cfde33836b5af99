"""``-f jsonl``: one JSON object on a line of its own for each row."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from json.encoder import encode_basestring_ascii
from typing import Any, TextIO

from ampctl.output.batches import Columns, is_plain, join_between
from ampctl.output.formatter import Formatter
from ampctl.output.values import compact

_WRITERS: Mapping[type, Callable[[Any], str]] = {str: encode_basestring_ascii, int: str}


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
        keys = list(map(compact, column_names))
        for columns in batches:
            quotes, texts = zip(*map(_to_json, columns), strict=True)
            begins = [f"{key}:{quote}" for key, quote in zip(keys, quotes, strict=True)]
            ends = [f"{quote}," for quote in quotes]
            between = [end + begin for end, begin in zip(ends, begins[1:], strict=False)]
            pieces = [f"{{{begins[0]}", *between, f"{quotes[-1]}}}\n"]
            stdout.write(join_between(pieces, texts))
            stdout.flush()


def _to_json(column: Sequence[Any]) -> tuple[str, Sequence[str]]:
    """Return the values of a column as texts, and what has to stand around each of them."""
    if set(map(type, column)) == {str} and is_plain(column, '"\\'):
        return '"', column
    return "", [_WRITERS.get(type(value), compact)(value) for value in column]
