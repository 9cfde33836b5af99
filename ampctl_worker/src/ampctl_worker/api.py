"""What is asked of the Admin API, and what its answers must look like."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import marshmallow
from marshmallow import fields

from ampctl.plugin import (
    DocumentSchema,
    Int64,
    Resource,
    Response,
    TimestampField,
    load,
    walk_batches,
)

DEAD_AFTER = datetime.timedelta(seconds=5)
"""A worker beats every second; one whose last beat is this old is dead."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class WorkerNode:
    """A worker node; of one in a list the API only tells ``node_id`` and ``heartbeat_at``.

    Attributes:
        info: what it says of its build; any member may be missing.
        clock: when this was so, by the server's clock; None if it did not say.
        differs: whether it runs another version than most, once they were compared.
        jobs: how many jobs it has by status, once they were counted.
        document: the API's own.
    """

    node_id: str
    heartbeat_at: datetime.datetime
    created_at: datetime.datetime | None = None
    registered_at: datetime.datetime | None = None
    info: Mapping[str, Any] | None = None
    clock: datetime.datetime | None = None
    differs: bool | None = None
    jobs: Mapping[str, int] | None = None
    document: Any = dataclasses.field(repr=False)

    def is_alive(self, now: datetime.datetime) -> bool:
        """Return whether its last beat is recent; ``now`` is for a server that told no time."""
        return (self.clock or now) - self.heartbeat_at < DEAD_AFTER


class WorkerList(NamedTuple):
    """All workers, the one that registered last first."""

    workers: Sequence[WorkerNode]
    document: Any


class WorkerSummarySchema(DocumentSchema):
    """A member of ``GET /workers``."""

    node_id = fields.String(required=True)
    heartbeat_at = TimestampField(required=True)

    @marshmallow.post_load(pass_original=True)
    def _make(self, data: dict[str, Any], document: Any, **_: Any) -> WorkerNode:
        return WorkerNode(**data, document=document)


class WorkerSchema(WorkerSummarySchema):
    """``GET /workers/{id}``."""

    created_at = TimestampField(required=True)
    registered_at = TimestampField(required=True)
    info = fields.Dict(allow_none=True, load_default=None)


class WorkersSchema(DocumentSchema):
    """``GET /workers``."""

    workers = fields.List(fields.Nested(WorkerSummarySchema), required=True)


class JobSchema(DocumentSchema):
    """What counts of a member of ``GET /jobs``."""

    id = Int64(minimum=1, required=True)
    node_id = fields.String(required=True)
    status = fields.String(required=True)


class JobsSchema(DocumentSchema):
    """``GET /jobs``."""

    jobs = fields.List(fields.Nested(JobSchema), required=True)
    next_cursor = Int64(minimum=1, allow_none=True, load_default=None)


_ONE = WorkerSchema()
_MANY = WorkersSchema()
_JOBS = JobsSchema()


class Workers(Resource):
    """Lists and reads worker nodes, and counts their jobs."""

    def list(self) -> WorkerList:
        """Return all workers (``GET /workers``)."""
        action = "list workers"
        response = self.client.get("workers", action=action)
        workers = self.load(_MANY, response, action=action)["workers"]
        return WorkerList(_set_clock(response, workers), response.document)

    def get(self, node_id: str) -> WorkerNode:
        """Return one worker (``GET /workers/{id}``)."""
        action = f"read worker {node_id}"
        response = self.client.get("workers", node_id, action=action)
        worker = self.load(_ONE, response, action=action, expect={"node_id": node_id})
        return _set_clock(response, [worker])[0]

    def count_jobs(self, workers: Sequence[WorkerNode], status: str) -> Sequence[WorkerNode]:
        """Return the workers with their jobs counted (``GET /jobs``, as many pages as it takes).

        Args:
            workers: whose jobs.
            status: which jobs: ``active``, ``all``, or statuses separated by commas.
        """
        counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
        fetch = functools.partial(self._fetch_jobs, status)
        for jobs in walk_batches(fetch, read=_read_jobs, id_of=lambda job: int(job["id"])):
            for job in jobs:
                counts[job["node_id"]][job["status"]] += 1
        return [dataclasses.replace(one, jobs=counts.get(one.node_id, {})) for one in workers]

    def _fetch_jobs(self, status: str, limit: int, after: int | None) -> Callable[[], Response]:
        params: dict[str, str | int] = {"limit": limit, "status": status}
        if after is not None:
            params["last_job_id"] = after
        return self.client.fetch("jobs", params=params, action="count the jobs of workers")


def _read_jobs(fetched: Callable[[], Response]) -> tuple[Sequence[Any], int | None]:
    response = fetched()
    page = load(_JOBS, response.document, request=response.request)
    return page["jobs"], page["next_cursor"]


def _set_clock(response: Response, workers: Sequence[WorkerNode]) -> Sequence[WorkerNode]:
    """Note when the workers were so; no beat can be later than that, whichever clock is behind."""
    if response.date is None:
        return workers
    clock: datetime.datetime = max([response.date, *(one.heartbeat_at for one in workers)])
    return [dataclasses.replace(one, clock=clock) for one in workers]
