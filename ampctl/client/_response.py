"""What a request gives back."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from ampctl.client.times import parse_http_date


class Response(NamedTuple):
    """The API's answer to a request that it carried out.

    Attributes:
        document: the decoded JSON document, or None if the body was empty, as it is for the
            answers to ``PUT`` and ``DELETE``.
        status: the HTTP status, from 200 to 299; or 404 for a ``DELETE`` that was sent again
            since the first response was lost, and found nothing to remove any more.
        request: method and URL, such as ``GET http://localhost:1610/jobs/7``; no secret in it.
        date_header: the header ``Date`` as it came; see :attr:`date`.
    """

    document: Any
    status: int
    request: str
    date_header: str | None = None

    @property
    def date(self) -> datetime.datetime | None:
        """When the server sent it, by its own clock and to the second; None if it does not say."""
        return None if self.date_header is None else parse_http_date(self.date_header)
