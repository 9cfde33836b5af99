"""``ampctl sandbox submit``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from typing import Any, ClassVar

from ampctl.plugin import Lister, Records
from ampctl_sandbox.controls import Submitted, submit
from ampctl_sandbox.options import add_database_option, database_url, explained, opened

_NAME = r"[A-Za-z0-9_][A-Za-z0-9_.-]*"


class SubmitJob(Lister):
    """Add a job for a dataset, as a deployment would.

    The job is written to the database, whether or not a sandbox is serving it now.
    """

    column_names = Submitted._fields
    examples: ClassVar[Sequence[str]] = (
        "ampctl sandbox submit eth_mainnet/blocks",
        "ampctl sandbox submit eth_mainnet/blocks --end-block 500000 --worker worker-eu-1",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare the options."""
        parser = super().get_parser(prog_name)
        parser.add_argument("dataset", type=_dataset, metavar="NS/NAME", help="the dataset")
        parser.add_argument(
            "--end-block",
            type=_end_block,
            metavar="N",
            help="last block: a number, latest, or -N for N before the latest "
            "(default: go on for ever)",
        )
        parser.add_argument("--worker", metavar="W", help="the worker node (default: any)")
        add_database_option(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[Sequence[str], Any]:
        """Add the job."""
        namespace, name = parsed_args.dataset
        url = database_url(parsed_args, self.runtime, makes_folder=True)
        with explained(), opened(url) as store:
            job = submit(
                store,
                namespace,
                name,
                end_block=parsed_args.end_block,
                worker=parsed_args.worker,
            )
        return Submitted._fields, Records([job], lambda row: row, _documents)


def _documents(submitted: Any) -> Any:
    for job in submitted:
        document = job._asdict()
        yield {"job_id": document.pop("id"), **document}


def _dataset(text: str) -> Sequence[str]:
    if not re.fullmatch(f"{_NAME}/{_NAME}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a dataset such as eth_mainnet/blocks")
    return text.split("/")


def _end_block(text: str) -> str:
    if not re.fullmatch(r"latest|0|-?[1-9][0-9]{0,17}", text, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is not a block such as 12345, latest or -100")
    return text
