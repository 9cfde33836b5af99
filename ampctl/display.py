"""The bases of commands that answer with data: formats, columns, sorting and ``--json``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from itertools import compress, repeat
from typing import TYPE_CHECKING, Any, ClassVar

import cliff.display
import cliff.lister
from cliff.columns import FormattableColumn
from stevedore.named import NamedExtensionManager

from ampctl.command import Command
from ampctl.errors import AmpError, UsageError
from ampctl.output.document import write_document, write_stream
from ampctl.output.options import add_format_options
from ampctl.output.records import Records, StreamedDocument
from ampctl.registry import FORMATTERS, listing, load
from ampctl.streams import writing

if TYPE_CHECKING:
    from cliff.formatters.base import ListFormatter

Columns = Sequence[str]
Rows = Iterable[Sequence[Any]]


class _Display(cliff.display.DisplayCommandBase["ListFormatter"], Command):
    """What commands that answer with data have in common: formats, columns and ``--json``.

    Attributes:
        column_names: the columns that ``take_action`` returns. With them a wrong ``--column``
            is refused before anything is sent.
    """

    column_names: ClassVar[Columns] = ()

    @property
    def formatter_namespace(self) -> str:
        """The entry-point group of the formatters, one for lists and single records alike."""
        return FORMATTERS

    @property
    def formatter_default(self) -> str:
        """The format when none is asked for."""
        return "table"

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the output options, without loading any formatter."""
        parser = Command.get_parser(self, prog_name)
        formats = sorted({entry.name for entry in listing(FORMATTERS)})
        group = parser.add_argument_group("output")
        group.add_argument(
            "-f",
            "--format",
            dest="formatter",
            choices=formats,
            metavar="FORMAT",
            help=f"{', '.join(formats)} (default: {self.formatter_default})",
        )
        group.add_argument(
            "-c",
            "--column",
            action="append",
            default=[],
            dest="columns",
            metavar="COLUMN",
            help="show only this column; repeat it for more"
            + (f" (columns: {', '.join(self.column_names)})" if self.column_names else ""),
        )
        group.add_argument(
            "--json", action="store_true", help="print the API's own JSON document, on one line"
        )
        add_format_options(group)
        self._formatter_group = group
        return parser

    def run(self, parsed_args: argparse.Namespace) -> int:
        """Do the command's work, print what it answers, and return the exit code."""
        self._check_output_options(parsed_args)
        columns, rows = self.take_action(parsed_args)
        with writing(self.runtime.stdout):
            if parsed_args.json:
                self._write_documents(columns, rows)
            else:
                parsed_args.formatter = parsed_args.formatter or self.formatter_default
                self.formatter = _formatter(parsed_args.formatter)
                self.produce_output(parsed_args, columns, self._counted(rows))
        for remark in self.remarks:
            self.console.hint(remark)
        self._raise_failures()
        return 0

    def _load_formatter_plugins(self) -> NamedExtensionManager[ListFormatter]:
        # cliff would load every formatter here; ours is loaded when its name is known.
        return NamedExtensionManager(self.formatter_namespace, names=[])

    def _check_output_options(self, parsed_args: argparse.Namespace) -> None:
        if parsed_args.json and parsed_args.formatter:
            raise UsageError("--json and --format exclude each other", hint="use one of them")
        if parsed_args.json and parsed_args.columns:
            raise UsageError(
                "--json prints whole documents, so --column has no meaning",
                hint="-f json -c COLUMN",
            )
        if self.column_names:
            wanted = [*parsed_args.columns, *getattr(parsed_args, "sort_columns", ())]
            _check_columns(wanted, self.column_names)

    def _counted(self, rows: Rows) -> Rows:
        count = 0
        try:
            for row in rows:
                yield row
                count += 1
        except AmpError:
            if count:
                self.console.warn(f"this is not everything: it broke off after {_count(count)}")
            raise

    def _write_documents(self, columns: Columns, rows: Rows) -> None:
        for document in self._documents(columns, rows):
            if isinstance(document, StreamedDocument):
                write_stream(self.runtime.stdout, document.key, document.items, document.tail)
            else:
                write_document(self.runtime.stdout, document)

    def _documents(self, columns: Columns, rows: Rows) -> Iterable[Any]:
        if isinstance(rows, Records):
            return rows.documents(rows.items)
        return [[_record(columns, row) for row in rows]]


