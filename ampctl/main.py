"""From the command line to an exit code: the only place where a failure becomes one."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from ampctl.app import AmpApp
from ampctl.bytecode import explain_damage
from ampctl.console import Console
from ampctl.errors import AmpError, ExitCode, PartialFailure, Terminated
from ampctl.runtime import Runtime
from ampctl.streams import abandon
from ampctl.text import reason_of


def run_process() -> int:
    """Run ampctl with this process's arguments, streams and signals."""
    signal.signal(signal.SIGTERM, _raise_terminated)
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    runtime = Runtime.of_process()
    code = main(sys.argv[1:], runtime)
    abandon(runtime.stdout)
    abandon(runtime.stderr)
    return code


def main(argv: Sequence[str], runtime: Runtime) -> int:
    """Run one command line and return its exit code; every failure is reported, none escapes.

    Args:
        argv: the arguments after the program's name.
        runtime: streams, environment, clocks.
    """
    console = Console(runtime)
    try:
        return int(AmpApp(runtime, console).run(list(argv)))
    except BaseException as error:  # noqa: BLE001 - this is where everything ends
        return _exit_code(error, console)


def _exit_code(error: BaseException, console: Console) -> int:
    if isinstance(error, BrokenPipeError):
        return ExitCode.CLOSED_PIPE
    if isinstance(error, KeyboardInterrupt):
        console.hint("")  # the prompt of the shell shall not stand behind the terminal's ^C
        return ExitCode.INTERRUPTED
    if isinstance(error, Terminated):
        return ExitCode.TERMINATED
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else ExitCode.OK
    if console.debug:
        console.show_traceback("".join(traceback.format_exception(error)))
    error = explain_damage(error) or error
    if not isinstance(error, AmpError):
        return _report_bug(error, console)
    if not isinstance(error, PartialFailure):
        console.report(error)
    return error.exit_code or ExitCode.FAILED


def _report_bug(error: BaseException, console: Console) -> int:
    console.report(
        AmpError(
            f"this is a bug in ampctl or in a plugin: {reason_of(error)}",
            hint="the same command with --debug, and report what it prints",
        )
    )
    return ExitCode.FAILED


def _raise_terminated(signum: int, frame: FrameType | None) -> NoReturn:
    raise Terminated
