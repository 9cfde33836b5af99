"""The methods of HTTP, each with its promise about sending a request again."""

from __future__ import annotations

import abc
from collections.abc import Mapping

from ampctl.client._response import Response


class Verbs(abc.ABC):
    """What a client can ask of a server; each method is one :meth:`request`."""

    @abc.abstractmethod
    def request(
        self,
        method: str,
        *path: str | int,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
        action: str,
        replayable: bool | None = None,
        idempotency_key: str | None = None,
    ) -> Response:
        """Send a request of any method.

        Args:
            method: such as ``OPTIONS``, in capitals.
            path: the segments of the endpoint's path below the base URL: ``"jobs", 7``.
            params: the query.
            json: the document to send; None sends no body.
            action: what the request is for, to be read after "can't": ``read job 7``.
            replayable: whether a second request does no harm. If it does, it is sent again only
                when the first was certainly not carried out: no connection, or 429. By default it
                does none for GET, HEAD, OPTIONS, PUT and DELETE, and wherever there is an
                idempotency key.
            idempotency_key: how the server recognizes a request that it has carried out already,
                in visible ASCII; it travels as the header ``Idempotency-Key``.
        """

    def get(
        self, *path: str | int, params: Mapping[str, str | int] | None = None, action: str
    ) -> Response:
        """Read a document.

        Args:
            path: as for :meth:`request`.
            params: the query.
            action: as for :meth:`request`.
        """
        return self.request("GET", *path, params=params, action=action)

    def post(
        self,
        *path: str | int,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
        action: str,
        replayable: bool | None = None,
        idempotency_key: str | None = None,
    ) -> Response:
        """Create something; it is not sent again after a failure that may have come too late.

        Args:
            path: as for :meth:`request`.
            params: the query.
            json: the document to send.
            action: as for :meth:`request`, such as ``deploy dataset x``.
            replayable: True if a second request does no harm.
            idempotency_key: as for :meth:`request`; a request with one is sent again.
        """
        return self.request(
            "POST",
            *path,
            params=params,
            json=json,
            action=action,
            replayable=replayable,
            idempotency_key=idempotency_key,
        )

    def put(
        self,
        *path: str | int,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
        action: str,
        replayable: bool = True,
    ) -> Response:
        """Replace something, or ask for a change that may safely be asked for twice.

        Args:
            path: as for :meth:`request`.
            params: the query.
            json: the document to send.
            action: as for :meth:`request`, such as ``stop job 7``.
            replayable: as for :meth:`request`.
        """
        return self.request(
            "PUT", *path, params=params, json=json, action=action, replayable=replayable
        )

    def patch(
        self,
        *path: str | int,
        params: Mapping[str, str | int] | None = None,
        json: object = None,
        action: str,
        replayable: bool | None = None,
        idempotency_key: str | None = None,
    ) -> Response:
        """Change a part of something; it is sent again as :meth:`post` is.

        Args:
            path: as for :meth:`request`.
            params: the query.
            json: the document to send.
            action: as for :meth:`request`.
            replayable: True if a second request does no harm.
            idempotency_key: as for :meth:`post`.
        """
        return self.request(
            "PATCH",
            *path,
            params=params,
            json=json,
            action=action,
            replayable=replayable,
            idempotency_key=idempotency_key,
        )

    def delete(
        self,
        *path: str | int,
        params: Mapping[str, str | int] | None = None,
        action: str,
        replayable: bool = True,
    ) -> Response:
        """Remove something; where a second request finds nothing, the first one removed it.

        Args:
            path: as for :meth:`request`.
            params: the query.
            action: as for :meth:`request`, such as ``remove job 7``.
            replayable: as for :meth:`request`.
        """
        return self.request("DELETE", *path, params=params, action=action, replayable=replayable)
