"""The first lines of the screen: where, when, and what is counted."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from ampctl.plugin import Drawing
from ampctl_job.appearance import mark_status
from ampctl_job.top import rows
from ampctl_job.top.deployment import Deployment

_BOLD, _ALARM = "1", "1;31"


class Heading:
    """Draws what stands above all else.

    Args:
        deployment: what is known.
        drawing: draws.
        place: the server.
    """

    def __init__(self, deployment: Deployment, drawing: Drawing, place: str) -> None:
        self._deployment = deployment
        self._drawing = drawing
        self._place = place

    def draw(self, what: str, outage: str, width: int, now: datetime.datetime) -> Iterator[str]:
        """Yield the lines.

        Args:
            what: is shown below.
            outage: how old all of it is, and why; empty while the server answers.
            width: of the screen.
            now: the present moment.
        """
        at = f"{now.astimezone(datetime.UTC):%H:%M:%S} UTC"
        draw = self._drawing
        for line in draw.wrap(f"job top, {self._place}, {at}: {what}", width):
            yield draw.paint(line, _BOLD)
        for line in draw.wrap(outage, width):
            yield draw.paint(line, _ALARM)
        yield from draw.flow(self._count_jobs(), width)
        yield from self._count_workers(width, now)
        yield from self._count_datasets(width)

    def _count_jobs(self) -> Sequence[str]:
        known = self._deployment
        counts = [
            self._drawing.mark(f"{count:,} {status}", mark_status(status))
            for status, count in known.count_statuses()
        ]
        if not counts:
            return ["no such jobs" if known.is_listed else "the jobs are being listed"]
        if known.is_cut:
            counts.append("of the newest")
        return counts

    def _count_workers(self, width: int, now: datetime.datetime) -> Iterator[str]:
        workers = self._deployment.workers
        if workers is None:
            return
        dead = [worker for worker in workers if not worker.is_alive(now)]
        text = f"workers: {len(workers) - len(dead):,} alive"
        if dead:
            names = [f"{one.node_id} ({rows.show_beat(one, now).human_readable()})" for one in dead]
            text += f", {len(dead):,} dead: {', '.join(names)}"
        yield self._drawing.paint(self._drawing.cut(text, width), _ALARM if dead else "")

    def _count_datasets(self, width: int) -> Iterator[str]:
        counted = rows.count_datasets(self._deployment.jobs.values())
        names = [
            f"{row.name or 'unnamed'} {row.jobs:,}"
            + (f" ({row.failed:,} failed)" if row.failed else "")
            for row in counted
        ]
        if names:
            yield self._drawing.cut(f"datasets: {', '.join(names)}", width)
