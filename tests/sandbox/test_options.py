"""The database of a command for which none is named."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import platformdirs
import pytest

from ampctl.testing.runner import invoke
from ampctl_sandbox.testing import live_sandbox, make_job
from tests.sandbox.http_calls import call
from tests.sandbox.processes import up

ODD_NAMES = ("a?mode=ro", "a%41b", "a#b", "a b", "ä", os.fsdecode(b"a\xffb"))


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
def test_the_state_folder_may_have_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / name))

    invoke("sandbox", "submit", "a/b")
    status = invoke("sandbox", "status", "-f", "json").json
    reset = invoke("sandbox", "reset", "--yes")

    assert list(tmp_path.iterdir()) == [tmp_path / name]
    assert (tmp_path / name / "ampctl" / "sandbox.sqlite3").exists()
    assert status["jobs"] == 1
    assert "Deleted 1 job" in reset.stderr


def test_up_serves_from_a_state_folder_of_any_name(tmp_path: Path) -> None:
    folder = tmp_path / ODD_NAMES[0]
    with up("--jobs", "3", environ={"XDG_STATE_HOME": str(folder)}) as sandbox:
        assert len(sandbox.get("/jobs?status=all").json()["jobs"]) == 3

    assert (folder / "ampctl" / "sandbox.sqlite3").exists()


def test_a_live_sandbox_may_be_in_a_temporary_folder_of_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ODD_NAMES[0]).mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / ODD_NAMES[0]))

    with live_sandbox() as sandbox:
        make_job(sandbox.store)
        assert len(call(sandbox, "GET", "/jobs").json()["jobs"]) == 1
        assert list(tmp_path.iterdir()) == [tmp_path / ODD_NAMES[0]]


# An address that can't be bound, so that a sandbox that does start ends at once.
COMMANDS = (("up", "--host", "192.0.2.1", "--token", "x"), ("submit", "a/b"))


@pytest.fixture(params=["a file", "no parent", "no home"])
def unusable_state_folder(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A state folder that can't be made."""

    def find_no_user(_uid: int) -> None:
        raise KeyError("no such user")

    if request.param == "a file":
        (tmp_path / "state").write_text("")
    elif request.param == "no parent":
        monkeypatch.setenv("XDG_STATE_HOME", "/proc/nothing")
    else:
        monkeypatch.delenv("XDG_STATE_HOME")
        monkeypatch.delenv("HOME")
        monkeypatch.setattr(pwd, "getpwuid", find_no_user)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("unusable_state_folder")
@pytest.mark.parametrize("argv", COMMANDS, ids=lambda argv: argv[0])
def test_an_unusable_state_folder_is_an_error_that_says_what_to_set(
    argv: tuple[str, ...], tmp_path: Path
) -> None:
    result = invoke("sandbox", *argv, expect=2)

    assert "state folder" in result.stderr
    assert "XDG_STATE_HOME" in result.stderr
    assert "--database-url" in result.stderr
    assert not (tmp_path / "~").exists()


@pytest.mark.parametrize("argv", COMMANDS, ids=lambda argv: argv[0])
def test_a_state_folder_below_a_home_that_is_not_known_is_not_made(
    argv: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    # What older versions of platformdirs answer where there is no home.
    monkeypatch.setattr(platformdirs, "user_state_path", lambda *_, **__: Path("~/.local/state"))

    assert "XDG_STATE_HOME" in invoke("sandbox", *argv, expect=2).stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("argv", COMMANDS, ids=lambda argv: argv[0])
def test_a_state_folder_that_can_not_be_written_is_an_error(
    argv: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)

    assert "XDG_STATE_HOME" in invoke("sandbox", *argv, expect=2).stderr
