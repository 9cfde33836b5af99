"""``worker list``."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

from ampctl.plugin import Lister, Timestamp
from ampctl_worker.api import Workers


class ListWorkers(Lister):
    """List the worker nodes."""

    column_names = ("node_id", "heartbeat_at")
    examples = ("ampctl worker list", "ampctl worker ls -f json")

    def take_action(
        self, parsed_args: argparse.Namespace
    ) -> tuple[Sequence[str], Iterable[Sequence[Any]]]:
        """Read the workers."""
        now = self.runtime.now()
        return self.column_names, [
            (worker["node_id"], Timestamp(worker["heartbeat_at"], now))
            for worker in Workers(self.client).list()
        ]
