"""The application: global options, then the one command that the words name."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import functools
import shutil
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cliff.app import App
from cliff.command import Command as CliffCommand

from ampctl import __version__
from ampctl.bytecode import explain_damage
from ampctl.console import Console
from ampctl.errors import AmpError, ExitCode, PluginError
from ampctl.logs import logging_to
from ampctl.parser import HelpShown, Parser
from ampctl.registry import Registry
from ampctl.runtime import Runtime
from ampctl.settings import (
    Settings,
    add_global_options,
    allowed_plugins,
    resolve,
    without_secrets,
)
from ampctl.streams import writing
from ampctl.text import reason_of

if TYPE_CHECKING:
    from ampctl.client import AdminClient

_HIGHEST_STATUS = 255
_DESCRIPTION = "Show and control an Amp deployment through its Admin API."


class AmpApp(App):
    """The shell around all commands.

    Attributes:
        runtime: what comes from the process.
        console: what is said to people.
    """

    NAME = "ampctl"
    options: argparse.Namespace
    command_manager: Registry

    def __init__(self, runtime: Runtime, console: Console) -> None:
        self._environ = runtime.environ
        # What commands are given to look at: the token is not among it.
        self.runtime = dataclasses.replace(runtime, environ=without_secrets(runtime.environ))
        self.console = console
        super().__init__(
            _DESCRIPTION,
            __version__,
            Registry(),
            stdin=runtime.stdin,
            stdout=runtime.stdout,
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
            **argparse_kwargs or {},
        )
        options = parser.add_argument_group("global options, before or after the command words")
        add_global_options(options)
        options.add_argument("--version", action="store_true", help="show the version and exit")
        options.add_argument("-h", "--help", action="store_true", help="show this help and exit")
        parser.add_argument("words", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
        return parser

    def parser_for(self, prog: str, **options: Any) -> Parser:
        """Return an empty parser that prints where this application prints."""
        width = shutil.get_terminal_size().columns if self.console.shows_output else 80
        return Parser(prog=prog, stdout=self.runtime.stdout, width=min(width, 100), **options)

    def run(self, argv: list[str]) -> int:
        """Run the command in ``argv`` and return its exit code.

        Raises:
            AmpError: whatever kept the command from being done.
        """
        self.options = self.parser.parse_args(argv)
        self.command_manager.allowed = allowed_plugins(argv, self._environ)
        # Commands are given the options. The words may hold the token as it was typed.
        words = vars(self.options).pop("words")
        if self.options.version:
            with writing(self.runtime.stdout) as stdout:
                stdout.write(f"ampctl {__version__}\n")
            return ExitCode.OK
        if not words or self.options.help:
            return self.run_subcommand(["help"])
        if len(words) == 1 or words[1] in ("-h", "--help"):
            group = self.command_manager.group_named(words[0])
            words = ["help", group] if group else words
        return self.run_subcommand(words)

    def run_subcommand(self, argv: list[str]) -> int:
        """Find, parse and run one command."""
        self.console.debug = "debug" in self.options
        command_class, name, rest = self.command_manager.find_command(argv)
        with self._blaming(argv), _staying_in_charge(name):
            command = command_class(self, self.options)
            arguments = self._command_parser(command, name).parse_args(rest)
        settings = resolve(self._flags(arguments), self._environ)
        self._use(settings)
        with contextlib.ExitStack() as stack:
            stack.enter_context(logging_to(self.console, settings, self.runtime.environ))
            stack.callback(self._close_client)
            stack.enter_context(self._blaming(argv))
            stack.enter_context(_staying_in_charge(name))
            return _exit_status(command.run(arguments))

    def command_help(self, argv: Sequence[str]) -> str:
        """Return the help text of the command in ``argv``."""
        command_class, name, _ = self.command_manager.find_command(list(argv))
        with _staying_in_charge(name):
            return self._command_parser(command_class(self, self.options), name).format_help()

    @functools.cached_property
    def client(self) -> AdminClient:
        """The client of the Admin API that the settings name."""
        # Imported here: requests is the largest import of all, and not every command asks.
        from ampctl.client import AdminClient, Timeouts

        settings = self.settings
        # Whoever allows a request more time also lets the server be silent for longer.
        read_s = max(Timeouts.read_s, settings.request_timeout / 2)
        return AdminClient(
            settings.admin_url,
            token=settings.auth_token,
            timeouts=Timeouts(total_s=settings.request_timeout, read_s=read_s),
            retries=settings.retries,
            ca_file=settings.ca_file,
            allow_http=settings.allow_http,
            proxies=self.runtime.environ,
            sleep=self.runtime.sleep,
            random=self.runtime.random,
            monotonic=self.runtime.monotonic,
            now=self.runtime.now,
        )

    @contextlib.contextmanager
    def _blaming(self, argv: list[str]) -> Iterator[None]:
        """Say whose command it was that failed in a way that it should not."""
        try:
            yield
        except (AmpError, BrokenPipeError):
            raise
        except Exception as error:
            if explain_damage(error):
                raise  # it is nobody's bug, and main tells of it
            owner = self.command_manager.owner_of(argv)
            raise AmpError(
                f"this is a bug in {owner}: {reason_of(error)}",
                hint="the same command with --debug, and report what it prints",
            ) from error

    def _close_client(self) -> None:
        if "client" in vars(self):
            self.client.close()
            del self.client

    def _command_parser(self, command: CliffCommand, name: str) -> argparse.ArgumentParser:
        try:
            return command.get_parser(f"ampctl {name}")
        except argparse.ArgumentError as error:
            module = type(command).__module__
            raise PluginError(f"{name!r} ({module}) uses a reserved option: {error}") from error

    def _flags(self, arguments: argparse.Namespace) -> Mapping[str, Any]:
        before, after = vars(self.options), vars(arguments)
        verbose = before.get("verbose", 0) + (after.get("verbose") or 0)
        return {**before, **after, "verbose": verbose}

    def _use(self, settings: Settings) -> None:
        self.settings = settings
        self.console.verbosity = settings.verbosity
        self.console.color = settings.color
        self.console.debug = settings.debug
        if settings.auth_token:
            self.console.hide(settings.auth_token.reveal())


def _exit_status(code: int) -> int:
    # The system keeps eight bits: 256 would look like success.
    return code if 0 <= code <= _HIGHEST_STATUS else ExitCode.FAILED


@contextlib.contextmanager
def _staying_in_charge(name: str) -> Iterator[None]:
    """Take it for a fault if a command ends the process: it may have done only half of its work."""
    try:
        yield
    except HelpShown:
        raise
    except SystemExit as error:
        raise AmpError(
            f"{name!r} ended before it was done: it called sys.exit({error.code!r})",
            hint="report this to the plugin's authors",
        ) from error
