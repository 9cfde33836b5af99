"""``-f shell``: one record as assignments for ``eval``, in cliff's form."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, TextIO

from cliff.formatters.shell import ShellFormatter as CliffFormatter

from ampctl.output.values import machine_text

# cliff escapes the quotes around a value, but nothing else that means something between them.
_SPECIAL = re.compile(r"([\\$`])")
_NO_NAME = re.compile(r"\W", re.ASCII)


class ShellFormatter(CliffFormatter):
    """cliff's ``name="value"`` with its options, safe to evaluate whatever the values are."""

    def emit_one(
        self,
        column_names: Sequence[str],
        data: Sequence[Any],
        stdout: TextIO,
        parsed_args: argparse.Namespace,
    ) -> None:
        """Write a line for each value."""
        names = [_NO_NAME.sub("_", name) for name in column_names]
        values = [_SPECIAL.sub(r"\\\1", machine_text(value)) for value in data]
        super().emit_one(names, values, stdout, parsed_args)
