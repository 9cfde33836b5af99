"""Logging of one command."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

import pytest

from ampctl.console.console import Console
from ampctl.console.logs import logging_to
from ampctl.errors import UsageError
from ampctl.testing import fake_runtime

LOG = logging.getLogger("ampctl.test")


def run(level: str = "", *, verbosity: int = 0, log_file: str | None = None) -> str:
    runtime = fake_runtime()
    console = Console(runtime)
    console.hide("s3cret")
    with logging_to(console, level=level, verbosity=verbosity, log_file=log_file):
        for name in ("debug", "info", "warning", "error"):
            getattr(LOG, name)("%s s3cret", name)
    return runtime.stderr.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("level", "verbosity", "first"),
    [
        ("", 0, "warning"),
        ("", 1, "info"),
        ("", 2, "debug"),
        ("", -1, "error"),
        ("debug", 0, "debug"),
        ("debug", -1, "error"),
    ],
    ids=["normal", "-v", "-vv", "-q", "AMP_LOG", "AMP_LOG with -q"],
)
def test_the_level_follows_flags_and_environment(level: str, verbosity: int, first: str) -> None:
    assert run(level, verbosity=verbosity).splitlines()[0] == f"ampctl: {first} [redacted]"


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(UsageError, match="AMP_LOG"):
        run("loud")


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
