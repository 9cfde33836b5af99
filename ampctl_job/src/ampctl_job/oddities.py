"""What a server sent otherwise than documented: it is shown all the same, and said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ampctl.plugin import Console
from ampctl_job.ordinary import find_odd

if TYPE_CHECKING:
    from ampctl_job.models import Job

_MOST = 5


def warn_of(job_id: int, oddities: Sequence[str], console: Console) -> None:
    """Say what is odd about a job, if anything is."""
    if oddities:
        console.warn(f"job {job_id} is not as documented: {', '.join(oddities)}")


def warn_of_each(pages: Iterable[Sequence[Job]], console: Console) -> Iterator[Sequence[Job]]:
    """Yield the pages, and say what is odd about the first few jobs; then how many more there are.

    What is odd about a page is said before its rows are written.
    """
    count = 0
    for jobs in pages:
        for job in find_odd(jobs):
            count += 1
            if count <= _MOST:
                warn_of(job.id, job.oddities, console)
        yield jobs
    if count > _MOST:
        console.warn(f"{count - _MOST:,} more of these jobs are not as documented")
