"""``ampctl sandbox fail``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import ClassVar

from ampctl.plugin import Answer, Column, Lister
from ampctl_sandbox.api.parameters import read_id
from ampctl_sandbox.api.refusal import Refusal
from ampctl_sandbox.controls import fail_job
from ampctl_sandbox.options import (
    add_database_option,
    choose_database,
    explain_failures,
    open_existing,
)


class FailJob(Lister):
    """Let a scheduled or running job fail, as its worker would.

    The controller tries it again by itself, unless it fails with ``--fatal``.
    """

    columns = (
        Column("id", lambda failed, now: failed[0], member="job_id"),
        Column("status", lambda failed, now: failed[1]),
    )
    examples: ClassVar[Sequence[str]] = (
        "ampctl sandbox fail 12",
        "ampctl sandbox fail 12 --fatal",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Add the job, ``--fatal`` and the database."""
        parser = super().get_parser(prog_name)
        parser.add_argument("id", type=_parse_id, metavar="ID", help="the job")
        parser.add_argument("--fatal", action="store_true", help="fail permanently: no retry")
        add_database_option(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[tuple[int, str]]:
        """Return the job's new status."""
        url = choose_database(parsed_args, self.runtime)
        with explain_failures(), open_existing(url) as store:
            status = fail_job(store, parsed_args.id, is_fatal=parsed_args.fatal)
        return Answer([(parsed_args.id, status)])


def _parse_id(text: str) -> int:
    try:
        return read_id(text)
    except Refusal:
        raise argparse.ArgumentTypeError(f"{text!r} is not a job id") from None
