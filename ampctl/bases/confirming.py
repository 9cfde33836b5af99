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
            help="don't ask; nothing is asked where no stream is a terminal",
        )
        return parser

    def confirm(
        self, parsed_args: argparse.Namespace, question: str, *, place: str | None = None
    ) -> bool:
        """Ask ``question`` if a person is there, unless ``--yes`` was given.

        A person is there if any of the three streams is a terminal. The question goes to that
        terminal, and is answered there.

        Args:
            parsed_args: the arguments of the command.
            question: what will be done, such as ``Remove 3 COMPLETED?``.
            place: where it will be done, which the question begins with; the Admin API's URL
                unless something else is named.

        Returns:
            Whether someone was asked, and so agreed to just what the question named.

        Raises:
            Declined: the answer was not yes; the command must not have done anything yet.
        """
        self._targets.is_agreed = True
        if parsed_args.yes or not self.console.is_interactive:
            return False
        if not self.console.confirm(f"{place or self._name_server()}: {question}"):
            raise Declined("nothing was done")
        return True

    def _name_server(self) -> str:
        # A client is only made for a URL without a password: what it accepts may be shown.
        assert self.client is not None
        return self.settings.admin_url
