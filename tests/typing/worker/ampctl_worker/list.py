"""``worker list``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from ampctl.output.cells import Timestamp
from ampctl.plugin import Lister
from ampctl.times import parse_timestamp


class ListWorkers(Lister):
    """List the worker nodes."""

    column_names = ("node_id", "heartbeat_at")
    examples = ("ampctl worker list", "ampctl worker ls -f json")

    def take_action(
        self, parsed_args: argparse.Namespace
    ) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
        """Fetch the workers."""
        now = self.runtime.now()
        workers = self.client.get("workers", doing="list workers").document["workers"]
        return self.column_names, [
            (worker["node_id"], Timestamp(parse_timestamp(worker["heartbeat_at"]), now))
            for worker in workers
        ]
