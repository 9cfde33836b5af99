"""``-f csv``: quoted as RFC 4180 has it, guarded against formulas."""

from __future__ import annotations

import argparse
import contextlib
import csv
import operator
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, TextIO

from ampctl.console.text import printable
from ampctl.errors import OutputError
from ampctl.output.batches import Columns, join_plain, write_batches
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
        is_minimal = parsed_args.quote_mode == "minimal"
        arriving = fetch_first(batches)
        with _explain_quotes():
            writer = _make_writer(stdout, parsed_args)
            writer.writerow(map(_make_field, column_names))
            write_batches(
                arriving,
                stdout,
                join=lambda columns: _join_plain(columns) if is_minimal else None,
                write_rows=lambda rows: writer.writerows(map(_make_fields, rows)),
            )


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


def _join_plain(columns: Columns) -> str | None:
    """Return all rows of a batch, if none of their values needs quotes, escapes or a guard."""
    if len(columns) < 2:
        return None  # a single column quotes what is empty
    return join_plain(columns, ",", null="", needs_care=_has_formula)


def _has_formula(texts: Sequence[str]) -> bool:
    return not _STARTS_FORMULA.isdisjoint(map(_FIRST, texts))


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
