"""ampctl at one and the same moment, so that ages in a picture stay what they are."""

from __future__ import annotations

import dataclasses
import datetime
import sys

from ampctl import entry
from ampctl.runtime import Runtime

MOMENT = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.UTC)


def read_clock() -> datetime.datetime:
    """Return the moment of all pictures."""
    return MOMENT


def freeze_runtime() -> None:
    """Let the runtime of this process tell that moment, whatever asks for it."""
    make_runtime = Runtime.of_process
    Runtime.of_process = lambda: dataclasses.replace(make_runtime(), now=read_clock)


if __name__ == "__main__":
    freeze_runtime()
    sys.exit(entry.run())
