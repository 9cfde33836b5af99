"""``ampctl completion``."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from typing import ClassVar

from ampctl.plugin import Command
from ampctl.shell.complete.scripts import SCRIPTS


class PrintCompletion(Command):
    """Let bash, zsh or fish complete ampctl: commands, options, values and job ids.

    This prints the script for the shell. With --install it goes where the shell finds it when
    ampctl is completed for the first time, so that no shell starts any later for it.
    """

    examples: ClassVar[Sequence[str]] = (
        "ampctl completion bash --install",
        "ampctl completion zsh > ~/.zsh/functions/_ampctl",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the shell."""
        parser = super().get_parser(prog_name)
        parser.add_argument(
            "shell", choices=tuple(SCRIPTS), metavar="SHELL", help="bash, zsh or fish"
        )
        parser.add_argument(
            "--install", action="store_true", help="write it where the shell looks for it"
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Print the script, or write it."""
        script = SCRIPTS[parsed_args.shell]
        if not parsed_args.install:
            self.app.stdout.write(script.text)
            self.app.stdout.flush()
            return
        place, is_new = script.install(self.runtime.environ)
        self.console.say(f"{place} {'was written' if is_new else 'is up to date'}")
        if script.advice:
            self.console.say(script.advice.format(folder=shlex.quote(str(place.parent))))
