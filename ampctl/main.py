"""One process: arguments, streams and signals in, an exit code out."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Sequence

from ampctl.app import AmpApp
from ampctl.console.signals import EXIT_CODES, SignalHandler
from ampctl.console.streams import abandon
from ampctl.discovery.entry_points import EntryPoint
from ampctl.runtime import Runtime
from ampctl.session import Session


def run_process() -> int:
    """Run ampctl with this process's arguments, streams and signals.

    Where a signal ended the command it ends the process too, so that a loop in a shell ends.
    """
    runtime = Runtime.of_process()
    if sys.stdout is not None:
        sys.stdout = runtime.stdout  # one buffer, whichever of the two a command writes to
    handler = SignalHandler(runtime.monotonic)
    # nohup starts a program with SIGHUP ignored, and it must stay ignored.
    handled = [number for number in EXIT_CODES if signal.getsignal(number) is signal.SIG_DFL]
    for number in handled:
        signal.signal(number, handler)
    code = main(sys.argv[1:], runtime)
    for number in handled:
        signal.signal(number, signal.SIG_DFL)
    abandon(runtime.stdout)
    abandon(runtime.stderr)
    for number in handled:
        if code == EXIT_CODES[number]:
            os.kill(os.getpid(), number)
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
