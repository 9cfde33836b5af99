"""``ampctl shell``."""

from __future__ import annotations

import argparse
import contextlib
import functools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from ampctl.errors import UsageError
from ampctl.plugin import Command
from ampctl.shell.history import History
from ampctl.shell.interactive import Read, Shell
from ampctl.shell.secrets import gives_secret

if TYPE_CHECKING:
    from ampctl.app import AmpApp


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
        with self.app.session.keep_options(), self._make_prompt() as read:
            return Shell(self.app, read).run()

    @contextlib.contextmanager
    def _make_prompt(self) -> Iterator[Read]:
        app = cast("AmpApp", self.app)
        history = History(
            self.runtime.state_folder() / "history",
            self.console.make_safe,
            functools.partial(gives_secret, app),
            self.console.warn,
        )
        history.load()
        if self.runtime.environ.get("TERM") == "dumb":
            from ampctl.shell.plain import PlainPrompt

            yield PlainPrompt(self.runtime, history).read
            return
        # Imported here: they are large, and nothing else needs them.
        from ampctl.shell.complete.engine import Engine, read_server_limit_s
        from ampctl.shell.complete.typed import complete_typed
        from ampctl.shell.prompt import Prompt

        engine = Engine(
            app.registry,
            lambda: app,
            monotonic=self.runtime.monotonic,
            server_limit_s=read_server_limit_s(self.runtime.environ),
        )
        with contextlib.closing(engine):
            yield Prompt(self.runtime, history, functools.partial(complete_typed, engine)).read
