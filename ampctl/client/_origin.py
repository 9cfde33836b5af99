"""The base URL, its origin, and the URLs of endpoints below it.

No message quotes the URL, which may hold a password.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit

from ampctl.client.hints import ARGUMENT_HINTS
from ampctl.errors import UsageError

_DEFAULT_PORTS = {"http": 80, "https": 443}
# urllib.parse drops some of these silently, and treats a backslash as a part of the host.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_NETLOC = re.compile(r"(\[[0-9a-fA-F:.]+\]|[^\[\]:@]+)(?::([0-9]{1,5}))?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PATH_CHARACTERS = "/%:@!$&'()*+,;=~"
_RELATIVE = {".", ".."}


class Origin(NamedTuple):
    """Scheme, host and port: the server that a request is sent to.

    Attributes:
        scheme: ``http`` or ``https``.
        host: in lower case and ASCII; an IPv6 address has brackets.
        port: the scheme's own if the URL names none.
    """

    scheme: str
    host: str
    port: int

    @classmethod
    def parse(cls, url: str) -> Origin:
        """Return the origin of an absolute URL.

        Raises:
            ValueError: it has none, or holds a user name; the text says why.
        """
        if _FORBIDDEN.search(url):
            raise ValueError("it holds a space, a backslash or a control character")
        try:
            parts = urlsplit(url)
        except ValueError:
            raise ValueError("its host can't be read") from None
        if parts.scheme not in _DEFAULT_PORTS:
            raise ValueError("it must start with http:// or https://")
        if "@" in parts.netloc:
            raise ValueError("it holds a user name or a password")
        if not parts.netloc:
            raise ValueError("it has no host")
        match = _NETLOC.fullmatch(parts.netloc)
        if match is None:
            raise ValueError("its host or port can't be read")
        port = int(match[2]) if match[2] else _DEFAULT_PORTS[parts.scheme]
        if not 0 < port < 65536:
            raise ValueError("its port is not between 1 and 65535")
        return cls(parts.scheme, _normalize_host(match[1]), port)

    @property
    def is_loopback(self) -> bool:
        """Whether requests stay on this machine."""
        name = self.host.rstrip(".")
        if name == "localhost" or name.endswith(".localhost"):
            return True
        return name == "[::1]" or (name.startswith("127.") and _is_ipv4(name))

    def __str__(self) -> str:
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


class BaseUrl(NamedTuple):
    """The URL that the paths of endpoints are appended to.

    Attributes:
        origin: the server that requests are sent to.
        prefix: the path that all endpoints share: empty, or ``/amp/admin``, without a slash at
            its end.
    """

    origin: Origin
    prefix: str

    @classmethod
    def parse(cls, url: str) -> BaseUrl:
        """Read the URL that a person gave.

        Raises:
            UsageError: it is not a plain http or https URL.
        """
        try:
            origin = Origin.parse(url)
            prefix = _normalize_prefix(url)
        except ValueError as error:
            raise UsageError(
                f"invalid Admin API URL: {error}",
                hint=ARGUMENT_HINTS["base_url"],
                setting="base_url",
            ) from None
        return cls(origin, prefix)

    def build_url(self, *path: str | int, params: Mapping[str, str | int] | None = None) -> str:
        """Return the URL of an endpoint.

        Args:
            path: the segments of its path, unquoted.
            params: the query.

        Raises:
            UsageError: a segment is empty, ``.`` or ``..``, which would lead elsewhere, or a
                text can't be written as UTF-8.
        """
        try:
            segments = "".join(f"/{_quote_segment(segment)}" for segment in path)
            query = f"?{urlencode(params)}" if params else ""
        except UnicodeEncodeError:
            raise UsageError("a path or query holds text that is not Unicode") from None
        return f"{self.origin}{self.prefix}{segments}{query}"

    def __str__(self) -> str:
        return f"{self.origin}{self.prefix}"


def _normalize_host(host: str) -> str:
    if host.startswith("["):
        return f"[{_normalize_ipv6(host[1:-1])}]"
    if not host.isascii():
        # Imported here: hardly any host needs it.
        import idna

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            raise ValueError("its host is not a valid name") from None
    host = host.lower()
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError("its host is not a valid name")
    return host


def _normalize_ipv6(text: str) -> str:
    # Imported here, as below: most hosts are names.
    import ipaddress

    try:
        return ipaddress.IPv6Address(text).compressed
    except ValueError:
        raise ValueError("its host is not a valid address") from None


def _is_ipv4(text: str) -> bool:
    import ipaddress

    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def _normalize_prefix(url: str) -> str:
    for mark, name in (("?", "query"), ("#", "fragment")):
        if mark in url:
            raise ValueError(f"it holds a {name}")
    path = urlsplit(url).path.strip("/")
    if _RELATIVE & set(unquote(path).split("/")):
        raise ValueError("its path holds '.' or '..'")
    return f"/{quote(path, safe=_PATH_CHARACTERS)}" if path else ""


def _quote_segment(segment: str | int) -> str:
    text = str(segment)
    # Quoting would not help: dots are never quoted, and every HTTP library resolves them.
    if not text or text in _RELATIVE:
        raise UsageError(f"{text!r} can't be a part of the path of a request")
    return quote(text, safe="")
