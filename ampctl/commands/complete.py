"""``ampctl complete``, by the name and with the options of cliff's own command."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import ClassVar

from ampctl.plugin import Command
from ampctl.shell.complete.scripts import SCRIPTS


class PrintBashCompletion(Command):
    """Print the script for bash, as other programs built with cliff do.

    It is the one of `ampctl completion bash`, and needs no renewal when a plugin is installed.
    """

    examples: ClassVar[Sequence[str]] = ("ampctl complete --shell bash > ampctl.bash",)

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the options of cliff's command."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "--name", choices=("ampctl",), metavar="NAME", help="what to complete: ampctl"
        )
        parser.add_argument("--shell", choices=("bash",), metavar="SHELL", help="the shell: bash")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Print the script."""
        self.app.stdout.write(SCRIPTS["bash"].text)
        self.app.stdout.flush()
