"""The choice of the proxy between client and server, by the usual variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import unquote

from ampctl.client._origin import Origin
from ampctl.client.secret import Secret
from ampctl.errors import UsageError

_PROXY_URL = re.compile(r"(?:(?P<scheme>[^:/?#@]+)://)?(?:(?P<user>[^/?#]*)@)?(?P<host>[^/?#@]+)/?")


class Proxy(NamedTuple):
    """A proxy.

    Attributes:
        origin: its scheme, host and port.
        url: its complete URL, which may hold a password.
    """

    origin: Origin
    url: Secret


def find_proxy(origin: Origin, environ: Mapping[str, str]) -> Proxy | None:
    """Return the proxy for requests to ``origin``, or None if they go there directly.

    Args:
        origin: where requests go. One on this machine never has a proxy: it could not be
            reached from there, and the token would be given away.
        environ: a mapping such as ``os.environ``; of it are read ``HTTP_PROXY``,
            ``HTTPS_PROXY``, ``ALL_PROXY`` and ``NO_PROXY``. The lower-case name wins, even if
            it is empty.

    Raises:
        UsageError: the proxy's URL can't be used; the message does not quote it.
    """
    if origin.is_loopback or _is_exempt(origin, _read_variable(environ, "no_proxy")):
        return None
    for name in (f"{origin.scheme}_proxy", "all_proxy"):
        url = _read_variable(environ, name)
        if url:
            return _parse_proxy(url, name.upper())
    return None


def _read_variable(environ: Mapping[str, str], name: str) -> str:
    if name in environ:
        return environ[name].strip()
    # In a CGI script HTTP_PROXY holds a header of the request, so anyone may choose it (httpoxy).
    if name == "http_proxy" and "REQUEST_METHOD" in environ:
        return ""
    return environ.get(name.upper(), "").strip()


def _parse_proxy(url: str, name: str) -> Proxy:
    try:
        match = _PROXY_URL.fullmatch(url)
        if match is None or not url.isprintable():
            raise ValueError("it can't be read")
        scheme = (match["scheme"] or "http").lower()
        origin = Origin.parse(f"{scheme}://{match['host']}")
        # requests writes it into a header in Latin-1.
        unquote(match["user"] or "", errors="strict").encode("latin-1")
    except UnicodeError:
        raise _build_error(name, "its user name or password is not Latin-1") from None
    except ValueError as error:
        raise _build_error(name, str(error)) from None
    credentials = f"{match['user']}@" if match["user"] else ""
    return Proxy(origin, Secret(f"{scheme}://{credentials}{origin.host}:{origin.port}"))


def _build_error(name: str, reason: str) -> UsageError:
    return UsageError(
        f"invalid proxy URL in {name}: {reason}",
        hint=f"write it like http://proxy.example.org:3128, or unset {name}",
        setting="proxies",
    )


def _is_exempt(origin: Origin, no_proxy: str) -> bool:
    """Return whether a list such as ``*``, ``.example.org, 10.0.0.0/8`` names the origin.

    A name exempts itself and all names below it, with a dot before it or without.
    """
    host = origin.host.strip("[]").removesuffix(".")
    for entry in filter(None, (entry.strip().lower() for entry in no_proxy.split(","))):
        name = entry.removesuffix(f":{origin.port}").strip("[]").lstrip(".")
        if entry == "*" or host == name or host.endswith(f".{name}") or _is_within(host, name):
            return True
    return False


def _is_within(host: str, network: str) -> bool:
    # Imported here: only NO_PROXY needs it.
    import ipaddress

    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(network, strict=False)
    except ValueError:
        return False
