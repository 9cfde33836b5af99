"""One attempt at one request, within all limits."""

from __future__ import annotations

import contextlib
import http.cookiejar
import ssl
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin

import requests
import requests.cookies
import requests.structures
from requests.adapters import BaseAdapter

from ampctl import __version__
from ampctl.client._attempt import Attempt, Timeouts
from ampctl.client._auth import BearerAuth
from ampctl.client._body import ACCEPTED_ENCODING, read_body
from ampctl.client._call import Call
from ampctl.client._connection import BoundedAdapter
from ampctl.client._faults import FOREIGN, translate
from ampctl.client._origin import Origin
from ampctl.client._proxy import Proxy
from ampctl.errors import Cause, InvalidAnswer

MAX_REDIRECTS = 5

_REDIRECTS = {301, 302, 303, 307, 308}

_HEADERS = {
    "User-Agent": f"ampctl/{__version__}",
    "Accept": "application/json",
    "Accept-Encoding": ACCEPTED_ENCODING,
    "Connection": "keep-alive",
}


class RawResponse(NamedTuple):
    """A complete response, not yet decoded.

    Attributes:
        status: the HTTP status, never a redirect.
        content_type: the media type without parameters, in lower case; may be empty.
        retry_after: the header of that name.
        date: likewise.
        body: complete if the status is a success; otherwise as much as could be read.
    """

    status: int
    content_type: str
    retry_after: str | None
    date: str | None
    body: bytes

    def __repr__(self) -> str:
        # The body may repeat the token, and is shown by a traceback with local variables.
        return f"RawResponse(status={self.status})"


class _Session(requests.Session):
    """A session that ignores the environment, cookies and redirects."""

    def __init__(self, auth: BearerAuth | None, adapter: BaseAdapter) -> None:
        super().__init__()
        # No proxies, no CA bundle and no .netrc, which would replace the token.
        self.trust_env = False
        self.auth = auth
        self.headers = requests.structures.CaseInsensitiveDict(_HEADERS)
        # A cookie is not bound to a port, so that one server's would be sent to another.
        no_domain = http.cookiejar.DefaultCookiePolicy(allowed_domains=[])
        self.cookies = requests.cookies.RequestsCookieJar(policy=no_domain)
        for prefix in ("http://", "https://"):
            self.mount(prefix, adapter)

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Find none: requests would prepare the next hop, and read the body, also unasked."""
        return


class Transport:
    """Sends requests to one origin.

    Args:
        origin: where requests may go.
        auth: adds the token.
        timeouts: limits of one attempt.
        context: for TLS connections; None if there are none.
        proxy: the proxy to use, if any.
        monotonic: a clock in seconds.
        adapter: what sends the requests, instead of connections that keep to the limits.
    """

    def __init__(
        self,
        origin: Origin,
        *,
        auth: BearerAuth | None,
        timeouts: Timeouts,
        context: ssl.SSLContext | None,
        proxy: Proxy | None,
        monotonic: Callable[[], float],
        adapter: BaseAdapter | None = None,
    ) -> None:
        self._origin = origin
        self._timeouts = timeouts
        self._proxy = proxy
        self._monotonic = monotonic
        self._session = _Session(auth, adapter or BoundedAdapter(context))

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def send(self, call: Call) -> RawResponse:
        """Make one attempt.

        Raises:
            RetryableError: it failed and another one may succeed.
            AmpError: it failed, and another one would fail too.
        """
        attempt = Attempt(self._timeouts, self._monotonic)
        try:
            with attempt.make_current(), self._follow(call, attempt) as response:
                return RawResponse(
                    response.status_code,
                    response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
                    response.headers.get("Retry-After"),
                    response.headers.get("Date"),
                    read_body(call, response),
                )
        except FOREIGN as error:
            proxy = self._proxy.origin if self._proxy else None
            failure = translate(error, call, attempt, proxy)
            # Errors about URLs quote them, passwords included, and a proxy may repeat its own.
            quotes = isinstance(error, ValueError) or self._proxy is not None
            raise failure from (None if quotes else error)

    def _follow(self, call: Call, attempt: Attempt) -> requests.Response:
        """Return the first response that is not a redirect, its body unread."""
        url = call.url
        for _ in range(MAX_REDIRECTS + 1):
            response = self._exchange(call, url, attempt)
            if response.status_code not in _REDIRECTS:
                return response
            with response:
                url = self._find_redirect_target(call, response, url)
        raise call.build_error(
            InvalidAnswer, f"more than {MAX_REDIRECTS} redirects to {self._origin}"
        )

    def _exchange(self, call: Call, url: str, attempt: Attempt) -> requests.Response:
        body, headers = call.payload
        request = self._session.prepare_request(
            requests.Request(call.method, url, headers=headers, data=body)
        )
        return self._session.send(
            request,
            stream=True,
            timeout=(attempt.compute_connect_wait_s(), self._timeouts.read_s),
            allow_redirects=False,
            proxies={self._origin.scheme: self._proxy.url.reveal()} if self._proxy else {},
        )

    def _find_redirect_target(self, call: Call, response: requests.Response, url: str) -> str:
        """Return where to go next; a redirect that must not be followed is an error.

        Any other method would become a GET, and look as if it had been carried out.
        """
        origin = None
        with contextlib.suppress(ValueError):
            target = urldefrag(urljoin(url, response.headers.get("Location", ""))).url
            origin = Origin.parse(target)
        if call.method == "GET" and origin == self._origin and "Location" in response.headers:
            return target
        raise call.build_error(
            InvalidAnswer,
            f"a redirect to {origin or 'an unusable address'} must not be followed",
            cause=Cause.REDIRECT,
            status=response.status_code,
        )
