"""``ampctl sandbox submit``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import ClassVar

from ampctl.plugin import Answer, Column, Lister
from ampctl_sandbox.controls import SubmittedJob, submit_job
from ampctl_sandbox.options import (
    add_database_option,
    choose_database,
    explain_failures,
    open_or_create,
)

_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"


class SubmitJob(Lister):
    """Schedule the job of a dataset, as a deployment would; add it if there is none yet.

    A job that has ended, or is about to stop, is scheduled again. One that is scheduled or
    running stays as it is; other options than it has are refused. It is written to the database,
    whether or not a sandbox serves that now.
    """

    columns = (
        Column("id", lambda job, now: job.id, member="job_id"),
        Column("status", lambda job, now: job.status),
        Column("dataset", lambda job, now: job.dataset),
        Column("kind", lambda job, now: job.kind),
        Column("worker", lambda job, now: job.worker),
    )
    examples: ClassVar[Sequence[str]] = (
        "ampctl sandbox submit eth_mainnet/blocks",
        "ampctl sandbox submit eth_mainnet/logs --end-block 500000 --worker worker-eu-1",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Add the dataset, the end block, the worker and the database."""
        parser = super().get_parser(prog_name)
        parser.add_argument("dataset", type=_parse_dataset, metavar="NS/NAME", help="the dataset")
        parser.add_argument(
            "--end-block",
            type=_parse_end_block,
            metavar="N",
            help="last block: a number, latest, or -N for N before the latest "
            "(default: continuous)",
        )
        parser.add_argument("--worker", metavar="W", help="the worker node (default: any)")
        add_database_option(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[SubmittedJob]:
        """Return the job."""
        namespace, name = parsed_args.dataset
        url = choose_database(parsed_args, self.runtime, makes_folder=True)
        with explain_failures(), open_or_create(url) as store:
            job = submit_job(
                store,
                namespace,
                name,
                end_block=parsed_args.end_block,
                worker=parsed_args.worker,
            )
        return Answer([job])


def _parse_dataset(text: str) -> Sequence[str]:
    if not re.fullmatch(f"{_NAME}/{_NAME}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a dataset such as eth_mainnet/blocks")
    return text.split("/")


def _parse_end_block(text: str) -> str:
    if not re.fullmatch(r"latest|0|-?[1-9][0-9]{0,17}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a block such as 12345, latest or -100")
    return text
