"""The program as a process of its own, against a sandbox that is a server of its own."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ampctl_sandbox.testing import Sandbox, live_sandbox

Shell = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """A sandbox without jobs."""
    with live_sandbox() as sandbox:
        yield sandbox


def process_environment(**variables: str) -> dict[str, str]:
    """Return the environment for a process that does not see this machine's settings."""
    return {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        **variables,
    }


@pytest.fixture
def run(request: pytest.FixtureRequest) -> Shell:
    """Run a line of shell in which ``ampctl`` is the program under test."""
    variables = {}
    if "sandbox" in request.fixturenames:
        variables["AMP_ADMIN_URL"] = request.getfixturevalue("sandbox").url

    def run(line: str, *, expect: int = 0, **environ: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [
                "bash",
                "-o",
                "pipefail",
                "-c",
                f'ampctl() {{ {shlex.quote(sys.executable)} -m ampctl "$@"; }}; {line}',
            ],
            capture_output=True,
            text=True,
            timeout=60,
            env=process_environment(**variables, **environ),
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == expect, done
        assert "Traceback" not in done.stderr
        assert "Exception ignored" not in done.stderr
        return done

    return run
