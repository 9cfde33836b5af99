"""``worker list``."""

from __future__ import annotations

import argparse
import collections
import dataclasses
from collections.abc import Sequence

from ampctl.plugin import Answer, Lister, NotFoundError
from ampctl_worker.api import WorkerNode, Workers
from ampctl_worker.arguments import add_jobs_options, choose_jobs
from ampctl_worker.columns import DIFFERS, JOBS, LIST, VERSION, read_info


class ListWorkers(Lister):
    """List the worker nodes, the one that registered last first.

    A worker is dead if its last beat is five seconds old. To know the versions costs a request
    for each worker; -c node_id -c state does without.
    """

    columns = LIST
    only_reads = True
    examples = (
        "ampctl worker list",
        "ampctl worker ls -c node_id -c state",
        "ampctl worker list --jobs --sort-column jobs",
        "ampctl worker list -f json | jq '.[] | select(.state == \"dead\")'",
    )

    def get_parser(self, prog_name: str) -> argparse.ArgumentParser:
        """Return a parser with the jobs to count."""
        parser = super().get_parser(prog_name)
        add_jobs_options(parser)
        return parser

    def take_action(self, parsed_args: argparse.Namespace) -> Answer[WorkerNode]:
        """Read the workers, and what else of them will be shown."""
        status = choose_jobs(self, parsed_args)
        api = Workers(self.client)
        workers, document = api.list()
        remarks = [] if workers else ["No workers."]
        if self.wants(parsed_args, [VERSION, DIFFERS]):
            workers = self._compare_versions(self._read_versions(api, workers), remarks)
        if status:
            workers = api.count_jobs(workers, status)
        columns = [column for column in LIST if status or column is not JOBS]
        return Answer(workers, columns=columns, document=document, remarks=remarks)

    def _read_versions(self, api: Workers, workers: Sequence[WorkerNode]) -> Sequence[WorkerNode]:
        def read(node_id: str) -> WorkerNode | None:
            try:
                return api.get(node_id)
            except NotFoundError:  # it was removed after the list was made
                return None

        found = self.for_each([one.node_id for one in workers], read, concurrent=True)
        info = {one.node_id: one.info for one in found if one}
        return [dataclasses.replace(one, info=info.get(one.node_id)) for one in workers]

    def _compare_versions(
        self, workers: Sequence[WorkerNode], remarks: list[str]
    ) -> Sequence[WorkerNode]:
        """Mark the workers that run another version than most of those that are alive."""
        now = self.runtime.now()
        known = [(one, read_info(one, "version")) for one in workers]
        # What ran once stays in the list, so the dead don't count.
        alive = (version for one, version in known if version and one.is_alive(now))
        counts = collections.Counter(alive).most_common()
        if not counts:
            return workers
        if len(counts) > 1:
            shown = ", ".join(f"{version} ({count:,})" for version, count in counts)
            remarks.append(f"Versions differ: {shown}.")
        usual, _ = counts[0]
        return [
            dataclasses.replace(one, differs=None if version is None else version != usual)
            for one, version in known
        ]
