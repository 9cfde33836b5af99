"""The client of the worker endpoints, as far as jobs are concerned."""

from __future__ import annotations

from ampctl.plugin import NotFoundError, Resource
from ampctl_job.details import Worker


class Workers(Resource):
    """Reads worker nodes.

    Args:
        client: the client that sends the requests; it stays the caller's to close.
    """

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
