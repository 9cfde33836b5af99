"""Secrets are taken out of text, in each of the spellings in which they may get there."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Iterator

_MARK = "[redacted]"
# A shorter secret is part of ordinary words, which stay readable.
_SHORT = 4
_BASE64 = "[A-Za-z0-9+/_-]"


class Redactor:
    """Takes secrets out of text.

    A secret is found as it is, percent-encoded, with the escapes of JSON, and inside Base64.
    """

    def __init__(self) -> None:
        self._secrets: set[str] = set()
        self._pattern: re.Pattern[str] | None = None

    def hide(self, secret: str) -> None:
        """Take ``secret`` out of every text from now on."""
        if secret and secret not in self._secrets:
            self._secrets.add(secret)
            self._pattern = None

    def redact(self, text: str) -> str:
        """Return ``text`` without any known secret."""
        if not self._secrets:
            return text
        if self._pattern is None:
            spellings = {one for secret in self._secrets for one in _list_spellings(secret)}
            # The longest first: it may begin with a shorter one.
            self._pattern = re.compile("|".join(sorted(spellings, key=len, reverse=True)))
        return self._pattern.sub(_MARK, text)


def _list_spellings(secret: str) -> Iterator[str]:
    """Yield a regular expression for each spelling."""
    quoted = {urllib.parse.quote(secret, safe=safe) for safe in ("", "/")}
    quoted.add(urllib.parse.quote_plus(secret))
    spellings = {re.sub("%(..)", r"(?i:%\1)", re.escape(text)) for text in quoted}
    spellings |= set(map(re.escape, (secret, json.dumps(secret)[1:-1])))
    if len(secret) < _SHORT:
        spellings.add(re.escape(base64.b64encode(secret.encode()).decode()))
        yield from (f"(?<![A-Za-z0-9]){one}(?![A-Za-z0-9])" for one in spellings)
        return
    yield from spellings
    for before in range(3):
        core = _encode_within(secret, before)
        for text in (core, core.replace("+", "-").replace("/", "_")):
            yield f"{_BASE64}{{0,3}}{re.escape(text)}{_BASE64}{{0,2}}={{0,2}}"


def _encode_within(secret: str, before: int) -> str:
    """Return what Base64 makes of ``secret`` after so many bytes (modulo 3), whatever they are."""
    data = secret.encode()
    encoded = base64.b64encode(bytes(before) + data).decode()
    # Six bits are one character; those that hold bits of other bytes are left out.
    return encoded[-(-8 * before // 6) : 8 * (before + len(data)) // 6]
