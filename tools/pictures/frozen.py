"""ampctl at one and the same moment, so that ages in a picture stay what they are."""

from __future__ import annotations

import dataclasses
import datetime
import sys

from ampctl.main import main
from ampctl.runtime import Runtime

MOMENT = datetime.datetime(2026, 11, 20, 9, 30, tzinfo=datetime.UTC)


def read_clock() -> datetime.datetime:
    """Return the moment of all pictures."""
    return MOMENT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], dataclasses.replace(Runtime.of_process(), now=read_clock)))
