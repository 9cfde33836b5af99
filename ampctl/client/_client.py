"""The client: calls become requests, and responses become documents or errors."""

from __future__ import annotations

import datetime
import os
import random as random_module
import time
from collections.abc import Callable, Mapping
from types import NoneType, TracebackType
from typing import TYPE_CHECKING

from ampctl.client._arguments import check_request, check_type
from ampctl.client._attempt import Timeouts
from ampctl.client._auth import build_auth
from ampctl.client._call import Call
from ampctl.client._circuit import Circuit
from ampctl.client._document import read_document
from ampctl.client._origin import BaseUrl
from ampctl.client._payload import NO_PAYLOAD, Payload, build_payload
from ampctl.client._proxy import find_proxy
from ampctl.client._repeat import repeat
from ampctl.client._response import Response
from ampctl.client._retry import RetryBudget, RetryPolicy
from ampctl.client._status import build_error, read_error_body
from ampctl.client._tls import build_context
from ampctl.client._transport import Transport
from ampctl.client._verbs import Verbs
from ampctl.client.methods import check_method, is_idempotent
from ampctl.client.secret import Secret, forget_locals
from ampctl.errors import ApiError, UsageError
from ampctl.runtime import utc_now

if TYPE_CHECKING:
    from requests.adapters import BaseAdapter


