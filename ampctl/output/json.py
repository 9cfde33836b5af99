"""``-f json``: a list of objects, or one object."""

from __future__ import annotations

import argparse
from typing import Any, TextIO

from ampctl.output.formatter import DocumentFormatter
from ampctl.output.options import add_json_options
from ampctl.output.values import encode


class JsonFormatter(DocumentFormatter):
    """JSON in ASCII, indented unless ``--noindent``; numbers that are not finite are null."""

    def add_argument_group(self, parser: argparse.ArgumentParser) -> None:
        """Add the options of this format; our own commands have them already."""
        add_json_options(parser)

    def write(self, document: Any, stdout: TextIO, parsed_args: argparse.Namespace) -> None:
        """Write the document and a line end."""
        indent = None if parsed_args.noindent else 2
        stdout.write(encode(document, indent=indent) + "\n")
