"""``ampctl sandbox status``."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Sequence
from typing import Any, ClassVar

from ampctl.plugin import ShowOne
from ampctl_job.models import ACTIVE, TERMINAL
from ampctl_sandbox.database.engine import DatabaseUrl, UnfitDatabase, show_url
from ampctl_sandbox.database.queries import count_by_status, find_workers
from ampctl_sandbox.options import (
    add_database_option,
    choose_database,
    explain_failures,
    open_existing,
)
from ampctl_sandbox.sandbox import claim

_STATUSES = (*ACTIVE, *TERMINAL)
_COLUMNS = ("database", "in_use", "workers", "jobs", *(name.lower() for name in _STATUSES))


class ShowStatus(ShowOne):
    """Show a sandbox's database: whether it is in use, its workers, and its jobs by status.

    Whether a PostgreSQL database is in use is not known.
    """

    column_names = _COLUMNS
    only_reads = True
    examples: ClassVar[Sequence[str]] = ("ampctl sandbox status", "ampctl sandbox status -f json")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Add the database."""
        parser = super().get_parser(prog_name)
        add_database_option(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[Sequence[str], Any]:
        """Return the counts."""
        url = choose_database(parsed_args, self.runtime)
        with explain_failures(), open_existing(url) as store:
            counts = store.read(count_by_status)
            in_use = _is_claimed(url) if store.engine.dialect.name == "sqlite" else None
            row = (
                show_url(url),
                in_use,
                len(store.read(find_workers)),
                sum(counts.values()),
                *(counts.get(name, 0) for name in _STATUSES),
            )
        return _COLUMNS, row


def _is_claimed(url: DatabaseUrl) -> bool:
    with contextlib.suppress(UnfitDatabase), claim(url):
        return False
    return True
