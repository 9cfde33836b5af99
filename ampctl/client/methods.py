"""The methods of HTTP, and what they promise."""

from __future__ import annotations

import re

from ampctl.client._arguments import check_type
from ampctl.errors import UsageError

_METHOD = re.compile(r"[A-Z]{1,20}")
# RFC 9110, 9.2.1: they change nothing.
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# RFC 9110, 9.2.2: what a second request does is what the first has done.
_IDEMPOTENT = _SAFE | {"PUT", "DELETE"}
# They are for proxies, and would show the token.
_REFUSED = frozenset({"CONNECT", "TRACE"})


def check_method(method: str) -> None:
    """Refuse what is not the name of a method that the client sends.

    Raises:
        TypeError: it is not a text.
        UsageError: it is not a method, or one that is not for servers.
    """
    check_type(method, str, "method", "a text")
    if not _METHOD.fullmatch(method) or method in _REFUSED:
        raise UsageError(
            "a method is a word in capitals, such as POST, and neither TRACE nor CONNECT"
        )


def is_change(method: str) -> bool:
    """Return whether a request of this method asks the server to change something."""
    return method not in _SAFE


def is_idempotent(method: str) -> bool:
    """Return whether a second request of this method does no harm."""
    return method in _IDEMPOTENT
