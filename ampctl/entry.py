"""The console script: what has to be done before anything big is imported."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import signal
import sys
import threading

from ampctl import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    # Importing typing would take a quarter of the time of `ampctl --version`.
    from typing import NoReturn

# Imports make objects that stay, and to look through them every 700 objects, as Python does,
# finds nothing: it is only slow.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000


def run_and_end() -> NoReturn:
    """Run ampctl in this process, and end the process with its exit code."""
    _end(run())


def run() -> int:
    """Run ampctl in this process and return its exit code."""
    # A Ctrl-C while modules are imported ends the process quietly, as it ends any program that
    # has nothing to clean up; main gives the signal its usual meaning back.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    if _print_version():
        return 0
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        from ampctl.deferred import defer_modules

        defer_modules()
        if sys.argv[1:2] == ["__complete"]:
            from ampctl.shell.complete.process import answer_shell

            return answer_shell(sys.argv[2:])
        from ampctl.main import run_process
    except Exception as error:
        from ampctl.console.bytecode import explain_damage

        damage = explain_damage(error)
        if damage is None:
            raise
        sys.stderr.write(f"ampctl: {damage.message}\n        Try: {damage.hint}\n")
        return damage.exit_code
    return run_process()


def _print_version() -> bool:
    """Answer ``ampctl --version`` if it is just that, and return whether it was answered.

    All else is left to the application: other spellings, variables that decide about plugins and
    may be wrong, and a standard output that can't be written, of which it tells.
    """
    if sys.argv[1:] != ["--version"] or sys.stdout is None or "AMPCTL_NO_PLUGINS" in os.environ:
        return False
    answer = f"ampctl {__version__}\n".encode()
    with contextlib.suppress(OSError):
        return os.write(sys.stdout.fileno(), answer) == len(answer)
    return False


def _end(code: int) -> NoReturn:
    """End the process without taking the interpreter apart, a sixth of a short command's time.

    What that would have seen to is done here: other threads are joined, the functions registered
    with :mod:`atexit` are called, and the standard streams are flushed.
    """
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        # One that can't be written, or is closed, was told of when it was written to.
        with contextlib.suppress(Exception):
            stream.flush()
    os._exit(code)
