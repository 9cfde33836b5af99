"""The base of formats that plugins bring."""

from __future__ import annotations

import argparse

from cliff.formatters.base import ListFormatter, SingleFormatter


class Formatter(ListFormatter, SingleFormatter):
    """Base of formatters: ``emit_list`` writes many rows, ``emit_one`` a single record.

    Both get the column names, the rows or the values of the one record, the stream to write to
    and the parsed arguments. Values may be cells: :func:`~ampctl.plugin.machine_text`
    and :func:`~ampctl.plugin.plain` read them; :func:`~ampctl.plugin.printable` makes text safe.
    """

    def add_argument_group(self, parser: argparse.ArgumentParser) -> None:
        """Add nothing: a format has no options of its own."""
