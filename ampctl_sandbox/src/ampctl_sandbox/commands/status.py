"""``ampctl sandbox status``."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Sequence
from typing import Any, ClassVar

from ampctl.plugin import ShowOne
from ampctl_job.models import STATUSES
from ampctl_sandbox.controls import status_counts
from ampctl_sandbox.database.engine import UnfitDatabase
from ampctl_sandbox.options import add_database_option, database_url, existing, explained, shown
from ampctl_sandbox.sandbox import claimed

_COLUMNS = ("database", "in_use", "workers", "jobs", *(name.lower() for name in STATUSES[:-1]))


class ShowStatus(ShowOne):
    """Show a sandbox's database: whether it is in use, its workers, and its jobs by status.

    Whether a PostgreSQL database is in use can't be told.
    """

    column_names = _COLUMNS
    examples: ClassVar[Sequence[str]] = ("ampctl sandbox status", "ampctl sandbox status -f json")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare the options."""
        parser = super().get_parser(prog_name)
        add_database_option(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[Sequence[str], Any]:
        """Count."""
        url = database_url(parsed_args, self.runtime)
        with explained(), existing(url) as store:
            counts = status_counts(store)
            in_use = _is_claimed(url) if store.engine.dialect.name == "sqlite" else None
            row = (
                shown(url),
                in_use,
                len(store.workers()),
                sum(counts.values()),
                *(counts.get(name, 0) for name in STATUSES[:-1]),
            )
        return _COLUMNS, row


def _is_claimed(url: str) -> bool:
    with contextlib.suppress(UnfitDatabase), claimed(url):
        return False
    return True
