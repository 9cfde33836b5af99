"""The OpenAPI document of the Admin API, made from the schemas that clients read it with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import fields

from ampctl.plugin import INT64_MAX, DocumentSchema, Int64, TimestampField
from ampctl_job import schemas
from ampctl_job.models import STATUSES
from ampctl_sandbox import __version__
from ampctl_sandbox.api.releases import CURRENT, Release

Operation = dict[str, Any]


class ErrorResponseSchema(DocumentSchema):
    """The body of every failure."""

    error_code = fields.String(required=True)
    error_message = fields.String(required=True)


class WorkerInfoSchema(DocumentSchema):
    """A member of ``GET /workers``."""

    node_id = fields.String(required=True)
    heartbeat_at = TimestampField(required=True)


class WorkersResponseSchema(DocumentSchema):
    """``GET /workers``."""

    workers = fields.List(fields.Nested(WorkerInfoSchema), required=True)


class WorkerMetadataSchema(DocumentSchema):
    """What is known of the program that a worker runs; ``unknown`` where nothing is."""

    version = fields.String(required=True)
    commit_sha = fields.String(required=True)
    commit_timestamp = fields.String(required=True)
    build_date = fields.String(required=True)


class WorkerDetailResponseSchema(DocumentSchema):
    """``GET /workers/{id}``."""

    node_id = fields.String(required=True)
    created_at = TimestampField(required=True)
    registered_at = TimestampField(required=True)
    heartbeat_at = TimestampField(required=True)
    info = fields.Nested(WorkerMetadataSchema, required=True)


class JobEventDetailResponseSchema(DocumentSchema):
    """``GET /jobs/{id}/events/{event_id}``."""

    job_id = Int64(required=True, minimum=1)
    id = Int64(required=True, minimum=1)
    created_at = TimestampField(required=True)
    node_id = fields.String(required=True)
    event_type = fields.String(required=True)
    detail = fields.Raw(allow_none=True)


_NAMES = {
    "JobPage": "JobsResponse",
    "Job": "JobInfo",
    "JobProgress": "JobProgressResponse",
    "JobEvents": "JobEventsResponse",
    "Event": "JobEventInfo",
}
"""The API's names for the schemas of the job commands."""

_FIELDS = (
    (TimestampField, "string", "date-time"),
    (Int64, "integer", "int64"),
    # Any JSON value.
    (schemas.DescriptorField, None, None),
)
_ID = {"type": "integer", "format": "int64", "minimum": 1, "maximum": INT64_MAX}
_NODE_ID = {"type": "string", "pattern": r"^\p{L}[\p{L}\p{N}_.\-]*$"}
_TERMINAL = {"type": "string", "enum": ["terminal", "completed", "stopped", "error"]}


_FAILURES = {
    400: "The request can't be understood, or a parameter can't",
    401: "The bearer token is missing or wrong",
    404: "There is no such resource",
    408: "The request took too long to arrive",
    409: "The job is not in a terminal state",
    413: "The body is too large",
    421: "The Host header names another server",
    431: "The headers are too large",
    500: "The server or the database failed",
    503: "The database is busy or away, or the server is stopping",
}
_EVERYWHERE = (400, 401, 408, 413, 421, 431, 500, 503)
_HEADERS = {401: ("WWW-Authenticate", "string"), 503: ("Retry-After", "integer")}


def make_openapi(*, needs_token: bool = False, release: Release = CURRENT) -> dict[str, Any]:
    """Return the document, as OpenAPI 3.1.

    Args:
        needs_token: whether every request must carry the bearer token.
        release: whose paths they are.
    """
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    spec = APISpec(
        title="Amp Admin API",
        version=__version__,
        openapi_version="3.1.0",
        plugins=[plugin],
        info={"description": "Jobs and workers of an Amp controller."},
        security=[{"bearer": []}] if needs_token else [{}, {"bearer": []}],
    )
    for field, kind, form in _FIELDS:
        plugin.map_to_openapi_type(field, kind, form)  # type: ignore[no-untyped-call]
    spec.components.schema("ErrorResponse", schema=ErrorResponseSchema)
    spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    for path, operations in _paths().items():
        if release.has_path(path):
            spec.path(path=path, operations=operations)
    return spec.to_dict()


