"""``ampctl sandbox fail``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, ClassVar

from ampctl.plugin import Lister, Records
from ampctl_sandbox.api.parameters import read_id
from ampctl_sandbox.api.refusal import Refusal
from ampctl_sandbox.controls import fail
from ampctl_sandbox.options import add_database_option, database_url, existing, explained

_COLUMNS = ("id", "status")


class FailJob(Lister):
    """Let a scheduled or running job fail, as its worker would.

    The controller tries it again by itself, unless it fails for good.
    """

    column_names = _COLUMNS
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

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[Sequence[str], Any]:
        """Let it fail."""
        with explained(), existing(database_url(parsed_args, self.runtime)) as store:
            status = fail(store, parsed_args.id, is_fatal=parsed_args.fatal)
        row = (parsed_args.id, status)
        return _COLUMNS, Records([row], lambda cells: cells, _documents)


def _documents(failed: Any) -> Any:
    return ({"job_id": job_id, "status": status} for job_id, status in failed)


def _job_id(text: str) -> int:
    try:
        return read_id(text)
    except Refusal:
        raise argparse.ArgumentTypeError(f"{text!r} is not a job id") from None
