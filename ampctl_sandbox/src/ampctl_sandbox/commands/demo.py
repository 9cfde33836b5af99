"""``ampctl sandbox demo``."""

from __future__ import annotations

import argparse
import dataclasses
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from ampctl.plugin import AmpError, Command
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.testing import live_sandbox

_JOBS = 60
_SPEED = 4.0
_STEP_TIMEOUT_S = 60


@dataclasses.dataclass(frozen=True)
class _Step:
    """What the tour shows next: why, and the command, possibly piped into another."""

    why: str
    words: str
    filter: Sequence[str] = ()

    @property
    def shown(self) -> str:
        line = f"ampctl {self.words}"
        return f"{line} | {shlex.join(self.filter)}" if self.filter else line


class RunDemo(Command):
    """Show what ampctl does: a sandbox with jobs, and a tour of the commands.

    The sandbox lives in a temporary folder, listens on a free port of this machine, and is
    gone when the tour ends.
    """

    examples: ClassVar[Sequence[str]] = ("ampctl sandbox demo",)

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the tour."""
        with live_sandbox(jobs=_JOBS, workers=True, speed=_SPEED) as sandbox:
            environ = self._environ(sandbox.url)
            self._print(f"A sandbox with {_JOBS} jobs is at {sandbox.url}.\n")
            for make_step in _TOUR:
                self._show(make_step(sandbox.store), environ)
        self._print("That was the tour. `ampctl sandbox up --jobs 200` keeps a sandbox running.\n")

    def _environ(self, url: str) -> Mapping[str, str]:
        ours = ("AMP_AUTH_TOKEN", "AMP_CONTEXT", "AMP_CA_FILE")
        kept = {name: text for name, text in self.runtime.environ.items() if name not in ours}
        return {**kept, "AMP_ADMIN_URL": url}

    def _show(self, step: _Step, environ: Mapping[str, str]) -> None:
        self._print(f"\n# {step.why}\n$ {step.shown}\n")
        command = [sys.executable, "-m", "ampctl", *shlex.split(step.words)]
        codes = _run(command, step.filter, environ)
        if any(codes):
            raise AmpError(f"`{step.shown}` ended with exit code {max(codes)}")

    def _print(self, text: str) -> None:
        # Flushed, since the next lines are written by another process.
        self.runtime.stdout.write(text)
        self.runtime.stdout.flush()


def _run(command: Sequence[str], then: Sequence[str], environ: Mapping[str, str]) -> Sequence[int]:
    if not then:
        done = subprocess.run(command, env=environ, timeout=_STEP_TIMEOUT_S, check=False)  # noqa: S603
        return [done.returncode]
    with (
        subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as source,  # noqa: S603
        subprocess.Popen(then, env=environ, stdin=source.stdout) as sink,  # noqa: S603
    ):
        assert source.stdout is not None
        source.stdout.close()
        return [sink.wait(_STEP_TIMEOUT_S), source.wait(_STEP_TIMEOUT_S)]


def _job_in(store: Store, status: str) -> int:
    """Return the newest job in ``status``, or just the newest if the workers left none."""
    rows = store.page(limit=1, statuses=[status]) or store.page(limit=1)
    return rows[0].id


def _fixed(why: str, words: str) -> Callable[[Store], _Step]:
    return lambda _: _Step(why, words)


def _about(why: str, words: str, status: str) -> Callable[[Store], _Step]:
    return lambda store: _Step(why, words.format(_job_in(store, status)))


def _json(store: Store) -> _Step:
    jq = shutil.which("jq")
    if jq is None:
        return _Step("For scripts: the API's own JSON.", "job list --limit 1 --json")
    words = ("jq", "-c", ".jobs[] | {id, status, node_id}")
    return _Step("For scripts: the API's own JSON.", "job list --limit 3 --json", words)


_TOUR: Sequence[Callable[[Store], _Step]] = (
    _fixed("Jobs that are active now, newest first.", "job list --limit 5"),
    _fixed("Jobs in any state.", "job list --status all --limit 8"),
    _fixed("What went wrong lately?", "job list --status failed --limit 5"),
    _about("All about one job.", "job inspect -f table {}", "FATAL"),
    _about("How far is a job?", "job progress {}", "RUNNING"),
    _about("What has happened to a job?", "job events {}", "COMPLETED"),
    _about("Ask it to stop.", "job stop {}", "RUNNING"),
    _about("Remove a finished job.", "job rm {}", "COMPLETED"),
    _fixed("Remove all that were stopped.", "job prune --status stopped --yes"),
    _json,
    _fixed("And for a spreadsheet.", "job list --status completed --limit 4 -f csv"),
)
