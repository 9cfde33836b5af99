"""What a request gives back."""

from __future__ import annotations

from typing import Any, NamedTuple


class Response(NamedTuple):
    """The API's answer to a request that it carried out.

    Attributes:
        document: the decoded JSON document, or None if the body was empty, as it is for the
            answers to ``PUT`` and ``DELETE``. A number that Python would write otherwise than the
            server did is a float whose ``str()`` is what the server wrote.
        status: the HTTP status, from 200 to 299; or 404 for a ``DELETE`` that was sent again
            since the first response was lost, and found nothing to remove any more.
        request: method and URL, such as ``GET http://localhost:1610/jobs/7``; no secret in it.
    """

    document: Any
    status: int
    request: str
