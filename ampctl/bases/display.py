"""The bases of commands that answer with data: formats, columns, sorting and ``--json``."""

from __future__ import annotations

import abc
import argparse
import contextlib
import itertools
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, cast

from ampctl.bases.answer import Answer, Column, Pair
from ampctl.bases.choosing import check_names, choose_columns, normalize_name
from ampctl.bases.command import Command
from ampctl.bases.hosted import CommandParser, add_late
from ampctl.bases.printing import (
    as_answer,
    make_columns,
    make_rows,
    make_screen,
    order_rows,
    page_if_chosen,
    write_documents,
)
from ampctl.bases.stock import CliffDisplay, CliffLister, CliffShowOne
from ampctl.discovery.builtin import FORMATTERS
from ampctl.discovery.formats import FormatOptions, Formatters
from ampctl.errors import UsageError
from ampctl.output.options import (
    add_choice_options,
    add_format_options,
    add_sort_options,
    asks_for_json,
    check_json,
)
from ampctl.settings.completing import completes, offer


class Display(Command, CliffDisplay):
    """What :class:`Lister` and :class:`ShowOne` have in common.

    Attributes:
        columns: the table of what ``take_action`` finds, if it returns an :class:`Answer`.
        column_names: the names of the columns, if it returns names and values. With one of the two
            a wrong ``--column`` is refused before anything is sent.
        formatter_namespace: the entry-point group of our own formats, for lists and records alike.
        formatter_default: the format where none is asked for.
        json_in_pipes: whether the API's own JSON is printed where standard output is not a
            terminal and no format was asked for.
    """

    columns: ClassVar[Sequence[Column[Any]]] = ()
    column_names: ClassVar[Sequence[str]] = ()
    formatter_namespace = FORMATTERS
    formatter_default = "table"
    json_in_pipes: ClassVar[bool] = False
    _is_list: ClassVar[bool]
    _formatter_plugins: Formatters

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a table with two columns of one name."""
        super().__init_subclass__(**kwargs)
        names = [column.name for column in cls.columns]
        for name in names:
            if names.count(name) > 1:
                raise TypeError(f"{cls.__qualname__} has two columns named {name!r}")

    @abc.abstractmethod
    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Any] | Pair:
        """Do the command's work.

        Returns:
            An :class:`Answer`, shown in the table of ``columns``; or, as cliff has it, the
            names of the columns, and the rows or the values of the one record.
        """

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the output options, without loading any formatter."""
        parser = super().get_parser(prog_name)
        formats, default = self._formatter_plugins, self.formatter_default
        names = self._known_names()
        add_late(parser, FormatOptions(formats, default))
        group = parser.add_argument_group("output")
        column = add_choice_options(group, formats=formats.names(), default=default, columns=names)
        completes(column, offer(names))
        add_format_options(group, self.runtime.environ)
        self._formatter_group = group
        if isinstance(parser, CommandParser):
            parser.last_group = group
        return parser

    def wants(self, parsed_args: argparse.Namespace, columns: Iterable[Column[Any]]) -> bool:
        """Tell whether any of ``columns`` will be shown, so that it is worth a request."""
        if self._prints_json(parsed_args):
            return False
        shown = {normalize_name(name) for name in self._asked_names(parsed_args)}
        return not parsed_args.columns or any(column.name in shown for column in columns)

    def run(self, parsed_args: argparse.Namespace) -> int:
        """Do the command's work, print what it answers, and return the exit code."""
        parsed_args = self._run_before_hooks(parsed_args)
        self._check_output_options(parsed_args)
        # A closed standard output, or an unusable format, is found out before anything is done.
        self.app.stdout.flush()
        prints_json = self._prints_json(parsed_args)
        if not prints_json:
            parsed_args.formatter = parsed_args.formatter or self.formatter_default
            self.formatter = cast(Any, self._formatter_plugins[parsed_args.formatter].obj)
        returned = self._run_after_hooks(parsed_args, cast(Pair, self._take_answer(parsed_args)))
        answer = as_answer(returned, self.app.stdout, is_list=self._is_list)
        columns = answer.columns or self.columns
        if not columns and answer.document is None:
            raise TypeError(f"{type(self).__qualname__} declares no columns for its answer")
        screen = make_screen(columns, self.runtime.environ, has_color=self.console.paints_output)
        if not prints_json and hasattr(self.formatter, "screen"):
            self.formatter.screen = screen
        with self._mention_changes():
            if prints_json:
                now = self.runtime.now()
                write_documents(self.app.stdout, answer, columns, now, self.console.warn)
            else:
                is_page = parsed_args.formatter == "table" and not answer.is_live
                with page_if_chosen(self.app) if is_page else contextlib.nullcontext():
                    self._print(parsed_args, answer, columns)
            self.app.stdout.flush()
        for remark in (*screen.remarks, *answer.remarks):
            self.console.remark(remark)
        self.raise_failures()
        return 0

    def _take_answer(self, parsed_args: argparse.Namespace) -> Answer[Any] | Pair:
        """Return what is printed."""
        return self.take_action(parsed_args)

    @abc.abstractmethod
    def _print(
        self, parsed_args: argparse.Namespace, answer: Answer[Any], columns: Sequence[Column[Any]]
    ) -> None:
        """Hand the rows of an answer to the formatter."""

    def _make_table(
        self, parsed_args: argparse.Namespace, answer: Answer[Any], columns: Sequence[Column[Any]]
    ) -> tuple[list[str], Iterable[Sequence[Any]]]:
        """Return the names of the columns that are needed, and the rows, made as they are read."""
        chosen = choose_columns(columns, parsed_args.columns, self._asked_names(parsed_args))
        rows = make_rows(answer, chosen, self.runtime.now, self.console.warn)
        return [column.name for column in chosen], rows

    def _load_formatter_plugins(self) -> Formatters:
        return self.registry.list_formatters if self._is_list else self.registry.one_formatters

    def _prints_json(self, parsed_args: argparse.Namespace) -> bool:
        if asks_for_json(parsed_args):
            return True
        is_chosen = not self.json_in_pipes or parsed_args.formatter or parsed_args.columns
        return not is_chosen and not self.console.shows_output

    def _asked_names(self, parsed_args: argparse.Namespace) -> list[str]:
        return [*parsed_args.columns]

    def _known_names(self) -> Sequence[str]:
        return [column.name for column in self.columns] or self.column_names

    def _check_output_options(self, parsed_args: argparse.Namespace) -> None:
        asked = self._asked_names(parsed_args)
        check_json(parsed_args, asked)
        if known := self._known_names():
            check_names(asked, known)


