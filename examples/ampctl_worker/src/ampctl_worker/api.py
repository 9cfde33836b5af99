"""What is asked of the Admin API, and what its answers must look like."""

from __future__ import annotations

import datetime
from typing import Any, TypedDict

from marshmallow import fields

from ampctl.plugin import DocumentSchema, Resource, TimestampField


class Worker(TypedDict):
    """One worker node; a list of workers holds the first two members only."""

    node_id: str
    heartbeat_at: datetime.datetime
    created_at: datetime.datetime
    registered_at: datetime.datetime
    info: dict[str, Any]


class WorkerSummarySchema(DocumentSchema):
    """A member of ``GET /workers``."""

    node_id = fields.String(required=True)
    heartbeat_at = TimestampField(required=True)


class WorkerSchema(WorkerSummarySchema):
    """``GET /workers/{id}``."""

    created_at = TimestampField(required=True)
    registered_at = TimestampField(required=True)
    info = fields.Dict(keys=fields.String(), load_default=dict)


class WorkersSchema(DocumentSchema):
    """``GET /workers``."""

    workers = fields.List(fields.Nested(WorkerSummarySchema), required=True)


_ONE = WorkerSchema()
_MANY = WorkersSchema()


class Workers(Resource):
    """Lists and reads worker nodes."""

    def list(self) -> list[Worker]:
        """Return all workers (``GET /workers``)."""
        answer: dict[str, Any] = self.read(_MANY, "workers", action="list workers")
        workers: list[Worker] = answer["workers"]
        return workers

    def get(self, node_id: str) -> Worker:
        """Return one worker (``GET /workers/{id}``)."""
        worker: Worker = self.read(_ONE, "workers", node_id, action=f"read worker {node_id}")
        return worker
