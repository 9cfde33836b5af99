"""``-f csv``: quoted as RFC 4180 has it, guarded against formulas."""

from __future__ import annotations

import argparse
import contextlib
import csv
import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from types import SimpleNamespace
from typing import Any, Literal, TextIO

from ampctl.console.text import printable
from ampctl.errors import OutputError
from ampctl.output.batches import Columns, is_plain, join_rows
from ampctl.output.formatter import Formatter
from ampctl.output.options import add_csv_options
from ampctl.output.values import fetch_first, machine_text, plain

_Quoting = Literal[0, 1, 2, 3]

QUOTE_MODES: dict[str, _Quoting] = {
    "all": csv.QUOTE_ALL,
    "minimal": csv.QUOTE_MINIMAL,
    "none": csv.QUOTE_NONE,
    "nonnumeric": csv.QUOTE_NONNUMERIC,
}

# Spreadsheets take the wide forms for the same characters.
_STARTS_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
_FIRST = operator.itemgetter(slice(1))
_NEGATIVE_NUMBER = re.compile(r"-\d+(\.\d+)?", re.ASCII)
# A carriage return alone would not be quoted, and sets the cursor back.
_NO_LINE_BREAK = re.compile(r"(?:[^\t\r\n]|\r(?!\n))+")


class CsvFormatter(Formatter):
    """A header and one record for each row, each ending in a line feed, written as rows arrive.

    The stream must have been opened with ``newline=""``.
    """

    def add_argument_group(self, parser: argparse.ArgumentParser) -> None:
        """Add the options of this format; our own commands have them already."""
        add_csv_options(parser)

    def emit_list(
        self,
        column_names: Sequence[str],
        data: Iterable[Sequence[Any]],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write the header and the rows.

        Raises:
            OutputError: ``--quote none`` was given and a value needs quotes.
        """
        rows = fetch_first(data)
        with _explain_quotes():
            writer = _make_writer(stdout, parsed_args)
            writer.writerow(map(_make_field, column_names))
            writer.writerows(map(_make_fields, rows))

    def emit_columns(
        self,
        column_names: Sequence[str],
        batches: Iterable[Columns],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write the header, and each batch when it is there; raises as :meth:`emit_list` does."""
        # A single column quotes what is empty, so its rows are not its values.
        is_joined = parsed_args.quote_mode == "minimal" and len(column_names) > 1
        arriving = fetch_first(batches)
        with _explain_quotes():
            writer = _make_writer(stdout, parsed_args)
            writer.writerow(map(_make_field, column_names))
            for columns in arriving:
                if is_joined:
                    stdout.write(_join(columns))
                else:
                    writer.writerows(map(_make_fields, zip(*columns, strict=True)))


def _make_writer(stdout: TextIO, parsed_args: argparse.Namespace) -> Any:
    quoting = QUOTE_MODES[parsed_args.quote_mode]
    return csv.writer(stdout, quoting=quoting, lineterminator="\n")


@contextlib.contextmanager
def _explain_quotes() -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise OutputError(
            "can't write csv without quotes: a value needs them",
            hint="leave out --quote none",
        ) from error


def _join(columns: Columns) -> str:
    return join_rows(columns, ",", null="", is_ready=_is_ready, write=_write_fields)


def _is_ready(texts: Sequence[str]) -> bool:
    """Tell whether none of the texts needs quotes, escapes or a guard."""
    return is_plain(texts, ',"') and _STARTS_FORMULA.isdisjoint(map(_FIRST, texts))


def _write_fields(column: Sequence[Any]) -> list[str]:
    """Return the values as they stand in a row, before a field that is empty."""
    rows: list[str] = []
    writer = csv.writer(SimpleNamespace(write=rows.append), lineterminator="\n")
    writer.writerows((_make_field(value), "") for value in column)
    return [row.removesuffix(",\n") for row in rows]


def _make_fields(row: Sequence[Any]) -> list[Any]:
    # Long exports spend their time here: what is common is recognized first.
    return [value if type(value) is int else _make_field(value) for value in row]


def _make_field(value: object) -> str | int | float:
    if type(value) is not str:
        value = plain(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return value
        value = machine_text(value)
    if value.isascii() and value.isprintable() and value[:1] not in _STARTS_FORMULA:
        return value
    return _guard_formula(value)


def _guard_formula(text: str) -> str:
    """Return ``text`` with controls visible, and quoted for spreadsheets if it may be a formula."""
    visible = _NO_LINE_BREAK.sub(lambda part: printable(part[0]), text)
    if text[:1] not in _STARTS_FORMULA or _NEGATIVE_NUMBER.fullmatch(text):
        return visible
    return f"'{visible}"
