"""The application: global options, then the one command that the words name."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TextIO, TypeVar

from cliff.app import App

from ampctl import __version__
from ampctl.bases.hosted import Hosted
from ampctl.bases.hosting import (
    blame_plugin,
    code_of,
    make_command,
    parse,
    steer_prints,
)
from ampctl.discovery.command_manager import CommandManager
from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.registry import FoundCommand, Registry
from ampctl.errors import ExitCode, PluginError
from ampctl.runtime import Runtime
from ampctl.session import Session
from ampctl.settings.options import add_leading_options, read_allowed_plugins, read_given
from ampctl.settings.parser import Parser

T = TypeVar("T")

_HIGHEST_STATUS = 255
_DESCRIPTION = "Show and control an Amp deployment through its Admin API."


class AmpApp(App):
    """The shell around all commands. It runs any number of them, one after the other.

    Args:
        session: what outlives a command; one of this process unless it is given.
        extra: entry points that count as if they were installed.

    Attributes:
        registry: the commands there are. Which plugins count is decided by the first command
            line, and holds from then on.
    """

    NAME = "ampctl"
    command_manager: CommandManager

    def __init__(self, session: Session | None = None, extra: Sequence[EntryPoint] = ()) -> None:
        self.session = session = session or Session(Runtime.of_process())
        self.registry = Registry(extra=extra)
        self.options = argparse.Namespace(verbose_level=1, debug=False, log_file=None)
        self._given: Mapping[str, Any] = {}
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
        parser = self.session.parser_for(
            Parser,
            "ampctl",
            description=description,
            add_help=False,
            usage="ampctl [global options] GROUP VERB [options]",
            synonyms={"-V": "--version"},
            **argparse_kwargs or {},
        )
        add_leading_options(parser)
        return parser

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
        if self._leading.version:
            self.stdout.write(f"ampctl {__version__}\n")
            self.stdout.flush()
            return ExitCode.OK
        words = ["help"] if self._leading.help else words or self._choose_default()
        if len(words) == 1 or words[1] in ("-h", "--help"):
            group = self.registry.find_group(words[0])
            words = ["help", group.name] if group else words
        self.initialize_app(words)
        return self.run_subcommand(words)

    def _choose_default(self) -> list[str]:
        """Return what is meant where no command is named."""
        if not self.stdin.isatty():
            return ["run", "--or-help"]
        return ["shell"] if self.stdout.isatty() else ["help"]

    def _read_words(self, argv: list[str]) -> list[str]:
        """Take in the options before the words, and return the words."""
        self.session.console.debug = False
        self._leading = self.parser.parse_args(argv)
        self._given = read_given(self._leading)
        self.session.console.debug = "debug" in self._given
        if self._is_first:
            self.registry.allowed = read_allowed_plugins(argv, self.session.runtime.environ)
            self._is_first = False
        words: list[str] = self._leading.words
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
        self._tell_options()
        with (
            self.session.log(informs=command.ampctl_informs),
            blame_plugin(found, command),
            steer_prints(found, command),
        ):
            self.prepare_to_run_command(command)
            code: Any = self._run_command(command, arguments)
        # The system keeps eight bits: 256 would look like success. cliff lets a command return
        # anything, and what is no number is a failure.
        is_status = isinstance(code, int) and 0 <= code <= _HIGHEST_STATUS
        return code if is_status else ExitCode.FAILED

    def _tell_options(self) -> None:
        """Put the settings that cliff has too where commands look for them."""
        settings = self.session.settings
        self.options.verbose_level = settings.verbosity + 1
        self.options.debug, self.options.log_file = settings.debug, settings.log_file

    def _prepare(self, argv: Sequence[str]) -> tuple[FoundCommand, Hosted, argparse.Namespace]:
        """Find and make the command in ``argv``, and parse its arguments."""
        found, command, parser = self._make_with_parser(argv)
        with blame_plugin(found, command):
            return found, command, parse(parser, found.arguments)

    def _make_with_parser(
        self, argv: Sequence[str]
    ) -> tuple[FoundCommand, Hosted, argparse.ArgumentParser]:
        found = self.command_manager.find_added(argv) or self.registry.find_command(argv)
        command_class = found.load()
        with blame_plugin(found):
            command = make_command(command_class, found, self, self.options)
            return found, command, self._command_parser(command, found.name)

    def _run_command(self, command: Hosted, arguments: argparse.Namespace) -> int:
        code, failure = int(ExitCode.FAILED), None
        try:
            code = command.run(arguments)
        except BaseException as error:
            failure, code = error, code_of(error)
            raise
        finally:
            self.clean_up(command, code, failure)
        return code

    def read_parser(self, argv: Sequence[str], read: Callable[[argparse.ArgumentParser], T]) -> T:
        """Return what ``read`` makes of the parser of a command; its failures are the plugin's."""
        found, _, parser = self._make_with_parser(argv)
        with blame_plugin(found):
            return read(parser)

    def _command_parser(self, command: Hosted, name: str) -> argparse.ArgumentParser:
        try:
            return command.get_parser(f"ampctl {name}")
        except argparse.ArgumentError as error:
            module = type(command).__module__
            raise PluginError(f"{name!r} ({module}) uses a reserved option: {error}") from error

    def _merge_options(self, arguments: argparse.Namespace) -> Mapping[str, Any]:
        before, after = self._given, read_given(arguments)
        verbose = before.get("verbose", 0) + (after.get("verbose") or 0)
        return {**before, **after, "verbose": verbose}
