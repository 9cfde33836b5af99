"""What a request gives back."""

from __future__ import annotations

import datetime
from typing import Any, NamedTuple

from ampctl.client.hints import HINTS
from ampctl.client.times import parse_http_date
from ampctl.errors import Cause, InvalidAnswer


def build_shape_error(path: str, reason: str, request: str | None) -> InvalidAnswer:
    """Return the error of a document that has another shape than the API's.

    Args:
        path: where, such as ``jobs[3].id``; empty for the document itself.
        reason: what is wrong there.
        request: method and URL that gave the document.
    """
    return InvalidAnswer(
        f"the answer has an unexpected shape at {path or 'its top level'}: {reason}",
        hint=HINTS[Cause.UNKNOWN_SHAPE],
        request=request,
        cause=Cause.UNKNOWN_SHAPE,
    )


class _Members(dict[str, Any]):
    """The members of an object; to ask for one that is missing is an error of the answer."""

    def __init__(self, members: dict[str, Any], path: str, request: str) -> None:
        super().__init__(members)
        self._path = path
        self._request = request

    def __missing__(self, name: str) -> Any:
        path = f"{self._path}.{name}" if self._path else name
        raise build_shape_error(path, "Missing data for required field", self._request)


class Response(NamedTuple):
    """The API's answer to a request that it carried out.

    Attributes:
        document: the decoded JSON document, or None if the body was empty, as it is for the
            answers to ``PUT`` and ``DELETE``. A number that Python would write otherwise than the
            server did is a float whose ``str()`` is what the server wrote.
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

    def read_object(self) -> dict[str, Any]:
        """Return the document, which must be an object.

        Raises:
            InvalidAnswer: it is something else. The object raises it too, in place of a KeyError,
                if a member that it lacks is asked for by ``[...]``.
        """
        if not isinstance(self.document, dict):
            raise build_shape_error("", "Not an object", self.request)
        return _Members(self.document, "", self.request)

    def read_list(self, name: str) -> list[dict[str, Any]]:
        """Return a list of objects that is a member of the document.

        Args:
            name: the member.

        Raises:
            InvalidAnswer: there is no such list; see also :meth:`read_object`.
        """
        items = self.read_object()[name]
        if not isinstance(items, list):
            raise build_shape_error(name, "Not a list", self.request)
        for index, item in enumerate(items):
            if not isinstance(item, dict):
                raise build_shape_error(f"{name}[{index}]", "Not an object", self.request)
        return [
            _Members(item, f"{name}[{index}]", self.request) for index, item in enumerate(items)
        ]
