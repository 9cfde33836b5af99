"""The scripts of the shells, and the commands that hand them out."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from ampctl.errors import ExitCode
from ampctl.testing import invoke

PLACES = {
    "bash": "data/bash-completion/completions/ampctl",
    "zsh": "data/zsh/site-functions/_ampctl",
    "fish": "config/fish/completions/ampctl.fish",
}


def folders(home: Path) -> dict[str, str]:
    """Return the variables that name a person's folders."""
    return {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
    }


@pytest.mark.parametrize("shell", PLACES)
def test_a_shell_understands_its_script(shell: str) -> None:
    script = invoke("completion", shell).stdout

    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=script, text=True, capture_output=True)
        assert (checked.stderr, checked.returncode) == ("", 0)
    assert "__complete" in script


@pytest.mark.parametrize("shell", PLACES)
def test_the_script_is_installed_where_the_shell_looks_for_it(shell: str, tmp_path: Path) -> None:
    done = invoke("completion", shell, "--install", environ=folders(tmp_path))
    again = invoke("completion", shell, "--install", environ=folders(tmp_path))

    place = tmp_path / PLACES[shell]
    assert place.read_text(encoding="utf-8") == invoke("completion", shell).stdout
    assert f"{place} was written" in done.stdout + done.stderr
    assert f"{place} is up to date" in again.stdout + again.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [place]


def test_an_older_script_is_replaced(tmp_path: Path) -> None:
    place = tmp_path / PLACES["bash"]
    place.parent.mkdir(parents=True)
    place.write_text("old")

    invoke("completion", "bash", "--install", environ=folders(tmp_path))

    assert "__complete" in place.read_text(encoding="utf-8")


def test_without_variables_the_usual_folders_are_taken(tmp_path: Path) -> None:
    invoke("completion", "fish", "--install", environ={"HOME": str(tmp_path)})

    assert (tmp_path / ".config/fish/completions/ampctl.fish").exists()


def test_zsh_has_to_be_told_of_the_folder(tmp_path: Path) -> None:
    home = tmp_path / "my home"
    done = invoke("completion", "zsh", "--install", environ=folders(home))

    folder = shlex.quote(str(home / "data/zsh/site-functions"))
    assert f"fpath=({folder} $fpath)" in done.stdout + done.stderr


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")

    done = invoke(
        "completion", "bash", "--install", environ=folders(tmp_path), expect=ExitCode.OUTPUT
    )

    assert "can't write" in done.stderr


def test_the_command_of_cliff_prints_the_script_of_bash() -> None:
    script = invoke("completion", "bash").stdout

    assert invoke("complete").stdout == script
    assert invoke("complete", "--name", "ampctl", "--shell", "bash").stdout == script
    assert "\n  complete " not in invoke("help").stdout