def _schema_name(schema: Any) -> str:
    name = schema if isinstance(schema, str) else getattr(schema, "__name__", type(schema).__name__)
    short = name.removesuffix("Schema")
    return _NAMES.get(short, short)


def _paths() -> Mapping[str, dict[str, Operation]]:
    job = (_path_parameter("id", _ID, "a job"),)
    event = (*job, _path_parameter("event_id", _ID, "an event of the job"))
    worker = (_path_parameter("id", _NODE_ID, "a worker node"),)
    progress, events = schemas.JobProgressSchema, schemas.JobEventsSchema
    one_event, one_worker = JobEventDetailResponseSchema, WorkerDetailResponseSchema
    return {
        "/jobs": {"get": _list_jobs(), "delete": _delete_jobs()},
        "/jobs/{id}": {
            "get": _read("jobs_get", "Show a job", schemas.JobSchema, job, 404),
            "delete": _act("jobs_delete", "Delete a terminal job", "204", job, 409),
        },
        "/jobs/{id}/stop": {"put": _act("jobs_stop", "Ask a job to stop", "200", job, 404)},
        "/jobs/{id}/progress": {
            "get": _read("get_job_progress", "Show how far a job is", progress, job, 404)
        },
        "/jobs/{id}/events": {
            "get": _read("get_job_events", "Show a job's lifecycle", events, job, 404)
        },
        "/jobs/{id}/events/{event_id}": {
            "get": _read("get_job_event_by_id", "Show one event of a job", one_event, event, 404)
        },
        "/workers": {"get": _read("workers_list", "List the workers", WorkersResponseSchema, ())},
        "/workers/{id}": {"get": _read("workers_get", "Show a worker", one_worker, worker, 404)},
    }


def _list_jobs() -> Operation:
    limit = {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50}
    status = {"type": "string", "default": "active"}
    names = ", ".join(name.lower() for name in STATUSES)
    parameters = (
        _query_parameter("limit", limit, "how many jobs at most"),
        _query_parameter("last_job_id", _ID, "only jobs with a smaller id"),
        _query_parameter("status", status, f"active, all, or a comma-separated list of {names}"),
    )
    return _read("jobs_list", "List jobs, newest first", schemas.JobPageSchema, parameters)


def _delete_jobs() -> Operation:
    status = _query_parameter("status", _TERMINAL, "which jobs; error means ERROR and FATAL")
    parameters = ({**status, "required": True},)
    return _act("jobs_delete_many", "Delete all jobs in terminal states", "204", parameters)


def _path_parameter(name: str, schema: Operation, text: str) -> Operation:
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": text}


def _query_parameter(name: str, schema: Operation, text: str) -> Operation:
    return {"name": name, "in": "query", "schema": schema, "description": text}


def _read(
    name: str, summary: str, schema: Any, parameters: Sequence[Operation], *errors: int
) -> Operation:
    answer = {"description": "The answer", "content": {"application/json": {"schema": schema}}}
    return _operation(name, summary, parameters, {"200": answer}, errors)


def _act(
    name: str, summary: str, status: str, parameters: Sequence[Operation], *errors: int
) -> Operation:
    return _operation(name, summary, parameters, {status: {"description": "Done"}}, errors)


def _operation(
    name: str,
    summary: str,
    parameters: Sequence[Operation],
    answers: Operation,
    errors: Sequence[int],
) -> Operation:
    statuses = sorted({*errors, *_EVERYWHERE})
    return {
        "operationId": name,
        "summary": summary,
        "parameters": list(parameters),
        "responses": {**answers, **{str(status): _failure(status) for status in statuses}},
    }


def _failure(status: int) -> Operation:
    failure: Operation = {
        "description": _FAILURES[status],
        "content": {"application/json": {"schema": ErrorResponseSchema}},
    }
    if status in _HEADERS:
        name, kind = _HEADERS[status]
        failure["headers"] = {name: {"schema": {"type": kind}}}
    return failure
