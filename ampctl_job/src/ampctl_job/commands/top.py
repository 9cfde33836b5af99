"""``job top``."""

from __future__ import annotations

import argparse

from ampctl.plugin import Command, FullScreen, UsageError, completes, offer_list, parse_duration
from ampctl_job.api import Jobs
from ampctl_job.arguments import (
    FILTER_WORDS,
    describe_statuses,
    parse_status_filter,
    unite_filters,
)
from ampctl_job.filter_options import add_filters, read_filter
from ampctl_job.top.deployment import Deployment
from ampctl_job.top.loop import Loop
from ampctl_job.top.schedule import Schedule

_INTERVAL_S = 1.0
_STATUS = "active,failed"


class WatchDeployment(Command):
    """Show the whole deployment on one screen, and keep it up to date.

    Jobs with their speed, age and fault, counted by status and by dataset, and the workers with
    their last sign of life. Keys choose a job to inspect, to follow, to stop and to remove; those
    are shown, and q leaves. The server is asked one thing a second at most, so that speeds and
    faults fill in one after the other, those of the jobs on the screen first. Outages of the
    server are ridden out.
    """

    examples = (
        "ampctl job top",
        "ampctl job top --status all --dataset eth_mainnet/blocks",
        "ampctl job top --worker worker-eu-1 --interval 5s",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to show."""
        parser = super().get_parser(prog_name)
        statuses = parser.add_argument(
            "-s",
            "--status",
            action="append",
            type=parse_status_filter,
            metavar="STATUS",
            help="active, terminal, failed, all, or statuses separated by commas"
            " (default: active and failed)",
        )
        completes(statuses, offer_list(FILTER_WORDS))
        add_filters(parser)
        parser.add_argument(
            "--interval",
            type=parse_duration,
            default=_INTERVAL_S,
            metavar="TIME",
            help="the time between an answer and the next request, 1s or more (default: 1s)",
        )
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> None:
        """Show the screen until the person leaves."""
        screen = FullScreen(self.console, self.runtime)
        if not screen.can_open:
            raise UsageError(
                "job top needs a terminal for input and output, and not a dumb one",
                hint="`ampctl job list --watch`, with -f jsonl for a program",
            )
        if parsed_args.interval < _INTERVAL_S:
            raise UsageError("--interval can't be below a second")
        status = unite_filters(parsed_args.status or [_STATUS])
        deployment = Deployment(read_filter(parsed_args), _describe(status))
        schedule = Schedule(Jobs(self.client), status, deployment, self.runtime)
        with screen:
            Loop(self, screen, schedule, deployment).run(parsed_args.interval)


def _describe(status: str) -> str:
    """Return which jobs are listed, in words; empty for all."""
    if status == unite_filters([_STATUS]):
        return "active and failed"
    return describe_statuses(status)
