"""Logging of one command."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest

from ampctl.console import Console
from ampctl.errors import UsageError
from ampctl.logs import logging_to
from ampctl.settings import resolve
from ampctl.testing import fake_runtime

LOG = logging.getLogger("ampctl.test")


def run(environ: dict[str, str] | None = None, **flags: object) -> str:
    runtime = fake_runtime()
    console = Console(runtime)
    console.hide("s3cret")
    with logging_to(console, resolve(flags, {}), environ or {}):
        for level in ("debug", "info", "warning", "error"):
            getattr(LOG, level)("%s s3cret", level)
    return runtime.stderr.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("flags", "environ", "first"),
    [
        ({}, {}, "warning"),
        ({"verbose": 1}, {}, "info"),
        ({"verbose": 2}, {}, "debug"),
        ({"quiet": 1}, {}, "error"),
        ({}, {"AMP_LOG": "debug"}, "debug"),
    ],
    ids=["normal", "-v", "-vv", "-q", "AMP_LOG"],
)
def test_the_level_follows_flags_and_environment(
    flags: dict[str, object], environ: dict[str, str], first: str
) -> None:
    assert run(environ, **flags).splitlines()[0] == f"ampctl: {first} [redacted]"


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(UsageError, match="AMP_LOG"):
        run({"AMP_LOG": "loud"})


def test_the_log_file_is_private_and_redacted(tmp_path: Path) -> None:
    path = tmp_path / "ampctl.log"

    run(log_file=str(path))

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "error [redacted]" in path.read_text()
    assert "s3cret" not in path.read_text()


def test_a_log_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't open the log file"):
        run(log_file=str(tmp_path / "no" / "such.log"))


def test_nothing_is_left_behind() -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))

    run()

    assert (root.level, list(root.handlers)) == before


def test_a_log_file_on_a_full_disk_is_told_once_and_stops_nothing() -> None:
    told = run(log_file="/dev/full")

    assert told.count("can't write the log file /dev/full") == 1
    assert "Traceback" not in told
    assert "error [redacted]" in told
