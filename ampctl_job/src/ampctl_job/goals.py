"""What can be waited for, and what a job's status means for it."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from ampctl.plugin import suggest_similar
from ampctl_job.arguments import parse_block
from ampctl_job.models import ANY_FAILED, ANY_TERMINAL, STOPPING, Job, Status

if TYPE_CHECKING:
    from ampctl_job.details import JobProgress

REACHED, FAILED, UNREACHABLE = "reached", "failed", "unreachable"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Goal:
    """What is waited for.

    Attributes:
        word: how a job is then, to be read after "to be": ``stopped``.
        reached: the statuses in which it is reached.
        lost: those in which it can't be reached any more, beside those of a failed job.
        block: the block up to which all tables must be synced; None if the status alone counts.
        is_deletion: whether a job that is not there any more is what is waited for.
        fails_on_error: whether a failure counts that the controller will try to make good.
        ends_at_deploy: whether a job that is deployed again is lost.
    """

    word: str
    reached: Collection[str] = ()
    lost: Collection[str] = ()
    block: int | None = None
    is_deletion: bool = False
    fails_on_error: bool = False
    ends_at_deploy: bool = False

    def judge(self, status: str, *, is_retried: bool) -> str | None:
        """Return the result that a status means; None while it goes on.

        Args:
            status: of the job, at any moment.
            is_retried: whether the controller scheduled, or schedules, the job again from there.
        """
        if status in self.reached:
            return REACHED
        if self.is_deletion:
            return None
        if status in ANY_FAILED:
            return FAILED if self.fails_on_error or not is_retried else None
        return UNREACHABLE if status in self.lost else None

    def is_synced(self, progress: JobProgress) -> bool:
        """Tell whether all tables are synced up to the block."""
        blocks = [table.current_block for table in progress.tables.values()]
        return bool(blocks) and all(
            block is not None and self.block is not None and block >= self.block for block in blocks
        )

    def find_obstacle(self, job: Job) -> str | None:
        """Return why a job can never come to it, whatever its status will be."""
        if not job.is_active or job.descriptor is None or job.kind is None:
            return None
        if self.reached == (Status.COMPLETED,) and job.end_block is None:
            return "it has no end block, so it never completes"
        end = job.end_block or ""
        if self.block is not None and end.isascii() and end.isdigit() and int(end) < self.block:
            return f"it ends at block {end}"
        return None


_ENDED = (Status.COMPLETED, Status.STOPPED)

GOALS: Mapping[str, Goal] = {
    goal.word: goal
    for goal in (
        Goal(word="completed", reached=(Status.COMPLETED,), lost=(*STOPPING, Status.STOPPED)),
        Goal(word="stopped", reached=(Status.STOPPED,), lost=(Status.COMPLETED,)),
        Goal(word="finished", reached=_ENDED),
        Goal(word="running", reached=(Status.RUNNING,), lost=(*STOPPING, *_ENDED)),
        Goal(word="deleted", is_deletion=True),
    )
}
STOP = Goal(word="stopped", reached=_ENDED, fails_on_error=True, ends_at_deploy=True)
END = Goal(word="finished", reached=ANY_TERMINAL, ends_at_deploy=True)

_BLOCK = "block="


def parse_goal(text: str) -> Goal:
    """Read what to wait for: a word of :data:`GOALS`, or ``block=N``."""
    word = text.strip().lower()
    if word.startswith(_BLOCK):
        block = parse_block(word.removeprefix(_BLOCK))
        return Goal(word=f"at block {block}", block=block, lost=_ENDED)
    if word not in GOALS:
        valid = (*GOALS, f"{_BLOCK}N")
        raise argparse.ArgumentTypeError(
            f"{text!r} can't be waited for; valid are {', '.join(valid)}"
            f"{suggest_similar(word, valid)}"
        )
    return GOALS[word]
