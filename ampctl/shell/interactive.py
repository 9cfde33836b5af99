"""The shell at a terminal: commands one after the other, until the person leaves."""

from __future__ import annotations

from collections.abc import Callable

from ampctl import __version__
from ampctl.bases.hosted import Application
from ampctl.console.signals import handle_afresh
from ampctl.console.streams import terminal_width
from ampctl.errors import AmpError, ExitCode
from ampctl.shell.line import join_lines, parse_line
from ampctl.shell.runner import find_command, is_leaving, name_command, run_line

Read = Callable[[str], str]
"""Shows the prompt that it is given and returns what was entered, as :meth:`Prompt.read` does."""


class _Left(Exception):
    """The person has left the shell, or a signal has ended it."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Shell:
    """Runs what is entered, line by line.

    Args:
        app: runs the commands; the options of its session hold for all of them.
        read: reads what is entered.
    """

    def __init__(self, app: Application, read: Read) -> None:
        self._app = app
        self._session = app.session
        self._console = app.session.console
        self._read = read
        self._last_code = int(ExitCode.OK)

    def run(self) -> int:
        """Run commands until the person leaves; return 0, or the exit code of a signal."""
        self._console.say(
            f"ampctl {__version__} at {self._session.place}: `help` lists the commands, "
            "`exit` leaves"
        )
        while True:
            try:
                self._run_entered(self._read(self._begin()))
            except KeyboardInterrupt:
                continue
            except EOFError:
                return ExitCode.OK
            except _Left as left:
                return left.code

    def _begin(self) -> str:
        """Get ready for the next command, and return the prompt's text."""
        self._session.configure({})
        stdout = self._app.stdout
        if self._session.runtime.environ.get("TERM") != "dumb":
            # Where something ended without a line end the blanks go over into the next line.
            width = terminal_width(stdout, {})
            stdout.write(" " * (width - 1) + "\r")
            stdout.flush()
        failed = f"[{self._last_code}] " if self._last_code else ""
        return f"{failed}{self._session.place or 'ampctl'}> "

    def _run_entered(self, text: str) -> None:
        """Run the commands in a text one by one, up to the first failure."""
        commands = [command for _, command in join_lines(text.split("\n"))]
        for position, command in enumerate(commands):
            self._last_code = self._run(command)
            left = commands[position + 1 :]
            if self._last_code and left:
                names = ", ".join(map(_name, left))
                self._console.warn(f"not run after this failure: {names}")
                return

    def _run(self, command: str) -> int:
        with handle_afresh(self._session.runtime.monotonic) as handler:
            try:
                line = parse_line(command)
                if is_leaving(line.words):
                    raise _Left(ExitCode.OK)
                line = line._replace(words=find_command(line))
                code = run_line(line, self._app.run, self._console).code
            except AmpError as error:
                self._console.report(error)
                code = error.exit_code
        if handler.last in (ExitCode.TERMINATED, ExitCode.HANGUP):
            raise _Left(handler.last)
        return code


def _name(command: str) -> str:
    """Return what names a command in a message."""
    try:
        return name_command(find_command(parse_line(command)))
    except AmpError:
        return "a line that can't be read"
