"""Resource clients: typed access to one kind of thing of the Admin API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ampctl.client.hints import HINTS
from ampctl.errors import Cause, InvalidAnswer

if TYPE_CHECKING:
    import marshmallow

    from ampctl.client import AdminClient, Response

_LONGEST_VALUE = 200


class Resource:
    """Base of resource clients, which give typed access to one kind of thing.

    Args:
        client: the client that sends the requests; it stays the caller's to close.

    Attributes:
        client: the same, for requests that have no document to read.
    """

    def __init__(self, client: AdminClient) -> None:
        self.client = client

    def read(
        self,
        schema: marshmallow.Schema,
        *path: str | int,
        action: str,
        params: Mapping[str, str | int] | None = None,
        expect: Mapping[str, object] | None = None,
    ) -> Any:
        """Send a GET and read the response with ``schema``.

        Args:
            schema: the shape that the response must have, and what it becomes.
            path: the segments of the endpoint's path.
            action: what the request is for, to be read after "can't": ``read worker 7``.
            params: the query.
            expect: members or attributes that the result must have, such as the id asked for.

        Raises:
            InvalidAnswer: the response has another shape, or is about something else.
            ApiError: the request failed.
        """
        response = self.client.get(*path, params=params, action=action)
        return self.load(schema, response, action=action, expect=expect)

    def load(
        self,
        schema: marshmallow.Schema,
        response: Response,
        *,
        action: str,
        expect: Mapping[str, object] | None = None,
    ) -> Any:
        """Read a response with ``schema``: the half of :meth:`read` that follows the request.

        Args:
            schema: as for :meth:`read`, like the rest.
            response: what ``self.client`` returned.
            action: what the request was for.
            expect: what the result must have.

        Raises:
            InvalidAnswer: the response has another shape, or is about something else.
        """
        # Imported here: marshmallow takes a while, and an ordinary page is read without it.
        from ampctl.client.schema import load

        result = load(schema, response.document, request=response.request)
        for name, expected in (expect or {}).items():
            got = result[name] if isinstance(result, Mapping) else getattr(result, name)
            if got != expected:
                shown = got if len(str(got)) <= _LONGEST_VALUE else "of great length"
                raise InvalidAnswer(
                    f"can't {action}: the answer is about {name} {shown}, and not about {expected}",
                    hint=HINTS[Cause.ANOTHER_THING],
                    request=response.request,
                    cause=Cause.ANOTHER_THING,
                )
        return result
