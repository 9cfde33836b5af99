"""The scripts that let shells complete: printed, or put where a shell looks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ampctl.testing import invoke


@pytest.mark.parametrize(
    ("shell", "path"),
    [
        ("bash", "data/bash-completion/completions/ampctl"),
        ("zsh", "data/zsh/site-functions/_ampctl"),
        ("fish", "config/fish/completions/ampctl.fish"),
    ],
)
def test_a_script_is_installed_once(tmp_path: Path, shell: str, path: str) -> None:
    environ = {"XDG_DATA_HOME": f"{tmp_path}/data", "XDG_CONFIG_HOME": f"{tmp_path}/config"}
    script = invoke("completion", shell).stdout

    first = invoke("completion", shell, "--install", environ=environ)
    written = (tmp_path / path).stat().st_mtime_ns
    second = invoke("completion", shell, "--install", environ=environ)

    assert "__complete" in script
    assert (tmp_path / path).read_text() == script
    assert "was written" in first.stderr
    assert "is up to date" in second.stderr
    assert (tmp_path / path).stat().st_mtime_ns == written


def test_a_place_that_cannot_be_written_is_8(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")

    environ = {"XDG_DATA_HOME": f"{tmp_path}/data"}
    assert (
        "can't write" in invoke("completion", "bash", "--install", environ=environ, expect=8).stderr
    )


def test_cliffs_command_prints_the_script_for_bash() -> None:
    assert invoke("complete").stdout == invoke("completion", "bash").stdout
