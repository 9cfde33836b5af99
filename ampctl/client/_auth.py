"""The bearer token: added to requests to its own origin only."""

from __future__ import annotations

import re

import requests
import requests.auth

from ampctl.client._origin import Origin
from ampctl.client.hints import ARGUMENT_HINTS
from ampctl.client.secret import Secret
from ampctl.errors import UsageError

_VISIBLE_ASCII = re.compile(r"[!-~]+")


class BearerAuth(requests.auth.AuthBase):
    """Adds the token to requests that go to the origin it was given for, and to no other.

    Raises:
        UsageError: the token is empty or not visible ASCII; the message does not quote it.
    """

    def __init__(self, token: Secret, origin: Origin) -> None:
        # Any other character could end the header early, or be quoted in the error of a library.
        if not _VISIBLE_ASCII.fullmatch(token.reveal()):
            raise UsageError(
                "invalid token: it must be visible ASCII characters, at least one",
                hint=ARGUMENT_HINTS["token"],
                setting="token",
            )
        self._token = token
        self._origin = origin

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if request.url and Origin.parse(request.url) == self._origin:
            request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request


def build_auth(token: Secret | None, origin: Origin, *, allow_http: bool) -> BearerAuth | None:
    """Return what adds the token, if there is one.

    Raises:
        UsageError: it would travel unencrypted to another machine.
    """
    if token is None:
        return None
    if origin.scheme == "http" and not origin.is_loopback and not allow_http:
        raise UsageError(
            f"the token would travel unencrypted to {origin}",
            hint=ARGUMENT_HINTS["allow_http"],
            setting="allow_http",
        )
    return BearerAuth(token, origin)
