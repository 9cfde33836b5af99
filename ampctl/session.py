"""What outlives a command: settings, client and console."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import urllib.parse
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from ampctl.console.console import Console
from ampctl.console.logs import append_error, send_logs
from ampctl.console.streams import DEFAULT_WIDTH, terminal_width
from ampctl.console.text import printable, reason_of
from ampctl.errors import AmpError, ClosedPipe, ExitCode, PartialFailure, Terminated, UsageError
from ampctl.runtime import Runtime
from ampctl.settings.options import Settings, reach_alike, remove_secrets, resolve
from ampctl.settings.parser import Parser

# How deep commands may run commands: scripts that run scripts, as far as anyone writes them.
_DEEPEST = 8

if TYPE_CHECKING:
    from ampctl.client import AdminClient
    from ampctl.console.waiting import WatchedClient

P = TypeVar("P", bound=Parser)


class Session:
    """One person's or script's time with ampctl: a single command, or many on one connection.

    Args:
        runtime: what comes from the process.

    Attributes:
        runtime: the same, without the token in its environment.
        console: what is said to people, and standard output.
        settings: those of the present command; see :meth:`configure`.
        is_repeating: whether the present command is run again when it has ended.
    """

    settings: Settings

    def __init__(self, runtime: Runtime) -> None:
        self._environ = runtime.environ
        self._client: WatchedClient | None = None
        self._client_settings: Settings | None = None
        self._options: Mapping[str, Any] = {}
        self._kept: Mapping[str, Any] = {}
        self._depth = 0
        self.is_repeating = False
        self.runtime = dataclasses.replace(runtime, environ=remove_secrets(runtime.environ))
        self.console = Console(self.runtime)

    def configure(self, options: Mapping[str, Any]) -> None:
        """Work out the settings of the command that comes next.

        Args:
            options: those given on its command line.

        Raises:
            UsageError: a variable of the environment holds a value that can't be used.
        """
        verbose = self._kept.get("verbose", 0) + options.get("verbose", 0)
        self._options = {**self._kept, **options, "verbose": verbose}
        self._apply(resolve(self._options, self._environ))
        if self._client is not None:
            self._client.begin_command()

    def configure_messages(self, argv: Sequence[str]) -> None:
        """Set up messages for the error of a command line that can't be understood."""
        # Imported here: most command lines are understood.
        from ampctl.settings.early import resolve_for_messages

        self._apply(resolve_for_messages(argv, self._kept, self._environ))

    def _apply(self, settings: Settings) -> None:
        self.settings = settings
        self.console.verbosity = settings.verbosity
        self.console.color = settings.color
        self.console.debug = settings.debug
        self.console.find_hint = self._find_hint
        self.console.log = functools.partial(append_error, self.console, settings.log_file)
        # A token of the environment that an option replaced is a secret all the same.
        self.console.hide(self._environ.get(Settings.auth_token.env or "", ""))
        if settings.auth_token:
            self.console.hide(settings.auth_token)

    @contextlib.contextmanager
    def keep_options(self) -> Iterator[None]:
        """Let the options of the present command hold for all commands of the block.

        One that is given again with a command wins there.
        """
        before = self._kept
        self._kept = self._options
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                raise UsageError("there are scripts that run each other, and so on without an end")
            yield
        finally:
            self._depth -= 1
            self._kept = before

    @property
    def place(self) -> str:
        """Host, port and path that commands aim at, without any secret; empty if unreadable."""
        with contextlib.suppress(ValueError):
            url = urllib.parse.urlsplit(self.settings.admin_url)
            return printable(url.netloc.rpartition("@")[2] + url.path.rstrip("/"))
        return ""

    @property
    def client(self) -> AdminClient:
        """The client of the Admin API; the same one until settings that it rests on change."""
        if self._client is None or not reach_alike(self._client_settings, self.settings):
            # Before the other one is closed: where none can be made, nothing has changed.
            client = self._connect()
            self.close()
            self._client, self._client_settings = client, self.settings
        return self._client

    @property
    def has_changed(self) -> bool:
        """Whether the present command has changed something on the server."""
        return self._client is not None and self._client.has_changed

    def parser_for(self, kind: type[P], prog: str, **options: Any) -> P:
        """Return an empty parser that prints where commands print.

        Args:
            kind: the class of the parser.
            prog: the words of the command.
            **options: what it takes.
        """
        return kind(prog=prog, stdout=self.console.stdout, width=self.help_width, **options)

    @property
    def help_width(self) -> int:
        """How many columns help may take."""
        stdout, environ = self.console.stdout, self.runtime.environ
        return min(terminal_width(stdout, environ) if stdout.isatty() else DEFAULT_WIDTH, 100)

    def log(self, *, informs: bool = False) -> contextlib.AbstractContextManager[None]:
        """Send log records where the settings say until the block ends.

        Args:
            informs: whether information is shown without being asked for, as cliff does it.

        Raises:
            UsageError: ``AMP_LOG`` names no level, or the log file can't be opened.
        """
        return send_logs(
            self.console,
            level=self.runtime.environ.get("AMP_LOG", ""),
            verbosity=self.settings.verbosity,
            log_file=self.settings.log_file,
            informs=informs,
        )

    def report(self, error: BaseException) -> int:
        """Report why a command ended, and return its exit code."""
        if isinstance(error, ClosedPipe):
            return error.exit_code
        if isinstance(error, (KeyboardInterrupt, Terminated)):
            self.console.leave_line(error)
            for note in getattr(error, "__notes__", ()):
                self.console.warn(note)
            return error.exit_code if isinstance(error, Terminated) else ExitCode.INTERRUPTED
        if isinstance(error, SystemExit):
            return error.code if isinstance(error.code, int) else ExitCode.OK
        if isinstance(error, PartialFailure):
            return error.exit_code  # its parts were reported one by one
        fault = error if isinstance(error, AmpError) else fault_in("ampctl or in a plugin", error)
        self.console.report(fault, raised=error)
        return fault.exit_code or ExitCode.FAILED

    def close(self) -> None:
        """Close the connections; the client is made again when it is asked for."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _find_hint(self, error: AmpError) -> str | None:
        # Imported here: most commands have nothing to advise.
        from ampctl.settings.advice import find_hint

        return find_hint(error, self.settings.origins)

    def settings_with(self, options: Mapping[str, Any]) -> Settings:
        """Return the settings of a command line with these options, beside those that are kept.

        Raises:
            UsageError: an option or a variable of the environment can't be used.
        """
        return resolve({**self._kept, **options}, self._environ)

    def connect_briefly(self, settings: Settings, limit_s: float) -> AdminClient:
        """Return a client of its own that tries nothing twice, for what a person waits for.

        Args:
            settings: where it connects to, and how.
            limit_s: the longest time for a request.
        """
        from ampctl.client import AdminClient, Timeouts

        timeouts = Timeouts(connect_s=limit_s, read_s=limit_s, total_s=limit_s)
        return AdminClient(**self._address(settings), timeouts=timeouts, retries=0)

    def _connect(self) -> WatchedClient:
        # Imported here: requests is the largest import of all, and not every command asks.
        from ampctl.client import Timeouts
        from ampctl.console.waiting import Waiting, WatchedClient

        settings = self.settings
        # More time for a request is also more time for a pause within it.
        read_s = max(Timeouts.read_s, settings.request_timeout / 2)
        client = WatchedClient(
            **self._address(settings),
            timeouts=Timeouts(total_s=settings.request_timeout, read_s=read_s),
            retries=settings.retries,
        )
        client.start_watching(Waiting(self.console, settings.admin_url, self.runtime.monotonic))
        return client

    def _address(self, settings: Settings) -> dict[str, Any]:
        """Return what a client is given, whatever it is for."""
        return {
            "base_url": settings.admin_url,
            "token": settings.auth_token,
            "ca_file": settings.ca_file,
            "allow_http": settings.allow_http,
            "proxies": self.runtime.environ,
            "sleep": self.runtime.sleep,
            "random": self.runtime.random,
            "monotonic": self.runtime.monotonic,
            "now": self.runtime.now,
        }


def fault_in(owner: str, error: BaseException) -> AmpError:
    """Return the report of an exception that no code should have raised."""
    # Imported here, as it is hardly ever needed.
    from ampctl.console.bytecode import explain_damage

    return explain_damage(error) or AmpError(
        f"this is a bug in {owner}: {reason_of(error)}",
        hint="the same command with --debug, and report what it prints",
    )