class AdminClient(Verbs):
    """A client of one Admin API. Threads may share it; close it, or use it in a ``with``.

    Args:
        base_url: an http or https URL, with a path prefix or without.
        token: the bearer token: visible ASCII. It is sent to the origin of ``base_url`` only.
        timeouts: limits of one attempt, in seconds.
        retries: attempts after the first, for failures that may be temporary: no connection, a
            broken one, or 429, 502, 503, 504, and for reading 500. All requests of the client
            share a budget of 20.
        ca_file: a file of CA certificates to trust instead of the usual ones; it is opened once.
        verify: False accepts any certificate, and so any server.
        allow_http: let the token travel unencrypted to another machine.
        proxies: a mapping like ``os.environ``, of which the usual proxy variables are read;
            by default there is no proxy, and never one to this machine.
        sleep: waits for the given seconds, between attempts.
        random: a float in [0, 1), to spread attempts.
        monotonic: a clock in seconds that never goes back, for deadlines.
        now: the wall clock, an aware datetime, for ``Retry-After`` dates.
        adapter: for tests: what sends all requests, such as a ``requests_mock.Adapter``. Proxies,
            redirects, cookies and the token stay as they are; the limits of an attempt end at
            the adapter, which has connections of its own or none.

    Raises:
        TypeError: an argument is of another type.
        UsageError: an argument can't be used. No message quotes the token or a password.

    The methods raise both for a path or a query that can't be sent, and:

    * :class:`~ampctl.errors.NotFoundError`, :class:`~ampctl.errors.EndpointMissing` (404)
    * :class:`~ampctl.errors.AccessError` (401, 403)
    * :class:`~ampctl.errors.RefusedError` (any other 4xx)
    * :class:`~ampctl.errors.ServerError` (429, 5xx)
    * :class:`~ampctl.errors.ConnectError`, :class:`~ampctl.errors.ConnectionLost`,
      :class:`~ampctl.errors.RequestTimeout`, and :class:`~ampctl.errors.GivenUp` after three of
      these in a row
    * :class:`~ampctl.errors.InvalidAnswer` for what can't be understood or trusted
    """

    def __init__(
        self,
        base_url: str = "http://localhost:1610",
        *,
        token: str | Secret | None = None,
        timeouts: Timeouts | None = None,
        retries: int = 3,
        ca_file: str | os.PathLike[str] | None = None,
        verify: bool = True,
        allow_http: bool = False,
        proxies: Mapping[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        random: Callable[[], float] = random_module.random,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime.datetime] = utc_now,
        adapter: BaseAdapter | None = None,
    ) -> None:
        try:
            check_type(token, (str, Secret, NoneType), "token", "a text or a Secret")
            check_type(base_url, str, "base_url", "a text")
            check_type(proxies, (Mapping, NoneType), "proxies", "a mapping")
            self._token = Secret(token) if isinstance(token, str) else token
            self._base_url = BaseUrl.parse(base_url)
            proxy = find_proxy(self._base_url.origin, proxies or {})
        except (TypeError, UsageError) as error:
            forget_locals(error)
            raise
        finally:
            # At once, so that no traceback with local variables shows a token or a password.
            del token, base_url, proxies
        check_type(timeouts, (Timeouts, NoneType), "timeouts", "Timeouts")
        check_type(retries, int, "retries", "a whole number")
        check_type(ca_file, (str, os.PathLike, NoneType), "ca_file", "a path")
        check_type(verify, bool, "verify", "True or False")
        check_type(allow_http, bool, "allow_http", "True or False")
        if retries < 0:
            raise UsageError("invalid number of retries: it can't be negative", setting="retries")
        origin = self._base_url.origin
        # A file is read even if it is not needed now: what can't be used is refused at once.
        needs_tls = ca_file is not None or "https" in (origin.scheme, proxy and proxy.origin.scheme)
        self._retry = RetryPolicy(retries, RetryBudget(), sleep=sleep, random=random, now=now)
        self._circuit = Circuit(monotonic)
        self._transport = Transport(
            origin,
            auth=build_auth(self._token, origin, allow_http=allow_http),
            timeouts=timeouts or Timeouts(),
            context=build_context(ca_file, verify=verify) if needs_tls else None,
            proxy=proxy,
            monotonic=monotonic,
            adapter=adapter,
        )

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
        check_method(method)
        payload = build_payload(json, idempotency_key)
        call = self._prepare(method, path, params, action, payload)
        if replayable is None:
            replayable = is_idempotent(method) or idempotency_key is not None
        return self._perform(call, self._send, replayable=replayable)

    def fetch(
        self, *path: str | int, params: Mapping[str, str | int] | None = None, action: str
    ) -> Callable[[], Response]:
        """Send a request as :meth:`get` does, and return a function that decodes the response.

        So a thread that waits for the network leaves the work to the one that uses the document.
        The function raises :class:`~ampctl.errors.InvalidAnswer` for what can't be understood.

        Args:
            path: as for :meth:`request`.
            params: the query.
            action: as for :meth:`request`.
        """
        call = self._prepare("GET", path, params, action)
        undecoded = self._perform(call, self._send_undecoded)
        document = undecoded.document
        return lambda: undecoded._replace(document=read_document(call, document))

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    def __enter__(self) -> AdminClient:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        # A traceback with local variables also shows a client that could not be made.
        return f"AdminClient({str(getattr(self, '_base_url', ''))!r})"

    def _prepare(
        self,
        method: str,
        path: tuple[str | int, ...],
        params: Mapping[str, str | int] | None,
        action: str,
        payload: Payload = NO_PAYLOAD,
    ) -> Call:
        check_request(path, params, action)
        url = self._base_url.build_url(*path, params=params)
        return Call(method, url, action, self._token, payload)

    def _perform(
        self, call: Call, send: Callable[[Call], Response], *, replayable: bool = True
    ) -> Response:
        self._circuit.check(call)
        try:
            response = repeat(call, send, self._retry, replayable=replayable)
        except BaseException as error:
            forget_locals(error)
            if isinstance(error, ApiError):
                self._circuit.note(error)
            raise
        self._circuit.note(None)
        return response

    def _send(self, call: Call) -> Response:
        response = self._send_undecoded(call)
        return response._replace(document=read_document(call, response.document))

    def _send_undecoded(self, call: Call) -> Response:
        """Make one attempt, whose document is the :class:`RawResponse` still."""
        raw = self._transport.send(call)
        if not 200 <= raw.status < 300:
            body = read_error_body(call, raw.body)
            wait_s = self._retry.parse_wait_s(raw.retry_after)
            raise build_error(call, raw.status, body, retry_after_s=wait_s)
        return Response(raw, raw.status, call.request, raw.date)
