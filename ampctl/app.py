"""The application: global options, then the one command that the words name."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TextIO, TypeVar

from cliff.app import App
from cliff.command import Command as CliffCommand

from ampctl import __version__
from ampctl.bases.command import Command
from ampctl.console.prints import let_prints_through, send_prints_to_stderr
from ampctl.console.streams import DEFAULT_WIDTH, terminal_width
from ampctl.discovery.command_manager import CommandManager
from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.registry import FoundCommand, Registry
from ampctl.errors import AmpError, ExitCode, PluginError
from ampctl.session import Session, fault_in
from ampctl.settings.options import add_leading_options, read_allowed_plugins
from ampctl.settings.parser import HelpShown, Parser

T = TypeVar("T")

_HIGHEST_STATUS = 255
_DESCRIPTION = "Show and control an Amp deployment through its Admin API."


class AmpApp(App):
    """The shell around all commands. It runs any number of them, one after the other.

    Args:
        session: what outlives a command.
        extra: entry points that count as if they were installed.

    Attributes:
        registry: the commands there are. Which plugins count is decided by the first command
            line, and holds from then on.
    """

    NAME = "ampctl"

    def __init__(self, session: Session, extra: Sequence[EntryPoint] = ()) -> None:
        self.session = session
        self.registry = Registry(extra=extra)
        self.options = argparse.Namespace()
        self._is_first = True
        self._is_configured = False
        self._line: Sequence[str] = ()
        runtime = session.runtime
        super().__init__(
            _DESCRIPTION,
            __version__,
            CommandManager(self.registry),
            stdin=runtime.stdin,
            stdout=session.console.stdout,
            stderr=runtime.stderr,
        )

    def build_option_parser(
        self,
        description: str | None,
        version: str | None,
        argparse_kwargs: dict[str, Any] | None = None,
    ) -> argparse.ArgumentParser:
        """Return the parser of what stands before the command words."""
        parser = self.parser_for(
            "ampctl",
            description=description,
            add_help=False,
            usage="ampctl [global options] GROUP VERB [options]",
            synonyms={"-V": "--version"},
            **argparse_kwargs or {},
        )
        add_leading_options(parser)
        return parser

    def parser_for(self, prog: str, **options: Any) -> Parser:
        """Return an empty parser that prints where this application prints."""
        stdout = self.session.console.stdout
        environ = self.session.runtime.environ
        width = terminal_width(stdout, environ) if stdout.isatty() else DEFAULT_WIDTH
        return Parser(prog=prog, stdout=stdout, width=min(width, 100), **options)

    def run(self, argv: Sequence[str], *, stdout: TextIO | None = None) -> int:
        """Run the command in ``argv`` and return its exit code.

        Every failure is reported, and none is raised.

        Args:
            argv: the words and options of one command line.
            stdout: where this command's data goes instead of standard output.
        """
        console = self.session.console
        before = self.stdout, self._line
        with console.redirect(stdout):
            self.stdout, self._line = console.stdout, argv
            self._is_configured = False
            try:
                return self._run(list(argv))
            except BaseException as error:  # noqa: BLE001 - every failure is reported here
                return self._report(error, argv)
            finally:
                self.stdout, self._line = before

    def parse(self, argv: Sequence[str]) -> argparse.Namespace:
        """Return what the command in ``argv`` would be given, without running it.

        Raises:
            UsageError: there is no such command, or it does not take these arguments.
        """
        return self._prepare(self._read_words(list(argv)))[2]

    def _run(self, argv: list[str]) -> int:
        words = self._read_words(argv)
        if self.options.version:
            self.stdout.write(f"ampctl {__version__}\n")
            self.stdout.flush()
            return ExitCode.OK
        words = ["help"] if self.options.help else words or self._choose_default()
        if len(words) == 1 or words[1] in ("-h", "--help"):
            group = self.registry.find_group(words[0])
            words = ["help", group.name] if group else words
        return self.run_subcommand(words)

    def _choose_default(self) -> list[str]:
        """Return what is meant where no command is named."""
        if not self.stdin.isatty():
            return ["run", "--or-help"]
        return ["shell"] if self.stdout.isatty() else ["help"]

    def _read_words(self, argv: list[str]) -> list[str]:
        """Take in the options before the words, and return the words."""
        self.session.console.debug = False
        self.options = self.parser.parse_args(argv)
        self.session.console.debug = "debug" in self.options
        if self._is_first:
            self.registry.allowed = read_allowed_plugins(argv, self.session.runtime.environ)
            self._is_first = False
        # Commands are given the options. The words may hold the token as it was typed.
        words: list[str] = vars(self.options).pop("words")
        return words

    def run_subcommand(self, argv: list[str]) -> int:
        """Find, parse and run one command, and return its exit code; every failure is reported."""
        try:
            # cliff's interactive application comes in here, with the words of a command as one.
            code = self._run_words([*argv[0].split(" "), *argv[1:]])
            # What a command left unwritten must not be lost without a word.
            self.stdout.flush()
            return code
        except BaseException as error:  # noqa: BLE001 - every failure is reported here
            return self._report(error, self._line or argv)

    def _report(self, error: BaseException, line: Sequence[str]) -> int:
        if not self._is_configured:
            self.session.configure_messages(line)
        return self.session.report(error)

    def _run_words(self, words: Sequence[str]) -> int:
        found, command, arguments = self._prepare(words)
        self.session.configure(self._merge_options(arguments))
        self._is_configured = True
        with self.session.log(), _blame_plugin(found), _direct_prints(found, command):
            self.prepare_to_run_command(command)
            code = self._run_command(command, arguments)
        # The system keeps eight bits: 256 would look like success.
        return code if 0 <= code <= _HIGHEST_STATUS else ExitCode.FAILED

    def _prepare(
        self, argv: Sequence[str]
    ) -> tuple[FoundCommand, CliffCommand, argparse.Namespace]:
        """Find and make the command in ``argv``, and parse its arguments."""
        found, command, parser = self._make_with_parser(argv)
        with _blame_plugin(found):
            return found, command, parser.parse_args(found.arguments)

    def _make_with_parser(
        self, argv: Sequence[str]
    ) -> tuple[FoundCommand, CliffCommand, argparse.ArgumentParser]:
        found = self.registry.find_command(argv)
        command_class = found.load()
        with _blame_plugin(found):
            command = self._make(command_class, found)
            return found, command, self._command_parser(command, found.name)

    def _run_command(self, command: CliffCommand, arguments: argparse.Namespace) -> int:
        code, failure = int(ExitCode.FAILED), None
        try:
            code = command.run(arguments)
        except BaseException as error:
            failure = error
            raise
        finally:
            self.clean_up(command, code, failure)
        return code

    def read_parser(self, argv: Sequence[str], read: Callable[[argparse.ArgumentParser], T]) -> T:
        """Return what ``read`` makes of the parser of a command; its failures are the plugin's."""
        found, _, parser = self._make_with_parser(argv)
        with _blame_plugin(found):
            return read(parser)

    def _make(self, command_class: Any, found: FoundCommand) -> CliffCommand:
        if not (isinstance(command_class, type) and issubclass(command_class, Command)):
            name = getattr(command_class, "__qualname__", repr(command_class))
            raise PluginError(
                f"{found.owner} can't be used: {name} is not an ampctl.plugin.Command"
            )
        return command_class(self, self.options)

    def _command_parser(self, command: CliffCommand, name: str) -> argparse.ArgumentParser:
        try:
            return command.get_parser(f"ampctl {name}")
        except argparse.ArgumentError as error:
            module = type(command).__module__
            raise PluginError(f"{name!r} ({module}) uses a reserved option: {error}") from error

    def _merge_options(self, arguments: argparse.Namespace) -> Mapping[str, Any]:
        before, after = vars(self.options), vars(arguments)
        verbose = before.get("verbose", 0) + (after.get("verbose") or 0)
        return {**before, **after, "verbose": verbose}


def _direct_prints(
    found: FoundCommand, command: CliffCommand
) -> contextlib.AbstractContextManager[None]:
    """Let a command that returns data print to stderr what it prints by itself."""
    if hasattr(command, "produce_output"):
        return send_prints_to_stderr()
    return contextlib.nullcontext() if found.owner == "ampctl" else let_prints_through()


@contextlib.contextmanager
def _blame_plugin(found: FoundCommand) -> Iterator[None]:
    """Name the distribution whose command fails as no command should."""
    try:
        yield
    except (AmpError, HelpShown):
        raise
    except SystemExit as error:
        # It may have done only half of its work, whatever its exit code says.
        raise AmpError(
            f"{found.name!r} ended before it was done: it called sys.exit({error.code!r})",
            hint="report this to the plugin's authors",
        ) from error
    except Exception as error:
        raise fault_in(found.owner, error) from error
