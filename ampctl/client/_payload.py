"""What a request carries besides its URL: a document, and headers of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import NamedTuple

from ampctl.client._arguments import check_type
from ampctl.errors import UsageError

_KEY = re.compile(r"[!-~]{1,255}")


class Payload(NamedTuple):
    """The body of a request, and its headers.

    Attributes:
        body: JSON text; None if there is none.
        headers: those that this request has beyond the usual ones.
    """

    body: bytes | None = None
    headers: Mapping[str, str] = {}


NO_PAYLOAD = Payload()


def build_payload(document: object, idempotency_key: str | None) -> Payload:
    """Return what carries a document and a key.

    Raises:
        TypeError: the document has parts that JSON does not know, or the key is not a text.
        UsageError: it has numbers that JSON does not know, or contains itself; or the key is not
            visible ASCII.
    """
    headers: dict[str, str] = {}
    if idempotency_key is not None:
        check_type(idempotency_key, str, "idempotency_key", "a text")
        if not _KEY.fullmatch(idempotency_key):
            raise UsageError("an idempotency key is up to 255 visible ASCII characters")
        headers["Idempotency-Key"] = idempotency_key
    if document is None:
        return Payload(None, headers)
    try:
        text = json.dumps(document, allow_nan=False, separators=(",", ":"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"a document that JSON can't express: {error}") from error
    return Payload(text.encode(), {**headers, "Content-Type": "application/json"})
