"""The documents of the job endpoints: one schema each, for the client and for a server.

They are strict where a decision hangs on a member: ids, statuses, moments, cursors. A descriptor
and an error detail are stored and handed out unchecked, so any JSON is accepted for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import marshmallow
from marshmallow import fields

from ampctl.plugin import DocumentSchema, Int64, ObjectOf, TimestampField, machine_text
from ampctl_job import details, models
from ampctl_job.listing import JobPage
from ampctl_job.vocabulary import KINDS


class _ModelSchema(DocumentSchema):
    """A schema that loads into a model, which keeps the document it was made from."""

    model: Any

    @marshmallow.post_load(pass_original=True)
    def _make(self, data: dict[str, Any], document: Any, **_: Any) -> Any:
        return self.model(**data, document=document)


class DescriptorSchema(DocumentSchema):
    """The descriptor of a kind that this version knows."""

    kind = fields.String(required=True)
    dataset_namespace = fields.String(required=True)
    dataset_name = fields.String(required=True)
    manifest_hash = fields.String(required=True)
    end_block = fields.String(allow_none=True, load_default=None)
    max_writers = fields.Integer(strict=True)
    verify = fields.Boolean(truthy={True}, falsy={False})


class DescriptorField(fields.Field[models.Descriptor]):
    """Any JSON; of a kind that is known, what is not as documented is named."""

    _schema = DescriptorSchema()
    _texts = ("kind", "dataset_namespace", "dataset_name", "manifest_hash", "end_block")

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> models.Descriptor:
        members = _read_texts(value, self._texts)
        oddities: Sequence[str] = ()
        if not _has_newer_kind(value):
            oddities = _find_oddities(self._schema, value, "descriptor")
        return models.Descriptor(**members, document=value, oddities=oddities)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value.document if isinstance(value, models.Descriptor) else value


def _has_newer_kind(document: Any) -> bool:
    kind = document.get("kind") if isinstance(document, dict) else None
    return isinstance(kind, str) and kind not in KINDS


def _read_texts(document: Any, names: Sequence[str]) -> dict[str, str]:
    """Return the members that are there: text as it is, anything else as JSON text."""
    if not isinstance(document, dict):
        return {}
    known = {name: document[name] for name in names if document.get(name) is not None}
    return {
        name: value if isinstance(value, str) else machine_text(value)
        for name, value in known.items()
    }


def _find_oddities(schema: marshmallow.Schema, value: Any, path: str) -> Sequence[str]:
    """Return what of ``value`` is not as documented, each with its path and the reason."""
    return tuple(
        f"{path if name == marshmallow.exceptions.SCHEMA else f'{path}.{name}'}"
        f" ({machine_text(reasons[0]).rstrip('.').lower()})"
        for name, reasons in schema.validate(value).items()
    )


class WorkerField(fields.String):
    """Text; anything else is read as JSON text, and nothing as None: no decision hangs on it."""

    def deserialize(  # type: ignore[override]  # None as well
        self,
        value: Any,
        attr: str | None = None,
        data: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> str | None:
        if value is None or value is marshmallow.missing:
            return None
        return value if isinstance(value, str) else machine_text(value)


class JobSchema(_ModelSchema):
    """``JobInfo``: ``GET /jobs/{id}`` and the members of ``GET /jobs``."""

    model = models.Job

    id = Int64(required=True, minimum=1)
    created_at = TimestampField(required=True)
    updated_at = TimestampField(required=True)
    node_id = WorkerField(required=True)
    status = fields.String(required=True)
    descriptor = DescriptorField(allow_none=True)


class JobPageSchema(_ModelSchema):
    """``GET /jobs``."""

    model = JobPage

    jobs = fields.List(fields.Nested(JobSchema), required=True)
    next_cursor = Int64(allow_none=True, minimum=1)


class ErrorDetailSchema(DocumentSchema):
    """The error detail of a failed job."""

    error_code = fields.String(allow_none=True)
    error_message = fields.String(allow_none=True)
    error_context = fields.Dict(keys=fields.String(), allow_none=True)


def read_error_detail(value: Any) -> details.ErrorDetail:
    """Read the error detail of a failed job, which may be any JSON."""
    oddities = _find_oddities(_ERROR_DETAIL, value, "detail")
    if not isinstance(value, dict):
        text = machine_text(value)
        return details.ErrorDetail(error_message=text, document=value, oddities=oddities)
    return details.ErrorDetail(
        **_read_texts(value, ("error_code", "error_message")),
        error_context=value.get("error_context"),
        document=value,
        oddities=oddities,
    )


_ERROR_DETAIL = ErrorDetailSchema()


class ErrorDetailField(fields.Nested):
    """Any JSON; what is not as documented is named."""

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        partial: Any = None,
        **kwargs: Any,
    ) -> details.ErrorDetail:
        return read_error_detail(value)


class TableProgressSchema(DocumentSchema):
    """One table in ``GET /jobs/{id}/progress``."""

    current_block = Int64(load_default=None, allow_none=True)
    start_block = Int64(load_default=None, allow_none=True)
    files_count = Int64(required=True)
    total_size_bytes = Int64(required=True)

    @marshmallow.post_load
    def _make(self, data: dict[str, Any], **_: Any) -> details.TableProgress:
        return details.TableProgress(**data)


class JobProgressSchema(_ModelSchema):
    """``GET /jobs/{id}/progress``."""

    model = details.JobProgress

    job_id = Int64(required=True, minimum=1)
    job_status = fields.String(required=True)
    tables = ObjectOf(
        keys=fields.String(), values=fields.Nested(TableProgressSchema), required=True
    )
    detail = ErrorDetailField(ErrorDetailSchema, allow_none=True)


class EventSchema(_ModelSchema):
    """A member of ``GET /jobs/{id}/events``."""

    model = details.JobEvent

    id = Int64(required=True, minimum=1)
    created_at = TimestampField(required=True)
    node_id = WorkerField(required=True)
    event_type = fields.String(required=True)
    detail = fields.Raw(allow_none=True)


class SingleEventSchema(EventSchema):
    """``GET /jobs/{id}/events/{event_id}``."""

    job_id = Int64(required=True, minimum=1)


class JobEventsSchema(_ModelSchema):
    """``GET /jobs/{id}/events``."""

    model = details.JobEvents

    job_id = Int64(required=True, minimum=1)
    events = fields.List(fields.Nested(EventSchema), required=True)


class WorkerSchema(_ModelSchema):
    """``GET /workers/{id}``, as far as jobs are concerned."""

    model = details.Worker

    node_id = fields.String(required=True)
    heartbeat_at = TimestampField(required=True)


class WorkersSchema(DocumentSchema):
    """``GET /workers``."""

    workers = fields.List(fields.Nested(WorkerSchema), required=True)


JOB = JobSchema()
JOB_PAGE = JobPageSchema()
JOB_PROGRESS = JobProgressSchema()
JOB_EVENTS = JobEventsSchema()
EVENT = SingleEventSchema()
WORKER = WorkerSchema()
WORKERS = WorkersSchema()
