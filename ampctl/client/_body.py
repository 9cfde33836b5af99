"""The body of a response: complete, within a limit, and unpacked.

It is unpacked here, since urllib3 takes compressed data that ends early for complete.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import requests

from ampctl.client._call import Call
from ampctl.client._faults import FOREIGN
from ampctl.errors import AmpError, Cause, InvalidAnswer

MAX_BODY_BYTES = 16 * 1024 * 1024
ACCEPTED_ENCODING = "gzip"

_MAX_ERROR_BODY_BYTES = 64 * 1024
_CHUNK_BYTES = 64 * 1024
_LONGEST_LENGTH = 20
_GZIP = 16 + zlib.MAX_WBITS
_ENCODINGS = {"": False, "identity": False, "gzip": True, "x-gzip": True}


def read_body(call: Call, response: requests.Response) -> bytes:
    """Return the body: complete if the status is a success, otherwise as much as could be read.

    Raises:
        InvalidAnswer: it is too large, or its encoding was not asked for or can't be undone.
    """
    if 200 <= response.status_code < 300:
        return _read_limited(call, response, MAX_BODY_BYTES)
    try:
        return _read_limited(call, response, _MAX_ERROR_BODY_BYTES)
    except (AmpError, *FOREIGN):
        # The status matters more than a fault of the text that explains it.
        return b""


def _read_limited(call: Call, response: requests.Response, limit_bytes: int) -> bytes:
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise call.build_error(
            InvalidAnswer, f"the answer has a Content-Encoding that was not asked for{call.doubt}"
        )
    pieces = response.raw.stream(_choose_chunk(response, limit_bytes), decode_content=False)
    if _ENCODINGS[encoding]:
        pieces = _unpack(call, pieces)
    body, length = [], 0
    for piece in pieces:
        body.append(piece)
        length += len(piece)
        if length > limit_bytes:
            raise call.build_error(
                InvalidAnswer,
                f"the answer is larger than {limit_bytes // 1024**2} MiB{call.doubt}",
                cause=Cause.TOO_LARGE,
                status=response.status_code,
            )
    # Most bodies are one piece, which is not copied.
    return b"".join(body)


def _choose_chunk(response: requests.Response, limit_bytes: int) -> int:
    """Return how much to read at a time: all of a body that says that it is below the limit."""
    length = response.headers.get("Content-Length", "")
    if length.isascii() and length.isdigit() and len(length) < _LONGEST_LENGTH:
        return max(_CHUNK_BYTES, min(int(length), limit_bytes))
    return _CHUNK_BYTES


def _unpack(call: Call, pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what gzip members hold, a little at a time: few bytes can unpack to very many."""
    member = None
    try:
        for piece in pieces:
            rest = piece
            while rest:
                member = member or zlib.decompressobj(_GZIP)
                yield member.decompress(rest, _CHUNK_BYTES)
                rest = member.unconsumed_tail or member.unused_data
                member = None if member.eof else member
    except zlib.error as error:
        raise _build_error(call, "the answer's Content-Encoding can't be undone") from error
    if member is not None:
        raise _build_error(call, "the answer's Content-Encoding ends too early")


def _build_error(call: Call, reason: str) -> InvalidAnswer:
    return call.build_error(InvalidAnswer, reason + call.doubt, cause=Cause.NOT_AN_API)
