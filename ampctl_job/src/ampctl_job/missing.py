"""Endpoints that an older server does not have."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from ampctl.plugin import EndpointMissing


@contextlib.contextmanager
def naming_what_is_missing(what: str) -> Iterator[None]:
    """Say in a 404 without an error body that the server has none of ``what``."""
    try:
        yield
    except EndpointMissing as error:
        raise EndpointMissing(
            f"this server does not offer {what}",
            hint="check --admin-url; if it is right, the server is too old for that",
            request=error.request,
            status=error.status,
        ) from error
