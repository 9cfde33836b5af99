"""A pager that the person chose, on a real terminal."""

from __future__ import annotations

import sys

from ampctl_sandbox.testing import Sandbox, make_job

from .terminals import needs_less, screen_at

LIST = [sys.executable, "-m", "ampctl", "job", "list"]


@needs_less
def test_a_ctrl_c_leaves_neither_the_pager_nor_the_command(sandbox: Sandbox) -> None:
    for _ in range(12):
        make_job(sandbox.store, status="RUNNING")
    environ = {"AMPCTL_PAGER": "less -S", "AMP_ADMIN_URL": sandbox.url, "LINES": "10", "LESS": "R"}

    with screen_at(LIST, environ=environ) as screen:
        modes = screen.read_modes()
        screen.wait_for("12 ▶ RUNNING")
        screen.type("\x03G")
        screen.wait_for(" 1 ▶ RUNNING")
        screen.type("q")

        assert screen.wait_for_end() == 0
        assert screen.read_modes() == modes
