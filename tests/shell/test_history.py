"""The history of the shell: what is kept of what was typed, and where."""

from __future__ import annotations

import argparse
import functools
import json
import os
import stat
from pathlib import Path

import pytest

from ampctl.app import AmpApp
from ampctl.client import Secret
from ampctl.plugin import Command
from ampctl.session import Session
from ampctl.shell.history import History
from ampctl.shell.secrets import gives_secret
from ampctl.testing import fake_runtime
from ampctl.testing.given import entry_points_of


class Login(Command):
    """Log in."""

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        parser = super().get_parser(prog_name)
        parser.add_argument("--password", type=Secret)
        parser.add_argument("--user")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        raise NotImplementedError


class Warned:
    """A history in a file, and what it warns of."""

    def __init__(self, path: Path) -> None:
        app = AmpApp(Session(fake_runtime()), entry_points_of({"vault login": Login}))
        self.warnings: list[str] = []
        self.history = History(
            path,
            app.session.console.make_safe,
            functools.partial(gives_secret, app),
            self.warnings.append,
        )


@pytest.mark.parametrize(
    "line",
    [
        "vault login --password s3cret",
        "vault login --password=s3cret --user me",
        "ampctl -v vault login '--password' s3cret",
        "watch 5 vault login --password s3cret",
        "vault login --password s3cret ; exit",
        "vault login --password s3cret 'open",
        "vault login --user me\nvault login --password s3cret",
        "job list --auth-token s3cret",
    ],
)
def test_a_line_that_gives_a_secret_is_not_kept(tmp_path: Path, line: str) -> None:
    history = Warned(tmp_path / "history").history

    assert not history.append(line)
    assert not (tmp_path / "history").exists()
    assert history.texts == []


@pytest.mark.parametrize(
    "line", ["vault login --user me", "vault nonsense --password x", "job list -s failed | less"]
)
def test_any_other_line_is_kept(tmp_path: Path, line: str) -> None:
    assert Warned(tmp_path / "history").history.append(line)

    assert json.loads((tmp_path / "history").read_text()) == line


def test_a_file_that_has_grown_too_long_is_cut_to_the_latest_lines(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text("".join(f'"job list --after {number}"\n' for number in range(10_001)))
    path.chmod(0o644)

    warned = Warned(path)
    warned.history.load()

    assert len(path.read_text().splitlines()) == 5_000
    assert path.read_text().endswith('"job list --after 10000"\n')
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]
    assert (warned.history.texts[-1], warned.warnings) == ("job list --after 10000", [])


def test_a_file_that_is_long_and_not_too_long_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "history"
    path.write_text('"help"\n' * 10_000)
    before = path.stat().st_ino

    Warned(path).history.load()

    assert path.stat().st_ino == before


def test_what_is_no_file_is_one_warning_and_keeps_no_one_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "history")
    warned = Warned(tmp_path / "history")

    warned.history.load()
    assert warned.history.append("help")

    assert warned.history.texts == ["help"]
    assert len(warned.warnings) == 1
    assert "it is not a file" in warned.warnings[0]
