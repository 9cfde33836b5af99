"""Real shells on a terminal with a screen, at which a person types."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pexpect
import pyte
import pytest

DEADLINE_S = 30.0
_COLUMNS, _ROWS = 100, 40
_PROMPT = "ready>"

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


class Shell:
    """A shell at work, and what its screen shows.

    Args:
        name: which one.
        home: the home folder, set up for it.
        environ: its variables.
    """

    def __init__(self, name: str, home: Path, environ: dict[str, str]) -> None:
        self.name = name
        self.home = home
        self._screen = pyte.Screen(_COLUMNS, _ROWS)
        self._stream = pyte.ByteStream(self._screen)
        command, *arguments = (part.format(home=home) for part in _COMMANDS[name])
        self._child = pexpect.spawn(
            command, arguments, env=environ, cwd=str(home), dimensions=(_ROWS, _COLUMNS)
        )
        self._child.delaybeforesend = None
        self.wait_until(lambda: self.line == _PROMPT)

    @property
    def lines(self) -> list[str]:
        """What the screen shows, without blank lines."""
        return [line.rstrip() for line in self._screen.display if line.strip()]

    @property
    def line(self) -> str:
        """The line of the cursor, up to it."""
        return self._screen.display[self._screen.cursor.y][: self._screen.cursor.x].rstrip()

    def type(self, text: str) -> None:
        """Type ``text``; ``\\t`` is TAB."""
        self._child.send(text)

    def see(self, *texts: str) -> None:
        """Look at the screen until it shows all of the texts."""
        self.wait_until(lambda: all(any(text in line for line in self.lines) for text in texts))

    def see_line(self, text: str) -> None:
        """Look at the screen until the line at the cursor is ``text``."""
        self.wait_until(lambda: self.line == f"{_PROMPT} {text}".rstrip())

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Look at the screen until it is as expected."""
        while not is_so():
            try:
                self._stream.feed(self._child.read_nonblocking(65536, timeout=DEADLINE_S))
            except (pexpect.TIMEOUT, pexpect.EOF) as error:
                shown = "\n".join(self.lines)
                raise AssertionError(f"nothing more happens; the screen:\n{shown}") from error

    def run(self, command: str) -> None:
        """Run a command of the shell, and wait for its end."""
        self.clear()
        self.type(f"{command}; echo do''ne\r")
        self.see("done")
        self.clear()

    def clear(self) -> None:
        """Give up the line, and begin again at the top of an empty screen."""
        self.type("\x05\x15")
        self.type("\x0c")
        self.wait_until(lambda: self.lines == [_PROMPT] and self.line == _PROMPT)

    def close(self) -> None:
        """End the shell."""
        self._child.close(force=True)


@contextlib.contextmanager
def running_shell(name: str, home: Path, **variables: str) -> Iterator[Shell]:
    """Start a shell for which the completion was installed, with a home folder of its own."""
    missing = shutil.which(name) is None or (name == "bash" and not _BASH_COMPLETION.exists())
    if missing and "CI" not in os.environ:
        pytest.skip(f"{name} is not installed, or what it completes with")
    environ = {
        **{key: text for key, text in os.environ.items() if not key.startswith("COVERAGE_")},
        **{"HOME": str(home), "ZDOTDIR": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8"},
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
    subprocess.run(ours, env=environ, check=True, capture_output=True)
    shell = Shell(name, home, environ)
    try:
        yield shell
    finally:
        shell.close()
