"""Requests as they arrive, read strictly.

waitress accepts some requests that RFC 9112 requires to be refused, and leaves a few unanswered.
What two programs may read differently is an error here. :class:`Request` then sets ``error``, which
is answered before the connection is closed.
"""

from __future__ import annotations

import re
import time
from typing import Any

from waitress.adjustments import Adjustments  # type: ignore[import-untyped]
from waitress.parser import (  # type: ignore[import-untyped]
    HTTPRequestParser,
    ParsingError,
    TransferEncodingNotImplemented,
)
from waitress.receiver import ChunkedReceiver  # type: ignore[import-untyped]
from waitress.utilities import (  # type: ignore[import-untyped]
    BadRequest,
    Error,
    RequestEntityTooLarge,
)

from ampctl_sandbox.api.hosts import read_host

_REQUEST_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Z-]+) ([!\"$-~]+) HTTP/([0-9]\.[0-9])")
_ABSOLUTE = re.compile(rb"http://([^/?]*)(.*)", re.IGNORECASE)
_ENCODED_SLASH = re.compile(rb"%(?=2[fF])")
_INDENTED = re.compile(rb"[\r\n]*[ \t\v\f]")
_BARE_NEWLINE = re.compile(rb"(?<!\r)\n")
_FOLDED = re.compile(rb"\n[ \t]")
_CODING = re.compile(rb"^transfer-encoding:([^\r]*)", re.IGNORECASE | re.MULTILINE)
_LENGTH = re.compile(rb"^content-length:", re.IGNORECASE | re.MULTILINE)


class VersionNotSupported(Error):  # type: ignore[misc]
    """The request is of another version of HTTP."""

    code = 505
    reason = "HTTP Version Not Supported"


class RequestTimeout(Error):  # type: ignore[misc]
    """The request did not arrive in time."""

    code = 408
    reason = "Request Timeout"


class Stopping(Error):  # type: ignore[misc]
    """The server stops before it could answer."""

    code = 503
    reason = "Service Unavailable"


class _Refused(Exception):
    def __init__(self, error: Error) -> None:
        super().__init__(error.reason)
        self.error = error


class Request(HTTPRequestParser):  # type: ignore[misc]
    """A request, complete or still arriving.

    Attributes:
        began_at: when its first byte arrived, in seconds since the epoch.
        is_claimed: whether a response to it has begun.
        keeps_alive: whether the client wants to send more requests afterwards.
        path: decoded, except for encoded slashes, which don't separate segments.
    """

    body_rcv: Any = None
    version = "1.1"
    command = ""
    is_claimed = False
    keeps_alive = False

    def __init__(self, adj: Adjustments) -> None:
        super().__init__(adj)
        self.began_at = time.time()

    @classmethod
    def refused(cls, adj: Adjustments, error: Error, command: str = "") -> Request:
        """Return a request that can only be answered with ``error``."""
        request = cls(adj)
        request.error = error
        request.command = command
        return request

    @property
    def has_begun(self) -> bool:
        """Whether there is more of it than empty lines."""
        return self.body_rcv is not None or bool(self.header_plus.strip(b"\r\n"))

    def received(self, data: bytes) -> int:
        """Read what belongs to this request; return how many bytes that was."""
        is_indented = self.body_rcv is None and _INDENTED.match(self.header_plus + data)
        try:
            consumed: int = super().received(data)
        except _Refused as refused:
            self.error = refused.error
        # A client that ends its lines with bare newlines would wait forever.
        if is_indented or (self.body_rcv is None and _BARE_NEWLINE.search(self.header_plus)):
            self.error = BadRequest("white space")
        if self.error:
            self.completed, self.empty = True, False
            consumed = len(data)
        if self.completed:
            # Nothing is left that the client would have to be asked for.
            self.expect_continue = False
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Read the request line and the header fields."""
        line, _, fields = header_plus.partition(b"\r\n")
        found = _REQUEST_LINE.fullmatch(line)
        if found is None:
            raise ParsingError("malformed request line")
        method, target, version = found.groups()
        if version not in (b"1.0", b"1.1"):
            raise _Refused(VersionNotSupported("version"))
        authority, path = _split_target(target)
        _check_framing(version, fields)
        try:
            super().parse_header(b"%s %s HTTP/%s\r\n%s" % (method, path, version, fields))
        except ValueError:
            # The one number in there is the length, and int() refuses thousands of digits.
            raise _Refused(RequestEntityTooLarge("length")) from None
        if self.chunked:
            self.body_rcv = _Chunks(self.body_rcv.getbuf(), self.adj.max_request_body_size)
        if authority is not None and read_host(self.headers.get("HOST", "")):
            self.headers["HOST"] = authority
        options = {
            option.strip().lower() for option in self.headers.get("CONNECTION", "").split(",")
        }
        stays = self.version == "1.1" or "keep-alive" in options
        self.keeps_alive = stays and "close" not in options


class _Chunks(ChunkedReceiver):  # type: ignore[misc]
    """A body in chunks that is refused as soon as it says that it will be too large."""

    def __init__(self, buffer: Any, too_many_bytes: int) -> None:
        super().__init__(buffer)
        self._too_many_bytes = too_many_bytes

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if len(self) + self.chunk_remainder >= self._too_many_bytes:
            self.error = RequestEntityTooLarge("chunk")
        elif _BARE_NEWLINE.search(self.control_line):
            self.error = BadRequest("white space")
        return consumed


def _split_target(target: bytes) -> tuple[str | None, bytes]:
    absolute = _ABSOLUTE.fullmatch(target)
    authority = absolute[1].decode("ascii") if absolute else None
    if absolute:
        target = absolute[2] if absolute[2].startswith(b"/") else b"/" + absolute[2]
    if not target.startswith(b"/"):
        raise ParsingError("malformed target")
    path, mark, query = target.partition(b"?")
    return authority, _ENCODED_SLASH.sub(b"%25", path) + mark + query


def _check_framing(version: bytes, fields: bytes) -> None:
    if _FOLDED.search(fields):
        raise ParsingError("folded header")
    codings = _CODING.findall(fields)
    if not codings:
        return
    if len(codings) > 1 or version == b"1.0" or _LENGTH.search(fields):
        raise ParsingError("ambiguous framing")
    if codings[0].strip(b" \t").lower() != b"chunked":
        raise TransferEncodingNotImplemented("only chunked is")
