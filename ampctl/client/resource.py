"""Resource clients: typed access to one kind of thing that the Admin API knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ampctl.client.schema import load
from ampctl.errors import InvalidAnswer

if TYPE_CHECKING:
    import marshmallow

    from ampctl.client import AdminClient


class Resource:
    """Base of resource clients such as ``Jobs``.

    Args:
        client: the client that sends the requests; it stays the caller's to close.
    """

    def __init__(self, client: AdminClient) -> None:
        self._client = client

    def _read(
        self,
        schema: marshmallow.Schema,
        *path: str | int,
        doing: str,
        params: Mapping[str, str | int] | None = None,
        expect: Mapping[str, object] | None = None,
    ) -> Any:
        """Send a GET and read the answer with ``schema``.

        Args:
            schema: what the answer must look like, and what it becomes.
            path: the segments of the endpoint's path.
            doing: what this is for, to say that it can't be done: ``"read job 7"``.
            params: the query.
            expect: attributes that the result must have, such as the id asked for.

        Raises:
            InvalidAnswer: the answer has another shape, or is about something else.
            ApiError: the request failed.
        """
        answer = self._client.get(*path, params=params, doing=doing)
        result = load(schema, answer.document, request=answer.request)
        for name, wanted in (expect or {}).items():
            if (got := getattr(result, name)) != wanted:
                raise InvalidAnswer(
                    f"can't {doing}: the answer is about {name} {got}, and not about {wanted}",
                    request=answer.request,
                )
        return result
