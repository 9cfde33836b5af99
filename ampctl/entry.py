"""The console script: what has to be done before anything big is imported."""

from __future__ import annotations

import signal


def run() -> int:
    """Run ampctl in this process and return its exit code."""
    # A Ctrl-C while modules are imported ends the process quietly, as it ends any program that
    # has nothing to clean up; main gives the signal its usual meaning back.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from ampctl.main import run_process

    return run_process()
