"""Real shells on a terminal with a screen, at which a person types."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .terminals import Person, Screen, person_at

_COLUMNS = 100

SHELLS = ("bash", "zsh", "fish")
_COMMANDS = {
    "bash": ["bash", "--noprofile", "--rcfile", "{home}/bashrc", "-i"],
    "zsh": ["zsh", "-i"],
    "fish": ["fish", "-i"],
}
_BASH_COMPLETION = Path("/usr/share/bash-completion/bash_completion")
# What each shell is set up with: a short prompt, and nothing that keeps a test from the screen.
_SETTINGS = {
    "bash": (
        "bashrc",
        "PS1='ready> '\n"
        f"source {_BASH_COMPLETION}\n"
        "bind 'set bell-style none' 'set completion-query-items 2000' 'set page-completions off'\n"
        "bind 'set enable-bracketed-paste off'\n",
    ),
    "zsh": (
        ".zshrc",
        "PROMPT='ready> ' LISTMAX=2000\n"
        "fpath=({home}/data/zsh/site-functions $fpath)\n"
        "autoload -Uz compinit && compinit -u -d {home}/zcompdump\n"
        "unset zle_bracketed_paste\nsetopt no_beep no_prompt_sp\n",
    ),
    "fish": (
        "config/fish/config.fish",
        "function fish_prompt; echo -n 'ready> '; end\n"
        "set -g fish_greeting\nset -g fish_autosuggestion_enabled 0\n",
    ),
}


class Shell(Screen):
    """A shell at work, and what its screen shows.

    Args:
        person: at its terminal.
        name: which one.
        home: the home folder, set up for it.
    """

    def __init__(self, person: Person, name: str, home: Path) -> None:
        super().__init__(person, _COLUMNS)
        self.name = name
        self.home = home
        self.wait_for_typed("")

    def run_here(self, command: str) -> None:
        """Run a command of the shell, and wait for its end."""
        self.clear()
        self.type(f"{command}; echo do''ne\r")
        self.wait_for("done")
        self.clear()


@contextlib.contextmanager
def running_shell(name: str, home: Path, **variables: str) -> Iterator[Shell]:
    """Start a shell for which the completion was installed, with a home folder of its own."""
    missing = shutil.which(name) is None or (name == "bash" and not _BASH_COMPLETION.exists())
    if missing and "CI" not in os.environ:
        pytest.skip(f"{name} is not installed, or what it completes with")
    environ = {
        **{"HOME": str(home), "ZDOTDIR": str(home), "LC_ALL": "C.UTF-8"},
        **{"XDG_DATA_HOME": str(home / "data"), "XDG_CONFIG_HOME": str(home / "config")},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        # However slow the machine is, there is time for an answer.
        "AMPCTL_COMPLETION_TIMEOUT": "20s",
        **variables,
    }
    path, text = _SETTINGS[name]
    (home / path).parent.mkdir(parents=True, exist_ok=True)
    (home / path).write_text(text.replace("{home}", str(home)))
    ours = [sys.executable, "-m", "ampctl", "completion", name, "--install"]
    command = [part.format(home=home) for part in _COMMANDS[name]]
    with contextlib.ExitStack() as stack:
        # What a TAB runs is tried in other tests as well, and to measure it takes long.
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for measuring in [key for key in os.environ if key.startswith("COVERAGE_")]:
            patch.delenv(measuring)
        subprocess.run(ours, env={**os.environ, **environ}, check=True, capture_output=True)
        options = {"columns": _COLUMNS, "environ": environ, "cwd": home}
        yield Shell(stack.enter_context(person_at(command, **options)), name, home)
