"""Logging of one command."""

from __future__ import annotations

import io
import logging
import os
import stat
from pathlib import Path

import pytest

from ampctl.console.console import Console
from ampctl.console.logs import send_logs
from ampctl.errors import UsageError
from ampctl.testing import fake_runtime

LOG = logging.getLogger("ampctl.test")


def run(level: str = "", *, verbosity: int = 0, log_file: str | None = None) -> str:
    runtime = fake_runtime()
    console = Console(runtime)
    console.hide("s3cret")
    with send_logs(console, level=level, verbosity=verbosity, log_file=log_file):
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
    with pytest.raises(UsageError, match="can't use the log file"):
        run(log_file=str(tmp_path / "no" / "such.log"))


def test_nothing_is_left_behind() -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers))

    run()

    assert (root.level, list(root.handlers)) == before


def test_a_log_file_on_a_full_disk_is_told_once_and_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ampctl.console.logs.open", lambda *_, **__: FullFile(), raising=False)
    path = str(tmp_path / "log")

    told = run(log_file=path)

    assert told.count(f"can't write the log file {path}") == 1
    assert "Traceback" not in told
    assert "error [redacted]" in told


class FullFile(io.StringIO):
    """A file on a full disk."""

    def write(self, text: str, /) -> int:
        raise OSError(28, "No space left on device")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_log_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "log"
    path.write_text("before\n")
    path.chmod(mode)

    with pytest.raises(UsageError, match="others may read it"):
        run(log_file=str(path))

    assert path.read_text() == "before\n"


def test_a_log_file_of_ones_own_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.touch(mode=0o600)

    run(log_file=str(path))
    run(log_file=str(path))

    assert path.read_text().count("error [redacted]") == 2


@pytest.mark.parametrize("kind", ["pipe", "pipe that is read", "folder", "device"])
def test_what_is_not_a_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    path, reader = tmp_path / "log", None
    if kind == "folder":
        path.mkdir()
    elif kind == "device":
        path = Path("/dev/null")
    else:
        os.mkfifo(path)
        if kind == "pipe that is read":
            reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    with pytest.raises(UsageError, match="can't use the log file"):
        run(log_file=str(path))

    if reader is not None:
        os.close(reader)


def test_a_record_is_one_line_and_its_traceback_is_indented(tmp_path: Path) -> None:
    runtime = fake_runtime()
    console = Console(runtime)
    path = tmp_path / "log"
    console.hide("s3cret")

    with send_logs(console, level="", verbosity=0, log_file=str(path)):
        try:
            raise ValueError("s3cret\nampctl: done")
        except ValueError:
            LOG.exception("line\nampctl: done \u202e")

    for text in (path.read_text(), runtime.stderr.getvalue()):  # type: ignore[attr-defined]
        assert r"line\nampctl: done \u202e" in text
        assert "\n        ampctl: done\n" in text
        assert "        ValueError: [redacted]\n" in text
        assert "\nampctl: done" not in text
