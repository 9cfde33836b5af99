"""What command plugins build on: this page is the contract, all else in the core is private.

A command is a class in a module of its own, named by an entry point::

    class ListWorkers(Lister):
        \"\"\"List the worker nodes.\"\"\"

        def take_action(self, parsed_args):
            document = self.client.get("workers", doing="list workers").document
            return ("node_id",), [(worker["node_id"],) for worker in document["workers"]]

``take_action`` checks what the parser can't, asks a resource client, and returns columns and
rows. Base classes do the rest: formats, ``--json``, failures of single targets, exit codes.
"""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import cliff.command
import cliff.display
import cliff.lister
from cliff.columns import FormattableColumn
from stevedore.named import NamedExtensionManager

from ampctl.console import Console
from ampctl.errors import AmpError, ApiError, PartialFailure, UsageError
from ampctl.groups import API_VERSION, CommandGroup
from ampctl.output.document import write_document, write_stream
from ampctl.output.options import add_format_options
from ampctl.registry import FORMATTERS, Registry, listing, load
from ampctl.settings import Settings, add_global_options
from ampctl.streams import writing

if TYPE_CHECKING:
    from cliff.formatters.base import ListFormatter

    from ampctl.app import AmpApp
    from ampctl.client import AdminClient
    from ampctl.runtime import Runtime

__all__ = [
    "API_VERSION",
    "Command",
    "CommandGroup",
    "Lister",
    "Records",
    "ShowOne",
    "StreamedDocument",
]

T = TypeVar("T")
Target = TypeVar("Target")
Columns = Sequence[str]
Rows = Iterable[Sequence[Any]]


class Command(cliff.command.Command):
    """Base of all commands: what a command may use, and how its failures are kept.

    The docstring of a subclass is the command's help; its first line is the summary.

    Attributes:
        examples: whole command lines that the help shows.
    """

    app: AmpApp
    examples: ClassVar[Sequence[str]] = ()

    def __init__(
        self, app: AmpApp, app_args: argparse.Namespace | None, cmd_name: str | None = None
    ) -> None:
        super().__init__(app, app_args, cmd_name)
        self._failures: list[AmpError] = []

    @property
    def client(self) -> AdminClient:
        """The client of the Admin API that the settings name; made when first asked for."""
        return self.app.client

    @property
    def console(self) -> Console:
        """Messages to the person, on stderr."""
        return self.app.console

    @property
    def runtime(self) -> Runtime:
        """Streams, environment, clocks, sleep and randomness."""
        return self.app.runtime

    @property
    def settings(self) -> Settings:
        """The settings of this command, each with its origin."""
        return self.app.settings

    @property
    def registry(self) -> Registry:
        """The commands there are."""
        return self.app.command_manager

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the global options; subclasses add their own to it."""
        parser = self.app.parser_for(
            prog_name, description=self.get_description(), epilog=self.get_epilog()
        )
        add_global_options(parser, hidden=True)
        return parser

    def get_epilog(self) -> str:
        """Return the examples, and where the global options are told."""
        shown = "".join(f"\n  {example}" for example in self.examples)
        examples = f"examples:{shown}\n\n" if shown else ""
        return f"{examples}Global options such as --admin-url: see `ampctl --help`."

    def run(self, parsed_args: argparse.Namespace) -> int:
        """Do the command's work and return its exit code.

        Raises:
            AmpError: the command, or one or more of its targets, failed.
        """
        code: int = self.take_action(parsed_args) or 0
        self._raise_failures()
        return code

    def attempt(self, targets: Iterable[Target], call: Callable[[Target], T]) -> Iterator[T]:
        """Yield ``call(target)`` for each target in order; report those that fail and go on.

        When the command has printed its rows it ends with the failures' exit code.
        """
        for target in targets:
            try:
                result = call(target)
            except ApiError as error:
                self._failures.append(error)
                self.console.report(error)
            else:
                yield result

    def _raise_failures(self) -> None:
        if self._failures:
            raise PartialFailure(self._failures)


@dataclasses.dataclass(frozen=True)
class StreamedDocument:
    """A JSON object with one long list, written as the list's members arrive.

    Attributes:
        key: the member that is the list.
        items: the members of the list.
        tail: gives the other members of the object, once all items were taken.
    """

    key: str
    items: Iterable[Any]
    tail: Callable[[], dict[str, Any]] = dict


@dataclasses.dataclass(frozen=True)
class Records(Generic[T]):
    """Rows for the formats, and documents for ``--json``, of the same items.

    Only one of the two is asked for, so ``items`` may be a generator that sends requests.

    Attributes:
        items: what is to be shown.
        row: makes the cells of one item.
        documents: makes the API's own documents; each is printed on a line.
    """

    items: Iterable[T]
    row: Callable[[T], Sequence[Any]]
    documents: Callable[[Iterable[T]], Iterable[Any]]

    def __iter__(self) -> Iterator[Sequence[Any]]:
        return map(self.row, self.items)


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
                self.console.warn(f"this is not everything: it broke off after {count} rows")
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
    """Base of commands that show one or a few things in full.

    ``take_action`` returns the column names and one row for each thing. One row is printed as
    a record, several as a list; a table shows each record by itself.
    """

    def produce_output(
        self, parsed_args: argparse.Namespace, column_names: Columns, data: Rows
    ) -> int:
        """Print the records."""
        _check_columns(parsed_args.columns, column_names)
        names, selector = self._generate_columns_and_selector(parsed_args, column_names)
        rows = [list(self._compress_iterable(row, selector or [True] * len(row))) for row in data]
        stdout = self.runtime.stdout
        if len(rows) > 1 and parsed_args.formatter != "table":
            self.formatter.emit_list(names, rows, stdout, parsed_args)
            return 0
        for row in rows:
            self.formatter.emit_one(names, row, stdout, parsed_args)  # type: ignore[attr-defined]
        return 0


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
            raise UsageError(f"there is no column {name!r}", hint=f"one of {', '.join(known)}")
