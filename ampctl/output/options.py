"""The options of the formats, apart from them: help shows all without importing any."""

from __future__ import annotations

import argparse

QUOTE_MODES = ("all", "minimal", "none", "nonnumeric")


def add_format_options(group: argparse._ActionsContainer) -> None:
    """Add the options that the formatters read to a parser or an argument group.

    They are ``max_width`` (int, 0 for none), ``fit_width``, ``print_empty`` (table),
    ``quote_mode`` (csv) and ``noindent`` (json).
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
