"""The bases of commands that answer with data: formats, columns, sorting and ``--json``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from itertools import compress, repeat
from typing import TYPE_CHECKING, Any, ClassVar

import cliff.display
import cliff.lister
from cliff.columns import FormattableColumn

from ampctl.bases.command import Command
from ampctl.bases.records import Records, StreamedDocument
from ampctl.console.streams import writing
from ampctl.discovery.builtin import FORMATTERS
from ampctl.errors import Terminated, UsageError
from ampctl.output.document import write_document, write_stream
from ampctl.output.options import add_format_options

if TYPE_CHECKING:
    from cliff.formatters.base import ListFormatter
    from stevedore.extension import ExtensionManager

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
        formats = self._formatter_plugins.names()
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
        with writing(self.runtime.stdout):
            pass  # a standard output that is closed is found out before anything is done
        if parsed_args.formatter:
            # A format that can't be used must be found out before anything is done.
            self._choose_formatter(parsed_args)
        columns, answer = self.take_action(parsed_args)
        rows = self._rows(answer)
        with writing(self.runtime.stdout):
            if parsed_args.json:
                self._write_documents(columns, rows)
            else:
                self._choose_formatter(parsed_args)
                self.produce_output(parsed_args, columns, self._checked(columns, rows))
        for remark in self.remarks:
            self.console.hint(remark)
        self._raise_failures()
        return 0

    def _load_formatter_plugins(self) -> ExtensionManager[ListFormatter]:
        return self.registry.formatters

    def _choose_formatter(self, parsed_args: argparse.Namespace) -> None:
        if not hasattr(self, "formatter"):
            parsed_args.formatter = parsed_args.formatter or self.formatter_default
            formatter = self._formatter_plugins[parsed_args.formatter].obj
            assert formatter is not None
            self.formatter = formatter

    def _check_output_options(self, parsed_args: argparse.Namespace) -> None:
        if parsed_args.json and parsed_args.formatter:
            raise UsageError("--json and --format exclude each other", hint="use one of them")
        wanted = [*parsed_args.columns, *getattr(parsed_args, "sort_columns", ())]
        if parsed_args.json and wanted:
            raise UsageError(
                "--json prints the API's own document, which has no columns",
                hint="-f json, which has",
            )
        if self.column_names:
            _check_columns(wanted, self.column_names)

    def _checked(self, columns: Columns, rows: Rows) -> Rows:
        """Yield the rows; one that does not fit the columns would be cut off in silence."""
        count = 0
        try:
            for row in rows:
                if isinstance(row, (str, dict)):
                    raise TypeError(f"a row is a {type(row).__name__}, not a sequence of values")
                if len(row) != len(columns):
                    raise ValueError(f"a row of {len(row)} values for {len(columns)} columns")
                yield row
                count += 1
        except (KeyboardInterrupt, Terminated, GeneratorExit):
            raise
        except BaseException:
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
        return [self._plain_document([_record(columns, row) for row in rows])]

    def _rows(self, answer: Any) -> Rows:
        """Return the rows in what ``take_action`` returned beside the columns."""
        rows: Rows = answer
        return rows

    def _plain_document(self, records: list[dict[str, Any]]) -> Any:
        """Return what ``--json`` prints where there is no document of the API's own."""
        return records


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

    is_list = False

    def produce_output(
        self, parsed_args: argparse.Namespace, column_names: Columns, data: Rows
    ) -> int:
        """Print the records."""
        _check_columns(parsed_args.columns, column_names)
        names, selector = self._generate_columns_and_selector(parsed_args, column_names)
        records = [list(compress(record, selector or repeat(True))) for record in data]
        formatter: Any = self.formatter
        if self.is_list and parsed_args.formatter != "table":
            formatter.emit_list(names, records, self.runtime.stdout, parsed_args)
            return 0
        for record in records:
            formatter.emit_one(names, record, self.runtime.stdout, parsed_args)
        return 0

    def _rows(self, answer: Any) -> Rows:
        return answer if isinstance(answer, Records) else [tuple(answer)]

    def _plain_document(self, records: list[dict[str, Any]]) -> Any:
        return records[0]


class ShowEach(ShowOne):
    """Base of commands that show each of their targets in full.

    ``take_action`` returns the column names and one row for each target.

    Attributes:
        is_list: whether the rows are printed as a list, as they should be where several targets
            were named, however many of them there are. A table shows each record by itself.
    """

    def _rows(self, answer: Any) -> Rows:
        return _Display._rows(self, answer)

    def _plain_document(self, records: list[dict[str, Any]]) -> Any:
        return _Display._plain_document(self, records)


def _record(columns: Columns, row: Sequence[Any]) -> dict[str, Any]:
    cells = (c.machine_readable() if isinstance(c, FormattableColumn) else c for c in row)
    return dict(zip(columns, cells, strict=True))


def _check_columns(wanted: Iterable[str], known: Columns) -> None:
    for name in wanted:
        if name.lower().strip().replace(" ", "_") not in known:
            raise UsageError(f"there is no column {name!r}; there are {', '.join(known)}")


def _count(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows:,} rows"
