"""Endpoints that an older server does not have."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ampctl.plugin import EndpointMissing


@contextlib.contextmanager
def naming_what_is_missing(what: str) -> Iterator[None]:
    """Say of a 404 without an error body that the server lacks a part of each job: ``events``."""
    try:
        yield
    except EndpointMissing as error:
        raise EndpointMissing(
            f"this server does not offer job {what}",
            hint=f"check --admin-url; if it is right, the server is too old for {what}",
            request=error.request,
            status=error.status,
        ) from error
