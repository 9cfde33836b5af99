"""The screen as lines: what is known, in the room that there is."""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections.abc import Sequence

from ampctl.plugin import Drawing
from ampctl_job import columns
from ampctl_job.diagnosis import advise, make_fault
from ampctl_job.models import Job
from ampctl_job.tables import TableRow
from ampctl_job.top import rows, view
from ampctl_job.top.deployment import Deployment
from ampctl_job.top.heading import Heading
from ampctl_job.top.view import View

_HEADER_LINES = 2
# On a low screen the counts go first: where it is, and of when, is always said.
_LEAST_HEAD, _LEAST_BODY = 2, 5
_MOST_OF_MESSAGE = 4
_BOLD = "1"
_ARROWS = ("↑↓", "up/down")


class Picture:
    """Draws the screen.

    Args:
        deployment: what is known.
        seen: what a person looks at.
        drawing: draws tables.
        place: the server.

    Attributes:
        visible: the jobs that were on the screen when it was last drawn.
        outage: since when nothing is known, and why; empty while the server answers.
    """

    def __init__(self, deployment: Deployment, seen: View, drawing: Drawing, place: str) -> None:
        self._deployment = deployment
        self._view = seen
        self._drawing = drawing
        self._heading = Heading(deployment, drawing, place)
        self.visible: Sequence[Job] = ()
        self.outage = ""

    def draw(
        self, jobs: Sequence[Job], size: os.terminal_size, now: datetime.datetime
    ) -> list[str]:
        """Return the lines, as many as there is room for.

        Args:
            jobs: those that are shown, in order.
            size: the room.
            now: the present moment.
        """
        what = self._name_content(len(jobs))
        head = [*self._heading.draw(what, self.outage, size.columns, now), ""]
        foot = self._draw_foot(size.columns)
        while len(head) > _LEAST_HEAD and size.lines - len(head) - len(foot) < _LEAST_BODY:
            head.pop()
        room = size.lines - len(head) - len(foot)
        body = self._draw_body(jobs, size.columns, room, now)[: max(0, room)]
        return [*head, *body, *[""] * (room - len(body)), *foot][: size.lines]

    def _name_content(self, count: int) -> str:
        """Return what is shown, in words."""
        seen = self._view
        if seen.screen == view.JOBS:
            scope = f"{len(self._deployment.jobs):,} {self._deployment.scope or 'jobs'}"
            narrowed = "" if seen.shown == rows.ALL else f"{count:,} {seen.shown} of "
            return f"{narrowed}{scope}, order: {seen.order}"
        of_one = seen.screen in view.OF_ONE_JOB
        return f"{seen.screen} job {seen.selected}" if of_one else seen.screen

    def _draw_body(
        self, jobs: Sequence[Job], width: int, room: int, now: datetime.datetime
    ) -> list[str]:
        seen = self._view
        self.visible = ()
        if seen.screen == view.JOBS:
            return self._draw_jobs(jobs, width, room, now)
        job = self.find_detailed()
        if seen.screen in view.OF_ONE_JOB:
            lines = self._draw_job(job, width, now) if job else ["The job is not there any more."]
        elif seen.screen == view.DATASETS:
            counted = rows.count_datasets(self._deployment.jobs.values())
            lines = self._drawing.draw_list(rows.DATASETS, counted, now, width)
        else:
            counted_too = rows.count_workers(self._deployment)
            lines = self._drawing.draw_list(rows.WORKERS, counted_too, now, width)
        return [lines[at] for at in seen.fit(len(lines), room)]

    def find_detailed(self) -> Job | None:
        """Return the job that all is shown of, if there is one."""
        selected = self._view.selected
        if self._view.screen not in view.OF_ONE_JOB or selected is None:
            return None
        return self._deployment.jobs.get(selected)

    def _draw_jobs(
        self, jobs: Sequence[Job], width: int, room: int, now: datetime.datetime
    ) -> list[str]:
        shown = self._view.fit(len(jobs), room - _HEADER_LINES)
        self.visible = [jobs[at] for at in shown]
        selected = self._view.selected
        made = [rows.make_job_row(self._deployment, job, selected) for job in self.visible]
        table = rows.list_job_columns(width, is_ascii=self._drawing.is_ascii)
        lines = self._drawing.draw_list(table, made, now, width)
        for at, row in enumerate(made, _HEADER_LINES):
            if row.is_selected:
                lines[at] = self._drawing.select(lines[at])
        return lines

    def _draw_job(self, job: Job, width: int, now: datetime.datetime) -> list[str]:
        if self._view.screen == view.EVENTS:
            events = self._deployment.find_events(job)
            if not events:
                return ["Its events are being read."]
            return self._drawing.draw_list(columns.LOG, events, now, width)
        job = self._explain(job)
        table = rows.OF_FAILED if job.is_failed else rows.OF_HEALTHY
        lines = self._drawing.wrap(advise(job, now), width)
        lines += ["", *self._drawing.draw_one(table, job, now, width)]
        if tables := self._list_tables(job):
            lines += ["", *self._drawing.draw_list(columns.PROGRESS, tables, now, width)]
        return lines

    def _explain(self, job: Job) -> Job:
        """Return a job with all that is known of it."""
        known, log = self._deployment, self._deployment.find_log(job)
        progress = known.find_progress(job) if known.explains_failure(job) else None
        detail = progress.detail if progress else None
        job = dataclasses.replace(job, log=log, worker=known.find_worker(job))
        if not job.is_failed:
            return job
        return dataclasses.replace(job, fault=make_fault(job, detail, log))

    def _list_tables(self, job: Job) -> list[TableRow]:
        progress = self._deployment.find_progress(job)
        if progress is None:
            return []
        return [
            TableRow(name, progress.tables[name], job.end_block) for name in sorted(progress.tables)
        ]

    def _list_keys(self, width: int) -> list[str]:
        draw, arrows = self._drawing, _ARROWS[self._drawing.is_ascii]
        names = [(arrows if key == _ARROWS[0] else key, what) for key, what in self._view.keys]
        return draw.flow([f"{draw.paint(name, _BOLD)} {what}" for name, what in names], width)

    def _draw_foot(self, width: int) -> list[str]:
        draw, seen = self._drawing, self._view
        if seen.question:
            return [draw.paint(line, _BOLD) for line in draw.wrap(seen.question, width)]
        return [*self._list_keys(width), *draw.wrap(seen.message, width)[:_MOST_OF_MESSAGE]]