class Lister(cliff.lister.Lister, _Display):
    """Base of commands that answer with a list.

    ``take_action`` returns the column names and the rows: an iterable of sequences, or
    :class:`Records` if ``--json`` shall print the API's own document.
    """

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the output options, sorting among them."""
        parser = _Display.get_parser(self, prog_name)
        self._formatter_group.add_argument(
            "--sort-column",
            action="append",
            default=[],
            dest="sort_columns",
            metavar="COLUMN",
            help="sort by this column; repeat it to sort what is equal there",
        )
        direction = self._formatter_group.add_mutually_exclusive_group()
        direction.add_argument(
            "--sort-ascending",
            action="store_const",
            dest="sort_direction",
            const="asc",
            help="smallest first (default)",
        )
        direction.add_argument(
            "--sort-descending",
            action="store_const",
            dest="sort_direction",
            const="desc",
            help="largest first",
        )
        return parser

    def produce_output(
        self, parsed_args: argparse.Namespace, column_names: Columns, data: Rows
    ) -> int:
        """Sort and print the rows."""
        _check_columns([*parsed_args.columns, *parsed_args.sort_columns], column_names)
        return super().produce_output(parsed_args, column_names, data)


class ShowOne(_Display):
    """Base of commands that show one thing in full.

    ``take_action`` returns the column names and the values of the one record.
    """

    def produce_output(
        self, parsed_args: argparse.Namespace, column_names: Columns, data: Iterable[Any]
    ) -> int:
        """Print the record."""
        self._emit(parsed_args, column_names, [tuple(data)])
        return 0

    def _documents(self, columns: Columns, rows: Any) -> Iterable[Any]:
        return (
            super()._documents(columns, rows)
            if isinstance(rows, Records)
            else [_record(columns, tuple(rows))]
        )

    def _emit(self, parsed_args: argparse.Namespace, column_names: Columns, records: Rows) -> None:
        _check_columns(parsed_args.columns, column_names)
        names, selector = self._generate_columns_and_selector(parsed_args, column_names)
        chosen = [list(compress(record, selector or repeat(True))) for record in records]
        formatter: Any = self.formatter
        if len(chosen) > 1 and parsed_args.formatter != "table":
            formatter.emit_list(names, chosen, self.runtime.stdout, parsed_args)
            return
        for record in chosen:
            formatter.emit_one(names, record, self.runtime.stdout, parsed_args)


class ShowEach(ShowOne):
    """Base of commands that show each of their targets in full.

    ``take_action`` returns the column names and one row for each target. One row is printed as
    a record, several as a list; a table shows each record by itself.
    """

    def produce_output(
        self, parsed_args: argparse.Namespace, column_names: Columns, data: Rows
    ) -> int:
        """Print the records."""
        self._emit(parsed_args, column_names, data)
        return 0

    def _documents(self, columns: Columns, rows: Any) -> Iterable[Any]:
        return _Display._documents(self, columns, rows)


def _formatter(name: str) -> Any:
    found = [entry for entry in listing(FORMATTERS) if entry.name == name]
    # The core's own formatters can't be replaced.
    own = [entry for entry in found if entry.module.startswith("ampctl.output.")]
    return load((own or found)[0])()


def _record(columns: Columns, row: Sequence[Any]) -> dict[str, Any]:
    cells = (c.machine_readable() if isinstance(c, FormattableColumn) else c for c in row)
    return dict(zip(columns, cells, strict=True))


def _check_columns(wanted: Iterable[str], known: Columns) -> None:
    for name in wanted:
        if name.lower().strip().replace(" ", "_") not in known:
            raise UsageError(f"there is no column {name!r}; there are {', '.join(known)}")


def _count(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"
