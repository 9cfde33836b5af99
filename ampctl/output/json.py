"""``-f json``: a list of objects, or one object."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from cliff.formatters.json_format import JSONFormatter

from ampctl.output.values import plain_row


class JsonFormatter(JSONFormatter):
    """JSON in ASCII, indented unless ``--noindent``; numbers that are not finite are null."""

    def add_argument_group(self, parser: argparse.ArgumentParser) -> None:
        """Add nothing: see :func:`ampctl.output.options.add_format_options`."""

    def emit_list(
        self,
        column_names: Sequence[str],
        data: Iterable[Sequence[Any]],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write a list with one object for each row, when all rows are there."""
        super().emit_list(column_names, map(plain_row, data), stdout, parsed_args)

    def emit_one(
        self,
        column_names: Sequence[str],
        data: Sequence[Any],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write one object."""
        super().emit_one(column_names, plain_row(data), stdout, parsed_args)
