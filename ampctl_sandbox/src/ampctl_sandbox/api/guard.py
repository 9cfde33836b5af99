"""Who may call: requests that use a name of this server and carry the token."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

import flask
from werkzeug.exceptions import NotFound

from ampctl_sandbox.api.hosts import Hosts, read_host
from ampctl_sandbox.api.refusal import Refusal


class Guard:
    """Refuses all other requests, before they are routed.

    Args:
        token: the bearer token that every request must carry, if any.
        hosts: names of this server, besides those that always mean this machine.
    """

    def __init__(self, token: str | None, hosts: Iterable[str]) -> None:
        self._token = None if token is None else token.encode()
        self._hosts = Hosts(hosts)

    def check(self) -> None:
        """Check the request that Flask is about to route.

        Raises:
            Refusal: the name or the token is not accepted.
            werkzeug.exceptions.NotFound: there is nothing at the path.
        """
        environ = flask.request.environ
        self._check_host(environ.get("HTTP_HOST", ""))
        self._check_token(environ.get("HTTP_AUTHORIZATION", ""))
        if environ["PATH_INFO"].startswith("//"):
            # The router would treat several slashes at the start as one.
            raise NotFound

    def _check_host(self, host: str) -> None:
        name = read_host(host)
        if name is None:
            raise Refusal(400, message="the Host header is missing or malformed")
        if name not in self._hosts:
            raise Refusal(421, "HOST_NOT_ALLOWED", "this server is not known by that name")

    def _check_token(self, authorization: str) -> None:
        if self._token is None:
            return
        scheme, _, token = authorization.partition(" ")
        is_same = hmac.compare_digest(token.strip(" ").encode("latin-1"), self._token)
        if not is_same or scheme.lower() != "bearer":
            headers = {"WWW-Authenticate": "Bearer"}
            raise Refusal(401, "UNAUTHORIZED", "a valid bearer token is needed", headers)
