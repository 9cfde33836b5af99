"""The sandbox as a process of its own."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import requests


def ampctl(*argv: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a command line to its end."""
    command = [sys.executable, "-m", "ampctl", *argv]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)


class Up:
    """A sandbox that said where it is; ``said`` is all that it said, ``line`` the last of it."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr is not None
        self.process = process
        self.said: list[str] = []
        for self.line in process.stderr:
            self.said.append(self.line.rstrip("\n"))
            found = re.search(r"AMP_ADMIN_URL=(\S+)", self.line)
            if found:
                self.url = found[1]
                return
        raise AssertionError(self.said)

    def get(self, path: str, **options: Any) -> requests.Response:
        """Send a GET."""
        return requests.get(self.url + path, timeout=30, **options)


@contextlib.contextmanager
def up(*argv: str, environ: Mapping[str, str] | None = None) -> Iterator[Up]:
    """Run ``ampctl sandbox up`` on a free port, without jobs, until the block ends."""
    command = [sys.executable, "-m", "ampctl", "sandbox", "up", "--port", "0", "--jobs", "0", *argv]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environ or {})}
    )
    try:
        yield Up(process)
    finally:
        process.kill()
        process.communicate()
