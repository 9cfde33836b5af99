"""``ampctl sandbox up``."""

from __future__ import annotations

import argparse
import contextlib
import errno
import re
import signal
import threading
from collections.abc import Iterator, Sequence
from types import FrameType
from typing import ClassVar

from ampctl.plugin import Command, UsageError
from ampctl_sandbox.commands.up_options import (
    DEFAULT_JOBS,
    TOKEN_VARIABLE,
    add_address_options,
    add_simulation_options,
)
from ampctl_sandbox.database.engine import DatabaseUrl, show_url
from ampctl_sandbox.database.schema import is_made_here
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.options import (
    add_database_option,
    choose_database,
    explain_failures,
)
from ampctl_sandbox.sandbox import bind, claim, simulate
from ampctl_sandbox.simulation.population import populate
from ampctl_sandbox.simulation.scenarios import SCENARIOS
from ampctl_sandbox.simulation.workers import register_workers
from ampctl_sandbox.web.addresses import is_loopback, make_url
from ampctl_sandbox.web.server import Server

# With the time that requests have to end, less than five seconds.
_CHORES_END_S = 0.5


class RunSandbox(Command):
    """Run a local Admin API until Ctrl-C or SIGTERM.

    A database without jobs gets some, made up. Simulated workers move them along: blocks grow,
    jobs complete, some fail, stop requests are honoured, and new ones arrive, so that there is
    always something to look at. Failed jobs are scheduled again as a controller does it. A
    database that Amp migrated is used as it is: no jobs are made up, no workers simulated, and
    failed jobs are left to its own controller, unless --retry-failed is given.
    """

    examples: ClassVar[Sequence[str]] = (
        "ampctl sandbox up",
        "ampctl sandbox up --scenario incident --jobs 1000",
        "ampctl sandbox up --jobs 0 --port 0 --speed 10",
        "ampctl sandbox up --database-url postgresql+psycopg://amp@localhost/amp",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Add the address, the token, the database and the simulation."""
        parser = super().get_parser(prog_name)
        add_address_options(parser)
        add_database_option(parser)
        add_simulation_options(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Serve until a signal comes."""
        token = self._read_token(parsed_args)
        url = choose_database(parsed_args, self.runtime, makes_folder=True)
        with contextlib.ExitStack() as stack:
            with explain_failures():
                stack.enter_context(claim(url))
                store = Store.open(url)
                stack.callback(store.close)
                self._populate(store, parsed_args)
            server = self._bind(stack, store, parsed_args, token)
            stack.enter_context(
                simulate(
                    store,
                    speed=parsed_args.speed,
                    seed=parsed_args.seed,
                    scenario=SCENARIOS[parsed_args.scenario],
                    has_workers=not parsed_args.no_workers,
                    keeps_mix=parsed_args.jobs != 0,
                    retries_everywhere=parsed_args.retry_failed,
                    end_within_s=_CHORES_END_S,
                )
            )
            interrupted = stack.enter_context(_stop_on_signals(server))
            self._announce(make_url(parsed_args.host, server.port), url, token)
            server.run()
        if interrupted.is_set():
            raise KeyboardInterrupt

    def _read_token(self, args: argparse.Namespace) -> str | None:
        token: str | None = args.token
        if token is None:
            token = self.runtime.environ.get(TOKEN_VARIABLE) or None
        if token is None and not is_loopback(args.host):
            raise UsageError(
                f"listening on {args.host} lets other machines in",
                hint=f"give a token with --token or {TOKEN_VARIABLE}",
            )
        if token is not None and not re.fullmatch(r"[!-~]+", token):
            raise UsageError("a token must be visible ASCII without spaces, and not empty")
        if token is not None:
            self.console.hide(token)
        return token

    def _populate(self, store: Store, args: argparse.Namespace) -> None:
        is_ours = is_made_here(store.engine)
        if is_ours and not args.no_workers:
            store.write(register_workers, store.now())
        is_asked = args.jobs is not None
        count = args.jobs if is_asked else DEFAULT_JOBS
        if not count or not (is_ours or is_asked):
            return
        made = populate(store, count, scenario=SCENARIOS[args.scenario], seed=args.seed)
        if is_asked and not made:
            self.console.warn("the database has jobs already, so none were made up")

    def _bind(
        self,
        stack: contextlib.ExitStack,
        store: Store,
        args: argparse.Namespace,
        token: str | None,
    ) -> Server:
        try:
            return stack.enter_context(
                bind(
                    store,
                    host=args.host,
                    port=args.port,
                    token=token,
                    scenario=SCENARIOS[args.scenario],
                )
            )
        except OSError as error:
            where = f"port {args.port} of {args.host}"
            if error.errno == errno.EADDRINUSE:
                reason = f"{where} is in use"
            else:
                reason = f"can't listen on {where}: {error.strerror or error}"
            raise UsageError(reason, hint="another port, with --port") from error

    def _announce(self, url: str, database: DatabaseUrl, token: str | None) -> None:
        also = "" if token is None else ", and the token in AMP_AUTH_TOKEN"
        # A line for each, so that none is wrapped, and the last can be copied.
        self.console.say(f"The Admin API is at {url} until Ctrl-C. Its database:")
        self.console.say(show_url(database))
        self.console.say(f"Use it with this in another terminal{also}:")
        self.console.say(f"export AMP_ADMIN_URL={url}")


@contextlib.contextmanager
def _stop_on_signals(server: Server) -> Iterator[threading.Event]:
    interrupted = threading.Event()

    def stop(signum: int, _frame: FrameType | None) -> None:
        if signum == signal.SIGINT:
            interrupted.set()
        server.stop()

    if threading.current_thread() is not threading.main_thread():
        yield interrupted
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield interrupted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
