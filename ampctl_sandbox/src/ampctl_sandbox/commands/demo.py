"""``ampctl sandbox demo``."""

from __future__ import annotations

import argparse
import dataclasses
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import ClassVar

from ampctl.plugin import AmpError, Command
from ampctl_job.models import Status
from ampctl_sandbox.database.queries import find_page
from ampctl_sandbox.database.store import Store
from ampctl_sandbox.sandbox import live_sandbox

_JOBS = 60
_SPEED = 4.0
_STEP_TIMEOUT_S = 60
_GO_ON = """
That was the tour. To go on by yourself:

  ampctl sandbox up --jobs 200   in one terminal, which keeps a sandbox running
  ampctl job top                 in another one: all of it on one screen
  ampctl                         or a shell on it, where Tab completes
"""


@dataclasses.dataclass(frozen=True)
class Step:
    """A step of the tour.

    Attributes:
        why: what it is for.
        words: the words of the command; ``{}`` is replaced by the id of a job.
        status: the status of that job; None for the job of the step before.
        pipe: a command that the output is piped into, if it is installed.
    """

    why: str
    words: str
    status: Status | None = Status.RUNNING
    pipe: Sequence[str] = ()


TOUR: Sequence[Step] = (
    Step("Jobs that are active now, newest first.", "job list --limit 5"),
    Step("What went wrong lately?", "job list --status failed --limit 5"),
    Step("All about one job, and why it failed.", "job inspect -f table {}", Status.FATAL),
    Step("Several at once: ids, and ranges of them.", "job inspect 40-43 -f csv -c id -c status"),
    Step("How far is a job?", "job progress {}"),
    Step("What has happened to a job?", "job events {}", Status.COMPLETED),
    Step("Stop it, and see that through.", "job stop {} --wait --interval 200ms"),
    Step("Ask for a stop only ...", "job stop {}"),
    Step(
        "... and wait in a script: the exit code says what became of it.",
        "job wait {} --for finished --timeout 30s --interval 200ms",
        status=None,
    ),
    Step("Remove a finished job.", "job rm {}", Status.COMPLETED),
    Step("What would a prune take?", "job prune --status stopped --dry-run"),
    Step("Remove all that were stopped.", "job prune --status stopped --yes"),
    Step(
        "For scripts: the API's own JSON.",
        "job list --limit 3 --json",
        pipe=("jq", "-c", ".jobs[] | {id, status, node_id}"),
    ),
    Step("And for a spreadsheet.", "job list --status completed --limit 4 -f csv"),
)


class RunDemo(Command):
    """Show what ampctl does: a sandbox with jobs, and a tour of the commands.

    The sandbox is in a temporary folder, listens on a free port of this machine, and is
    removed when the tour ends.
    """

    examples: ClassVar[Sequence[str]] = ("ampctl sandbox demo",)

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Run the tour."""
        with live_sandbox(jobs=_JOBS, workers=True, speed=_SPEED) as sandbox:
            environ = self._make_environ(sandbox.url)
            self._print(f"A sandbox with {_JOBS} jobs is at {sandbox.url}.\n")
            job_id = 0
            for step in TOUR:
                if step.status:
                    job_id = _find_job(sandbox.store, step.status)
                self._show(step, job_id, environ)
        self._print(_GO_ON)

    def _make_environ(self, url: str) -> Mapping[str, str]:
        ours = ("AMP_AUTH_TOKEN", "AMP_CONTEXT", "AMP_CA_FILE")
        kept = {name: text for name, text in self.runtime.environ.items() if name not in ours}
        return {**kept, "AMP_ADMIN_URL": url}

    def _show(self, step: Step, job_id: int, environ: Mapping[str, str]) -> None:
        words = step.words.format(job_id)
        pipe = step.pipe if step.pipe and shutil.which(step.pipe[0]) else ()
        line = f"ampctl {words}" + (f" | {shlex.join(pipe)}" if pipe else "")
        self._print(f"\n# {step.why}\n$ {line}\n")
        codes = _run([sys.executable, "-m", "ampctl", *shlex.split(words)], pipe, environ)
        if any(codes):
            raise AmpError(f"`{line}` ended with exit code {max(codes)}")

    def _print(self, text: str) -> None:
        # Flushed, since the next lines are written by another process.
        self.app.stdout.write(text)
        self.app.stdout.flush()


def _find_job(store: Store, status: Status) -> int:
    """Return the newest job in ``status``, or just the newest if the workers left none."""
    rows = store.read(find_page, limit=1, statuses=[status]) or store.read(find_page, limit=1)
    return rows[0].id


def _run(command: Sequence[str], pipe: Sequence[str], environ: Mapping[str, str]) -> Sequence[int]:
    if not pipe:
        done = subprocess.run(command, env=environ, timeout=_STEP_TIMEOUT_S, check=False)  # noqa: S603
        return [done.returncode]
    with (
        subprocess.Popen(command, env=environ, stdout=subprocess.PIPE) as source,  # noqa: S603
        subprocess.Popen(pipe, env=environ, stdin=source.stdout) as sink,  # noqa: S603
    ):
        assert source.stdout is not None
        source.stdout.close()
        return [sink.wait(_STEP_TIMEOUT_S), source.wait(_STEP_TIMEOUT_S)]
