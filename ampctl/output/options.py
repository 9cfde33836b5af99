"""The options of output, apart from the formats: help shows all without importing any."""

from __future__ import annotations

import argparse
import re
import types
from collections.abc import Mapping, Sequence

from ampctl.errors import UsageError

_WIDTH = re.compile(r"\d{1,6}", re.ASCII)

QUOTE_MODES = ("all", "minimal", "none", "nonnumeric")


def add_choice_options(
    group: argparse._ActionsContainer,
    *,
    formats: Sequence[str],
    default: str,
    columns: Sequence[str],
) -> argparse.Action:
    """Add ``--format``, ``--column`` and ``--json``; return ``--column``.

    Args:
        group: what to add them to.
        formats: the names of the formats there are.
        default: the format where none is asked for.
        columns: the names of the columns, as far as they are known beforehand.
    """
    shown = f" (columns: {', '.join(columns)})" if columns else ""
    group.add_argument(
        "-f",
        "--format",
        dest="formatter",
        choices=formats,
        metavar="FORMAT",
        help=f"{', '.join(formats)} (default: {default})",
    )
    column = group.add_argument(
        "-c",
        "--column",
        action="append",
        default=[],
        dest="columns",
        metavar="COLUMN",
        help=f"show only this column; repeat it for more{shown}",
    )
    group.add_argument(
        "--json",
        action="store_true",
        help="print JSON, a document on each line: the API's own if the command has it",
    )
    return column


def asks_for_json(parsed_args: argparse.Namespace) -> bool:
    """Tell whether ``--json`` was given."""
    # Who makes arguments without our parser, as for a command of cliff, knows no `json`.
    return getattr(parsed_args, "json", False) is True


def check_json(parsed_args: argparse.Namespace, asked: Sequence[str]) -> None:
    """Refuse what ``--json`` excludes, if it was given.

    Args:
        parsed_args: the arguments.
        asked: the names of columns among them.

    Raises:
        UsageError: a format or a column was asked for as well.
    """
    if not asks_for_json(parsed_args):
        return
    if parsed_args.formatter:
        raise UsageError("--json and --format exclude each other", hint="use one of them")
    if asked:
        raise UsageError(
            "--json prints the API's own document, which has no columns",
            hint="-f json, which has",
        )


def add_sort_options(group: argparse._ActionsContainer) -> argparse.Action:
    """Add ``--sort-column``, ``--sort-ascending`` and ``--sort-descending``, as cliff reads them.

    The first of them is returned.

    Args:
        group: what to add them to.
    """
    column = group.add_argument(
        "--sort-column",
        action="append",
        default=[],
        dest="sort_columns",
        metavar="COLUMN",
        help="sort by this column; repeat it to sort what is equal there",
    )
    direction = group.add_mutually_exclusive_group()
    for word, text in (("asc", "smallest first (default)"), ("desc", "largest first")):
        direction.add_argument(
            f"--sort-{word}ending",
            action="store_const",
            dest="sort_direction",
            const=word,
            help=text,
        )
    return column


def add_format_options(
    group: argparse._ActionsContainer, environ: Mapping[str, str] = types.MappingProxyType({})
) -> None:
    """Add the options that our own formatters read.

    Args:
        group: what to add them to.
        environ: see :func:`add_table_options`.
    """
    add_table_options(group, environ)
    add_csv_options(group)
    add_json_options(group)


def add_table_options(group: argparse._ActionsContainer, environ: Mapping[str, str]) -> None:
    """Add ``max_width`` (int, 0 for none), ``fit_width`` and ``print_empty``.

    Args:
        group: what to add them to.
        environ: cliff's variables for the first two, ``CLIFF_MAX_TERM_WIDTH`` and
            ``CLIFF_FIT_WIDTH``, are looked up here. What is not a number does not count.
    """
    group.add_argument(
        "--max-width",
        metavar="COLUMNS",
        type=_parse_width,
        default=_read_number(environ, "CLIFF_MAX_TERM_WIDTH"),
        help="table: be at most this wide; 0 for no limit (default: the terminal's width)",
    )
    group.add_argument(
        "--fit-width",
        action="store_true",
        default=bool(_read_number(environ, "CLIFF_FIT_WIDTH")),
        help="table: fit to the width of the terminal, also in a pipe",
    )
    group.add_argument(
        "--print-empty", action="store_true", help="table: print the header even without rows"
    )


def add_csv_options(group: argparse._ActionsContainer) -> None:
    """Add ``quote_mode``."""
    group.add_argument(
        "--quote",
        choices=QUOTE_MODES,
        dest="quote_mode",
        default="minimal",
        help="csv: which values to quote (default: minimal)",
    )


def add_json_options(group: argparse._ActionsContainer) -> None:
    """Add ``noindent``."""
    group.add_argument("--noindent", action="store_true", help="json: print on one line")


def _parse_width(text: str) -> int:
    if _WIDTH.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a width: a whole number, or 0")
    return int(text)


def _read_number(environ: Mapping[str, str], name: str) -> int:
    text = environ.get(name, "")
    return int(text) if _WIDTH.fullmatch(text) else 0
