"""The client of the worker endpoints, as far as jobs are concerned."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence

from ampctl.plugin import NotFoundError, Resource
from ampctl_job.details import Worker


class Workers(Resource):
    """Lists and reads worker nodes.

    Args:
        client: the client that sends the requests; it stays the caller's to close.
    """

    def list(self, now: datetime.datetime) -> Sequence[Worker]:
        """Return all worker nodes, the one that registered last first (``GET /workers``).

        Args:
            now: the present moment, for a server that does not tell the time.

        Raises:
            EndpointMissing: the server is too old to tell.
        """
        from ampctl_job.schemas import WORKERS

        response = self.client.get("workers", action="list workers")
        workers = self.load(WORKERS, response, action="list workers")["workers"]
        beats = [worker.heartbeat_at for worker in workers]
        # No beat is later than that, whichever clock is behind.
        seen_at = max([response.date or now, *beats])
        return [dataclasses.replace(worker, seen_at=seen_at) for worker in workers]

    def get(self, node_id: str) -> Worker:
        """Return one worker node, also one that is not known any more (``GET /workers/{id}``).

        Raises:
            EndpointMissing: the server is too old to tell.
        """
        # Imported here: most commands don't ask for workers.
        from ampctl_job.schemas import WORKER

        try:
            worker: Worker = self.read(
                WORKER,
                *("workers", node_id),
                action=f"read worker {node_id}",
                expect={"node_id": node_id},
            )
        except NotFoundError:
            return Worker(node_id=node_id, heartbeat_at=None, document={})
        return worker
