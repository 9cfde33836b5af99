"""What a server sent otherwise than documented: it is shown all the same, and said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ampctl.plugin import Console
from ampctl_job.models import Job

_MOST = 5


def warn_of(job_id: int, oddities: Sequence[str], console: Console) -> None:
    """Say what is odd about a job, if anything is."""
    if oddities:
        console.warn(f"job {job_id} is not as documented: {', '.join(oddities)}")


def warn_of_each(jobs: Iterable[Job], console: Console) -> Iterator[Job]:
    """Yield the jobs, and say what is odd about the first few; then how many more there are."""
    count = 0
    for job in jobs:
        if job.oddities:
            count += 1
            if count <= _MOST:
                warn_of(job.id, job.oddities, console)
        yield job
    if count > _MOST:
        console.warn(f"{count - _MOST:,} more of these jobs are not as documented")
