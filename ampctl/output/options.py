"""The options of output, apart from the formats: help shows all without importing any."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

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
        "--json", action="store_true", help="print the API's own JSON document, on one line"
    )
    return column


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


def add_format_options(group: argparse._ActionsContainer) -> None:
    """Add the options that the formatters read.

    They are ``max_width`` (int, 0 for none), ``fit_width``, ``print_empty`` (table),
    ``quote_mode`` (csv) and ``noindent`` (json).

    Args:
        group: what to add them to.
    """
    group.add_argument(
        "--max-width",
        metavar="COLUMNS",
        type=int,
        default=0,
        help="table: be at most this wide; 0 for no limit (default: the terminal's width)",
    )
    group.add_argument(
        "--fit-width",
        action="store_true",
        help="table: fit to the width of the terminal, also in a pipe",
    )
    group.add_argument(
        "--print-empty", action="store_true", help="table: print the header even without rows"
    )
    group.add_argument(
        "--quote",
        choices=QUOTE_MODES,
        dest="quote_mode",
        default="minimal",
        help="csv: which values to quote (default: minimal)",
    )
    group.add_argument("--noindent", action="store_true", help="json: print on one line")
