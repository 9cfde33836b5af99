"""The console script: what has to be done before anything big is imported."""

from __future__ import annotations

import gc
import signal
import sys

# Imports make objects that stay, and to look through them every 700 objects, as Python does,
# finds nothing: it is only slow.
_OBJECTS_BETWEEN_COLLECTIONS = 50_000


def run() -> int:
    """Run ampctl in this process and return its exit code."""
    # A Ctrl-C while modules are imported ends the process quietly, as it ends any program that
    # has nothing to clean up; main gives the signal its usual meaning back.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    try:
        from ampctl.main import run_process
    except Exception as error:
        from ampctl.console.bytecode import explain_damage

        damage = explain_damage(error)
        if damage is None:
            raise
        sys.stderr.write(f"ampctl: {damage.message}\n        Try: {damage.hint}\n")
        return damage.exit_code
    return run_process()
