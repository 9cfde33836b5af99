"""``-f jsonl``: one JSON object on a line of its own for each row."""

from __future__ import annotations

import argparse
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring_ascii
from typing import Any, TextIO

from ampctl.output.batches import Columns, is_plain
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
            stdout.write("".join(_join(keys, columns)))
            stdout.flush()


def _join(keys: Sequence[str], columns: Columns) -> Iterator[str]:
    """Return the rows of a batch as objects, a line for each."""
    pieces: list[Iterable[str]] = []
    before = "{"
    for key, column in zip(keys, columns, strict=True):
        quote, texts = _to_json(column)
        pieces += [itertools.repeat(f"{before}{key}:{quote}"), texts]
        before = f"{quote},"
    pieces.append(itertools.repeat(f"{before[:-1]}}}\n"))
    # What is repeated has no end, so that the lengths differ.
    return map("".join, zip(*pieces, strict=False))


def _to_json(column: Sequence[Any]) -> tuple[str, Sequence[str]]:
    """Return the values of a column as texts, and what has to stand around each of them."""
    if set(map(type, column)) == {str} and is_plain(column, '"\\'):
        return '"', column
    return "", [_WRITERS.get(type(value), compact)(value) for value in column]
