"""Commands that ask before they do something that can't be undone."""

from __future__ import annotations

import argparse

from ampctl.bases.command import Command
from ampctl.errors import Declined


class Confirming(Command):
    """Base of commands that ask for consent: ``--yes``, and a question at the terminal.

    It goes before the other base: ``class PruneJobs(Confirming, Lister)``.
    """

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with ``--yes``."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "-y",
            "--yes",
            action="store_true",
            help="don't ask; without a terminal nothing is asked",
        )
        return parser

    def confirm(self, parsed_args: argparse.Namespace, question: str) -> bool:
        """Ask ``question`` if a person is there, unless ``--yes`` was given.

        Returns:
            Whether someone was asked, and so agreed to just what the question named.

        Raises:
            Declined: the answer was not yes; the command must not have done anything yet.
        """
        if parsed_args.yes or not self.console.is_interactive:
            return False
        if not self.console.confirm(question):
            raise Declined("nothing was done")
        return True
