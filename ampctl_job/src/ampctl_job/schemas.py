"""The documents of the job endpoints: one schema each, for the client and for a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow
from marshmallow import fields

from ampctl.plugin import DocumentSchema, Int64, ObjectOf, TimestampField
from ampctl_job import models

_KINDS = ("materialize-raw", "materialize-derived")


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
    """A descriptor of any kind: checked if its kind is known, taken as it is if not."""

    _schema = DescriptorSchema()
    _known = ("kind", "dataset_namespace", "dataset_name", "manifest_hash", "end_block")

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> models.Descriptor:
        if not isinstance(value, dict):
            raise marshmallow.ValidationError("Not an object.")
        if value.get("kind") in _KINDS:
            self._schema.load(value)
        texts = {name: value.get(name) for name in self._known}
        known = {name: text for name, text in texts.items() if isinstance(text, str)}
        return models.Descriptor(**known, document=value)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return value.document if isinstance(value, models.Descriptor) else value


class JobSchema(_ModelSchema):
    """``JobInfo``: ``GET /jobs/{id}`` and the members of ``GET /jobs``."""

    model = models.Job

    id = Int64(required=True, minimum=1)
    created_at = TimestampField(required=True)
    updated_at = TimestampField(required=True)
    node_id = fields.String(required=True)
    status = fields.String(required=True)
    descriptor = DescriptorField(allow_none=True)


class JobPageSchema(_ModelSchema):
    """``GET /jobs``."""

    model = models.JobPage

    jobs = fields.List(fields.Nested(JobSchema), required=True)
    next_cursor = Int64(allow_none=True, minimum=1)


class ErrorDetailSchema(_ModelSchema):
    """The error detail of a failed job."""

    model = models.ErrorDetail

    error_code = fields.String(allow_none=True)
    error_message = fields.String(allow_none=True)
    error_context = fields.Dict(keys=fields.String(), allow_none=True)


class TableProgressSchema(DocumentSchema):
    """One table in ``GET /jobs/{id}/progress``."""

    current_block = Int64(required=True, allow_none=True)
    start_block = Int64(required=True, allow_none=True)
    files_count = Int64(required=True)
    total_size_bytes = Int64(required=True)

    @marshmallow.post_load
    def _make(self, data: dict[str, Any], **_: Any) -> models.TableProgress:
        return models.TableProgress(**data)


class JobProgressSchema(_ModelSchema):
    """``GET /jobs/{id}/progress``."""

    model = models.JobProgress

    job_id = Int64(required=True, minimum=1)
    job_status = fields.String(required=True)
    tables = ObjectOf(
        keys=fields.String(), values=fields.Nested(TableProgressSchema), required=True
    )
    detail = fields.Nested(ErrorDetailSchema, allow_none=True)


class EventSchema(_ModelSchema):
    """A member of ``GET /jobs/{id}/events``, and ``GET /jobs/{id}/events/{event_id}``."""

    model = models.JobEvent

    id = Int64(required=True, minimum=1)
    created_at = TimestampField(required=True)
    node_id = fields.String(required=True)
    event_type = fields.String(required=True)
    detail = fields.Dict(keys=fields.String(), allow_none=True)


class JobEventsSchema(_ModelSchema):
    """``GET /jobs/{id}/events``."""

    model = models.JobEvents

    job_id = Int64(required=True, minimum=1)
    events = fields.List(fields.Nested(EventSchema), required=True)


JOB = JobSchema()
JOB_PAGE = JobPageSchema()
JOB_PROGRESS = JobProgressSchema()
JOB_EVENTS = JobEventsSchema()
EVENT = EventSchema()
