"""Marshmallow fields and schemas for documents of the Admin API, and the errors they give.

Resource clients declare one schema per document with :class:`~ampctl.plugin.DocumentSchema` and
read an answer with :func:`~ampctl.plugin.load`. Importing marshmallow takes a while, so only
modules that read or write documents import this one.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from ampctl.client._response import build_shape_error
from ampctl.client.numbers import INT64_MAX
from ampctl.client.quick_import import import_marshmallow
from ampctl.client.times import format_timestamp, parse_timestamp

import_marshmallow()

import marshmallow  # noqa: E402 - the line above makes this one quick
from marshmallow import fields, validate  # noqa: E402

_LONGEST_NAME = 200


class TimestampField(fields.Field[datetime.datetime]):
    """An RFC 3339 timestamp; see :func:`~ampctl.plugin.parse_timestamp`."""

    def _serialize(
        self, value: datetime.datetime | None, attr: str | None, obj: Any, **kwargs: Any
    ) -> str | None:
        return None if value is None else format_timestamp(value)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime.datetime:
        if not isinstance(value, str):
            raise marshmallow.ValidationError("Not a timestamp.")
        try:
            return parse_timestamp(value)
        except ValueError as error:
            raise marshmallow.ValidationError("Not a timestamp.") from error


class Int64(fields.Integer):
    """A whole number from ``minimum`` to 2^63-1; neither text nor a fraction is accepted."""

    def __init__(self, *, minimum: int = 0, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(minimum, INT64_MAX), **kwargs)


class ObjectOf(fields.Dict):
    """An object whose members have names of their own, such as tables by name."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        try:
            return super()._deserialize(value, attr, data, **kwargs)  # type: ignore[no-untyped-call]
        except marshmallow.ValidationError as error:
            if not isinstance(error.messages, dict):
                raise
            # marshmallow separates faults of the name and of the value, which a path can't show.
            faults = {name: next(iter(fault.values())) for name, fault in error.messages.items()}
            raise marshmallow.ValidationError(faults) from error


class DocumentSchema(marshmallow.Schema):
    """Base of the schemas of the API's documents: members without a field are ignored."""

    class Meta:
        """A newer server may send more members than this client has fields for."""

        unknown = marshmallow.EXCLUDE


def load(schema: marshmallow.Schema, document: object, *, request: str | None = None) -> Any:
    """Read ``document`` with ``schema`` and return the result.

    Args:
        schema: the schema, built once.
        document: decoded JSON.
        request: method and URL that gave the document, for the error.

    Raises:
        InvalidAnswer: a member is missing or has the wrong type; the message names its path,
            such as ``jobs[3].id``.
    """
    try:
        return schema.load(document)  # type: ignore[arg-type]  # anything else is an error below
    except marshmallow.ValidationError as error:
        path, reason = _find_first_fault(error.messages)
        raise build_shape_error(path, reason, request) from error


def _find_first_fault(messages: Any, path: str = "") -> tuple[str, str]:
    """Return the path and the text of the first fault in marshmallow's nested messages."""
    if isinstance(messages, Mapping):
        key, inner = next(iter(messages.items()))
        if key == marshmallow.exceptions.SCHEMA:
            return _find_first_fault(inner, path)
        if isinstance(key, int):
            return _find_first_fault(inner, f"{path}[{key}]")
        name = str(key) if len(str(key)) <= _LONGEST_NAME else "(a long name)"
        return _find_first_fault(inner, f"{path}.{name}" if path else name)
    text = messages[0] if isinstance(messages, list) else messages
    return path, str(text).rstrip(".")
