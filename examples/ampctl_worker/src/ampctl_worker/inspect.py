"""``worker inspect``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from ampctl.plugin import Json, ShowOne, Timestamp
from ampctl_worker.api import Workers


class InspectWorker(ShowOne):
    """Show everything about a worker node."""

    column_names = ("node_id", "heartbeat_at", "created_at", "registered_at", "info")
    examples = ("ampctl worker inspect worker-1", "ampctl worker get worker-1 -f yaml")

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Declare which worker to show."""
        parser = super().get_parser(prog_name)
        parser.add_argument("node_id", metavar="ID", help="a worker's node id")
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> tuple[Sequence[str], Iterable[Any]]:
        """Read the worker."""
        now = self.runtime.now()
        worker = Workers(self.client).get(parsed_args.node_id)
        return self.column_names, (
            worker["node_id"],
            Timestamp(worker["heartbeat_at"], now),
            Timestamp(worker["created_at"], now),
            Timestamp(worker["registered_at"], now),
            Json(worker["info"]),
        )
