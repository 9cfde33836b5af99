"""``worker inspect``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from ampctl.plugin import Answer, ShowOne, completes
from ampctl_worker.api import WorkerNode, Workers
from ampctl_worker.arguments import add_jobs_options, choose_jobs, offer_workers
from ampctl_worker.columns import INSPECT, JOBS


class InspectWorker(ShowOne):
    """Show everything about worker nodes.

    In a pipe, without a format asked for, this prints the API's own JSON.
    """

    columns = INSPECT
    json_in_pipes = True
    only_reads = True
    examples = (
        "ampctl worker inspect worker-1",
        "ampctl worker get worker-1 worker-2 --jobs -f yaml",
        "ampctl worker inspect worker-1 | jq .info.version",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the workers to show, and the jobs to count."""
        parser = super().get_parser(prog_name)
        ids = parser.add_argument("node_ids", nargs="+", metavar="ID", help="a worker's node id")
        completes(ids, offer_workers)
        add_jobs_options(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[WorkerNode]:
        """Read the workers, and count their jobs if that is asked for."""
        status = choose_jobs(self, parsed_args)
        api = Workers(self.client)
        ids = list(dict.fromkeys(parsed_args.node_ids))
        workers: Sequence[WorkerNode] = self.for_each(ids, api.get, concurrent=True)
        if status and workers:
            workers = api.count_jobs(workers, status)
        columns = [column for column in INSPECT if status or column is not JOBS]
        is_list = len(ids) > 1
        return Answer(workers, columns=columns, document=lambda one: one.document, is_list=is_list)
