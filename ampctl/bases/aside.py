"""Another command that is run within one, which shows what came of it in its own way."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import NamedTuple

from ampctl.bases.hosted import Application
from ampctl.console.text import strip_colors
from ampctl.errors import ExitCode, Terminated


class Ran(NamedTuple):
    """What came of a command.

    Attributes:
        exit_code: as of a process.
        stdout: its data.
        messages: what it said, each line safe and without colors.
    """

    exit_code: int
    stdout: str
    messages: Sequence[str]


def run_aside(app: Application, words: Sequence[str]) -> Ran:
    """Run a command line; see :meth:`~ampctl.plugin.Command.run_aside`."""
    memory = io.StringIO()
    with app.session.console.hold_messages() as held, app.session.keep_options():
        code = app.run(words, stdout=memory)
        # Nothing is returned then: what may have been carried out is said at the end of the block.
        if code == ExitCode.INTERRUPTED:
            raise KeyboardInterrupt
        if code in (ExitCode.TERMINATED, ExitCode.HANGUP):
            raise Terminated(ExitCode(code))
        said = strip_colors("\n".join(held)).splitlines()
        held.clear()
    return Ran(code, memory.getvalue(), said)
