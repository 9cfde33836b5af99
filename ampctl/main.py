"""One process: arguments, streams and signals in, an exit code out."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from ampctl.app import AmpApp
from ampctl.console.streams import abandon
from ampctl.discovery.entry_points import EntryPoint
from ampctl.errors import ExitCode, Terminated
from ampctl.runtime import Runtime
from ampctl.session import Session

_EXIT_CODES = {signal.SIGTERM: ExitCode.TERMINATED, signal.SIGHUP: ExitCode.HANGUP}


def run_process() -> int:
    """Run ampctl with this process's arguments, streams and signals."""
    for number in _EXIT_CODES:
        # Whoever starts a program with nohup has SIGHUP ignored, and means it.
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _raise_terminated)
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    runtime = Runtime.of_process()
    code = main(sys.argv[1:], runtime)
    abandon(runtime.stdout)
    abandon(runtime.stderr)
    return code


def main(argv: Sequence[str], runtime: Runtime, extra: Sequence[EntryPoint] = ()) -> int:
    """Run one command line and return its exit code; every failure is reported, none escapes.

    Args:
        argv: the arguments after the program's name.
        runtime: streams, environment, clocks.
        extra: entry points that count as if they were installed.
    """
    session = Session(runtime)
    try:
        with contextlib.closing(session):
            return AmpApp(session, extra).run(argv)
    except BaseException as error:  # noqa: BLE001 - a signal while connections are being closed
        return session.report(error)


def _raise_terminated(signum: int, frame: FrameType | None) -> NoReturn:
    raise Terminated(_EXIT_CODES[signal.Signals(signum)])
