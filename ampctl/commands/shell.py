"""``ampctl shell``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import ClassVar

from ampctl.errors import UsageError
from ampctl.plugin import Command
from ampctl.shell.history import History
from ampctl.shell.interactive import Read, Shell


class OpenShell(Command):
    """Open a shell for commands at the terminal, over one connection.

    It is what ampctl without any words opens at a terminal. A line is a command as it is typed
    after ampctl, also with | and >. Options given here hold for all lines. Ctrl-C ends a command,
    `exit` or Ctrl-D the shell.
    """

    examples: ClassVar[Sequence[str]] = (
        "ampctl shell",
        "ampctl --admin-url https://amp.example.org/admin shell",
    )

    def take_action(self, parsed_args: argparse.Namespace) -> int:
        """Run what is entered until the person leaves."""
        if not (self.runtime.stdin.isatty() and self.app.stdout.isatty()):
            raise UsageError(
                "the shell needs a terminal for input and output",
                hint="ampctl run, which reads commands from a file or a pipe",
            )
        with self.app.session.keep_options():
            return Shell(self.app, self._make_prompt()).run()

    def _make_prompt(self) -> Read:
        history = History(
            self.runtime.state_folder() / "history", self.console.make_safe, self.console.warn
        )
        history.load()
        if self.runtime.environ.get("TERM") == "dumb":
            from ampctl.shell.plain import PlainPrompt

            return PlainPrompt(self.runtime, history).read
        # Imported here: it is large, and nothing else needs it.
        from ampctl.shell.prompt import Prompt

        return Prompt(self.runtime, history).read
