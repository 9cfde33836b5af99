"""The client: what a caller asks for becomes requests, and answers become documents or errors."""

from __future__ import annotations

import datetime
import os
import random as random_module
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from ampctl.client import _json
from ampctl.client._answer import Answer
from ampctl.client._attempt import Timeouts
from ampctl.client._auth import BearerAuth
from ampctl.client._call import Call
from ampctl.client._origin import BaseUrl, Origin
from ampctl.client._proxy import proxy_for
from ampctl.client._retry import RetryBudget, RetryPolicy
from ampctl.client._status import failure_of, read_error_body
from ampctl.client._transport import Reply, Transport
from ampctl.errors import InvalidAnswer, UsageError
from ampctl.secret import Secret


def _utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


class AdminClient:
    """A client of one Admin API. Threads may share it; close it, or use it in a ``with``.

    Args:
        base_url: an http or https URL, with a path prefix or without.
        token: the bearer token: visible ASCII. It is sent to the origin of ``base_url`` only.
        timeouts: limits of one attempt, in seconds.
        retries: attempts after the first, for what may pass: no connection, a broken one, or
            429, 502, 503 and 504. All requests of the client share a budget of 20.
        ca_file: a file of CA certificates to trust instead of the usual ones.
        verify: False takes any certificate, and so any server.
        allow_http: let the token travel unencrypted to another machine.
        proxies: a mapping like ``os.environ``, of which the usual proxy variables are read;
            by default there is no proxy, and never one to this machine.
        sleep: waits for the given seconds, between attempts.
        random: a float in [0, 1), to spread attempts.
        monotonic: a clock in seconds that never goes back, for deadlines.
        now: the wall clock, an aware datetime, for ``Retry-After`` dates.

    Raises:
        UsageError: an argument can't be used. No message quotes the token or a password.

    The methods raise, besides :class:`~ampctl.errors.UsageError` for a path that can't be sent:

    * :class:`~ampctl.errors.NotFoundError`, :class:`~ampctl.errors.EndpointMissing` (404)
    * :class:`~ampctl.errors.AccessError` (401, 403)
    * :class:`~ampctl.errors.RefusedError` (any other 4xx)
    * :class:`~ampctl.errors.ServerError` (429, 5xx)
    * :class:`~ampctl.errors.ConnectError`, :class:`~ampctl.errors.ConnectionLost`,
      :class:`~ampctl.errors.RequestTimeout`
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
        now: Callable[[], datetime.datetime] = _utc_now,
    ) -> None:
        self._base_url = BaseUrl.parse(base_url)
        origin = self._base_url.origin
        if retries < 0:
            raise UsageError("invalid number of retries: it can't be negative")
        self._retry = RetryPolicy(retries, RetryBudget(), sleep=sleep, random=random, now=now)
        self._transport = Transport(
            origin,
            auth=_auth(token, origin, allow_http=allow_http),
            timeouts=timeouts or Timeouts(),
            verify=_trusted(ca_file) if verify and ca_file is not None else verify,
            proxy=proxy_for(origin, proxies or {}),
            monotonic=monotonic,
        )

    def get(
        self, *path: str | int, params: Mapping[str, str | int] | None = None, doing: str
    ) -> Answer:
        """Read a document.

        Args:
            path: the segments of the endpoint's path below the base URL: ``"jobs", 7``.
            params: the query.
            doing: what this is for, to be read after "can't": ``read job 7``.
        """
        return self._request("GET", path, params, doing)

    def put(self, *path: str | int, doing: str) -> Answer:
        """Ask for a change that may safely be asked for twice.

        Args:
            path: as for :meth:`get`.
            doing: as for :meth:`get`, such as ``stop job 7``.
        """
        return self._request("PUT", path, None, doing)

    def delete(
        self,
        *path: str | int,
        params: Mapping[str, str | int] | None = None,
        doing: str,
        replayable: bool = True,
    ) -> Answer:
        """Remove something.

        Args:
            path: as for :meth:`get`.
            params: the query.
            doing: as for :meth:`get`, such as ``remove job 7``.
            replayable: whether a second request can do no harm. If not, it is sent again only
                when the first was surely not carried out: no connection, or 429.
        """
        return self._request("DELETE", path, params, doing, replayable=replayable)

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
        return f"AdminClient({str(self._base_url)!r})"

    def _request(
        self,
        method: str,
        path: tuple[str | int, ...],
        params: Mapping[str, str | int] | None,
        doing: str,
        *,
        replayable: bool = True,
    ) -> Answer:
        call = Call(method, self._base_url.endpoint(*path, params=params), doing)
        return self._retry.run(lambda: self._attempt(call), replayable=replayable)

    def _attempt(self, call: Call) -> Answer:
        reply = self._transport.send(call)
        if not 200 <= reply.status < 300:
            wait_s = self._retry.retry_after_s(reply.retry_after)
            raise failure_of(call, reply.status, read_error_body(reply.body), wait_s=wait_s)
        return Answer(_document(call, reply), reply.status, call.request)


def _document(call: Call, reply: Reply) -> Any:
    if not reply.body and call.method != "GET":
        return None
    fault = "text/html instead of JSON"
    if reply.content_type != "text/html":
        try:
            return _json.decode(reply.body)
        except _json.JsonError as error:
            fault = f"a body that is not proper JSON: {error}" if reply.body else "an empty body"
    raise call.failure(
        InvalidAnswer,
        f"the server answered with {fault}",
        hint="check that --admin-url (AMP_ADMIN_URL) is the URL of an Admin API",
        status=reply.status,
    )


def _auth(token: str | Secret | None, origin: Origin, *, allow_http: bool) -> BearerAuth | None:
    if token is None:
        return None
    if origin.scheme == "http" and not origin.is_loopback and not allow_http:
        raise UsageError(
            f"the token would travel unencrypted to {origin}",
            hint="use an https:// URL, or allow it with --allow-http (AMP_ALLOW_HTTP)",
        )
    return BearerAuth(token if isinstance(token, Secret) else Secret(token), origin)


def _trusted(ca_file: str | os.PathLike[str]) -> str:
    """Return the path of a file of certificates that was found usable."""
    # Imported here: only few need it, and requests finds out too late and says it badly.
    import ssl

    try:
        ssl.create_default_context(cafile=ca_file)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None)
        # What the TLS library says of a file without certificates speaks of its own source.
        if reason is None or isinstance(error, ssl.SSLError):
            reason = "it holds no certificate"
        raise UsageError(f"can't read the CA file {os.fspath(ca_file)!r}: {reason}") from error
    return os.fspath(ca_file)
