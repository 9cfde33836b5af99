"""``-f shell``: one record as assignments for ``eval``, in cliff's form."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, TextIO

from cliff.columns import FormattableColumn
from cliff.formatters.shell import ShellFormatter as CliffFormatter

# cliff escapes the quotes around a value, but nothing else that means something between them.
_SPECIAL = re.compile(r"([\\$`])")
# cliff replaces these three by itself.
_NOT_IN_NAMES = re.compile(r"[^\w :-]", re.ASCII)


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
        names = [_NOT_IN_NAMES.sub("_", name) for name in column_names]
        super().emit_one(names, list(map(_escape, data)), stdout, parsed_args)


def _escape(value: object) -> str:
    if isinstance(value, FormattableColumn):
        value = value.machine_readable()
    # NUL can't be in a variable, and a shell leaves it out.
    return "" if value is None else _SPECIAL.sub(r"\\\1", str(value)).replace("\0", "")
