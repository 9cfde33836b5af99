"""``ampctl sandbox fail``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import ClassVar

from ampctl.plugin import Answer, Column, Lister
from ampctl_sandbox.database import add_database_option, database_url, existing, explained
from ampctl_sandbox.operator import fail
from ampctl_sandbox.parameters import read_id
from ampctl_sandbox.refusal import Refusal


class FailJob(Lister):
    """Let a scheduled or running job fail, as its worker would.

    The controller tries it again by itself, unless it fails for good.
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
        """Declare the options."""
        parser = super().get_parser(prog_name)
        parser.add_argument("id", type=_job_id, metavar="ID", help="the job")
        parser.add_argument("--fatal", action="store_true", help="fail for good: no retry")
        add_database_option(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[tuple[int, str]]:
        """Let it fail."""
        with explained(), existing(database_url(parsed_args, self.runtime)) as store:
            status = fail(store, parsed_args.id, is_fatal=parsed_args.fatal)
        return Answer([(parsed_args.id, status)])


def _job_id(text: str) -> int:
    try:
        return read_id(text)
    except Refusal:
        raise argparse.ArgumentTypeError(f"{text!r} is not a job id") from None
