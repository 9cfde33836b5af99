"""The names that a request may call this server by.

A web page can point a name of its own at this machine and then talk to the server as if it were
that page's own (DNS rebinding); it can't hide the name. So only names are accepted that no one
can point elsewhere: addresses, and those that always mean this machine.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

_HOST = re.compile(
    r"(?:\[(?P<v6>[0-9a-fA-F:.]+)\]|(?P<name>[a-zA-Z0-9._~%-]+))(?::(?P<port>[0-9]{0,5}))?"
)
_MAX_PORT = 65535


class Hosts:
    """The names of a server: ``localhost``, all below it, every address, and ``names``."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {"localhost", *(_plain(name) for name in names)}

    def __contains__(self, name: str) -> bool:
        plain = _plain(name)
        return plain in self._names or plain.endswith(".localhost") or _is_address(name)


def read_host(host: str) -> str | None:
    """Return the name or address in a ``Host`` header, without port and brackets.

    None if the header is not well-formed (RFC 9110, section 7.2), such as two of them in one.
    """
    found = _HOST.fullmatch(host)
    if found is None or int(found["port"] or 0) > _MAX_PORT:
        return None
    if found["v6"] is None:
        return found["name"]
    return found["v6"] if _is_address(found["v6"]) else None


def _plain(name: str) -> str:
    return name.lower().removesuffix(".")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
