"""``worker list``."""

from __future__ import annotations

import argparse

from ampctl.plugin import Answer, Column, Lister, Timestamp
from ampctl_worker.api import Worker, Workers


class ListWorkers(Lister):
    """List the worker nodes."""

    columns = (
        Column("node_id", lambda worker, now: worker["node_id"]),
        Column("heartbeat_at", lambda worker, now: Timestamp(worker["heartbeat_at"], now)),
    )
    only_reads = True
    examples = ("ampctl worker list", "ampctl worker ls -f json")

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[Worker]:
        """Read the workers."""
        return Answer(Workers(self.client).list())
