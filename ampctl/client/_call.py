"""One request, as its errors describe it."""

from __future__ import annotations

from typing import Any, NamedTuple, TypeVar

from ampctl.client._payload import NO_PAYLOAD, Payload
from ampctl.client.hints import HINTS
from ampctl.client.methods import is_change
from ampctl.client.secret import Secret
from ampctl.errors import ApiError, Cause

_Failure = TypeVar("_Failure", bound=ApiError)


class Call(NamedTuple):
    """A request and its purpose.

    Attributes:
        method: the method of HTTP, such as ``GET``.
        url: the complete URL; it holds no secret.
        action: what the caller wants, such as ``read job 7``.
        token: what no error may show, even if the server repeats it.
        payload: the document that it sends.
    """

    method: str
    url: str
    action: str
    token: Secret | None = None
    payload: Payload = NO_PAYLOAD

    @property
    def request(self) -> str:
        """Method and URL, for people."""
        return f"{self.method} {self.url}"

    @property
    def is_change(self) -> bool:
        """Whether the server is asked to change something."""
        return is_change(self.method)

    @property
    def doubt(self) -> str:
        """The end of a message about a change that was sent and not confirmed."""
        return "; the server may have done it all the same" if self.is_change else ""

    def describe(self, reason: str) -> str:
        """Return the message of a failure."""
        return self.redact(f"can't {self.action}: {reason}")

    def redact(self, text: str) -> str:
        """Return a text without the token."""
        return self.token.hide_in(text) if self.token else text

    def build_error(
        self, kind: type[_Failure], reason: str, *, cause: Cause | None = None, **details: Any
    ) -> _Failure:
        """Return an error of class ``kind`` that says why this request failed."""
        hint = HINTS[cause] if cause else None
        return kind(self.describe(reason), hint=hint, request=self.request, cause=cause, **details)