class Lister(Display, CliffLister):
    """Base of commands that answer with a list."""

    _is_list = True

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the output options, sorting among them."""
        parser = super().get_parser(prog_name)
        column = add_sort_options(self._formatter_group)
        completes(column, offer(self._known_names()))
        return parser

    def _print(
        self, parsed_args: argparse.Namespace, answer: Answer[Any], columns: Sequence[Column[Any]]
    ) -> None:
        if self._print_batches(parsed_args, answer, columns):
            return
        names, rows = self._make_table(parsed_args, answer, columns)
        if answer.is_live and hasattr(self.formatter, "emit_live"):
            self.formatter.emit_live(names, rows, self.app.stdout, parsed_args)
            return
        if self.need_sort_by_cliff:
            rows = order_rows(parsed_args, names, rows)
            # cliff gives up over values of several types, and prints nothing after that.
            parsed_args.sort_columns = []
        rows = itertools.islice(rows, answer.limit)
        self.produce_output(parsed_args, names, rows)

    def _asked_names(self, parsed_args: argparse.Namespace) -> list[str]:
        return [*parsed_args.columns, *parsed_args.sort_columns]

    def _print_batches(
        self, parsed_args: argparse.Namespace, answer: Answer[Any], columns: Sequence[Column[Any]]
    ) -> bool:
        """Hand batches to a formatter that can write them, and tell whether it could."""
        emit_columns = getattr(self.formatter, "emit_columns", None)
        if answer.batches is None or emit_columns is None or parsed_args.sort_columns:
            return False
        chosen = choose_columns(columns, parsed_args.columns, ())
        batches = make_columns(answer.batches, chosen, self.runtime.now(), self.console.warn)
        emit_columns([column.name for column in chosen], batches, self.app.stdout, parsed_args)
        return True

    def _check_output_options(self, parsed_args: argparse.Namespace) -> None:
        super()._check_output_options(parsed_args)
        direction = parsed_args.sort_direction
        if direction in ("asc", "desc") and not parsed_args.sort_columns:
            raise UsageError(
                f"--sort-{direction}ending needs a column to sort by", hint="--sort-column COLUMN"
            )


class ShowOne(Display, CliffShowOne):
    """Base of commands that show one thing in full, or several after each other."""

    _is_list = False

    def _print(
        self, parsed_args: argparse.Namespace, answer: Answer[Any], columns: Sequence[Column[Any]]
    ) -> None:
        names, rows = self._make_table(parsed_args, answer, columns)
        writes_lists = parsed_args.formatter != "table" and hasattr(self.formatter, "emit_list")
        if answer.is_list and writes_lists:
            self.formatter.emit_list(names, rows, self.app.stdout, parsed_args)
            return
        for number, row in enumerate(rows):
            if number and parsed_args.formatter == "table":
                self.app.stdout.write("\n")
            self.produce_output(parsed_args, names, row)
