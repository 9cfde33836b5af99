"""``ampctl sandbox reset``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import ClassVar

from ampctl.plugin import Confirming, UsageError
from ampctl_sandbox.controls import reset
from ampctl_sandbox.database.engine import show_url
from ampctl_sandbox.database.queries import count_jobs
from ampctl_sandbox.database.schema import is_made_here
from ampctl_sandbox.options import (
    add_database_option,
    choose_database,
    explain_failures,
    open_existing,
)


class ResetSandbox(Confirming):
    """Empty a sandbox's database: all jobs, tables and files are deleted permanently.

    It asks if a person is there. A sandbox that is up goes on, with nothing to do; the simulated
    workers stay. A PostgreSQL database that the sandbox did not create is left alone.
    """

    examples: ClassVar[Sequence[str]] = ("ampctl sandbox reset", "ampctl sandbox reset --yes")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Add the database."""
        parser = super().get_parser(prog_name)
        add_database_option(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Ask, then delete."""
        url = choose_database(parsed_args, self.runtime)
        with explain_failures(), open_existing(url) as store:
            shown = show_url(url)
            if not is_made_here(store.engine):
                raise UsageError(
                    f"{shown} was not created by the sandbox, so it is left alone",
                    hint="remove jobs one by one with `ampctl job rm`",
                )
            jobs = _format_count(store.read(count_jobs))
            self.confirm(parsed_args, f"Delete {jobs} and all else?", place=shown)
            jobs = _format_count(store.write(reset, store.now()))
            self.console.say(f"Deleted {jobs} and all else in {shown}.")


def _format_count(jobs: int) -> str:
    return f"{jobs} job" if jobs == 1 else f"{jobs} jobs"
