"""``worker inspect``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from ampctl.plugin import (
    Answer,
    Candidate,
    Column,
    CompletionQuery,
    Json,
    ShowOne,
    Timestamp,
    completes,
    format_age,
)
from ampctl_worker.api import Worker, Workers


class InspectWorker(ShowOne):
    """Show everything about a worker node."""

    columns = (
        Column("node_id", lambda worker, now: worker["node_id"]),
        Column("heartbeat_at", lambda worker, now: Timestamp(worker["heartbeat_at"], now)),
        Column("created_at", lambda worker, now: Timestamp(worker["created_at"], now)),
        Column("registered_at", lambda worker, now: Timestamp(worker["registered_at"], now)),
        Column("info", lambda worker, now: Json(worker["info"])),
    )
    only_reads = True
    examples = ("ampctl worker inspect worker-1", "ampctl worker get worker-1 -f yaml")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the worker to show."""
        parser = super().get_parser(prog_name)
        node_id = parser.add_argument("node_id", metavar="ID", help="a worker's node id")
        completes(node_id, _offer_workers)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Worker]:
        """Read the worker."""
        return Answer([Workers(self.client).get(parsed_args.node_id)])


def _offer_workers(query: CompletionQuery) -> Iterator[Candidate]:
    for worker in Workers(query.client).list():
        seen = format_age(worker["heartbeat_at"], query.now)
        yield Candidate(worker["node_id"], f"seen {seen}")
