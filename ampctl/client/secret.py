"""Text that must not be seen, such as the bearer token."""

from __future__ import annotations

import re
from collections.abc import Iterator

_REPLACEMENT = "[redacted]"
# A shorter text is a part of ordinary words, and is hidden only where it stands alone.
_SHORTEST_PART = 4
_ALONE = r"(?<![^\W_]){}(?![^\W_])"
_BASE64 = "[A-Za-z0-9+/_-]"


class Secret:
    """A text that no representation, message or traceback shows.

    It is wrapped where it enters the process, and unwrapped only where it is sent or hidden.
    """

    __slots__ = ("_pattern", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._pattern: re.Pattern[str] | None = None

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __len__(self) -> int:
        return len(self._text)

    def reveal(self) -> str:
        """Return the text itself; a matter of the core, and not of plugins."""
        return self._text

    def hide_in(self, text: str) -> str:
        """Return ``text`` without this secret.

        It is found as it is, percent-encoded, with the escapes of JSON, and inside Base64. Text
        must not be cut before, since a part of the secret is not found.
        """
        if not self._text:
            return text
        if self._pattern is None:
            # The longest first: it may begin with a shorter one.
            spellings = sorted(set(_list_spellings(self._text)), key=len, reverse=True)
            self._pattern = re.compile("|".join(spellings))
        return self._pattern.sub(_REPLACEMENT, text)


def forget_locals(error: BaseException) -> None:
    """Empty the frames that an error, and all that led to it, came through and that have ended.

    Those of requests and :mod:`http.client` hold the token among their local variables. Lines
    and names of functions stay.
    """
    # Imported here: where nothing fails nothing is forgotten.
    import traceback

    left: list[BaseException | None] = [error]
    cleared = set()
    while left:
        one = left.pop()
        if one is not None and id(one) not in cleared:
            cleared.add(id(one))
            traceback.clear_frames(one.__traceback__)
            left += [one.__cause__, one.__context__]


def _list_spellings(secret: str) -> Iterator[str]:
    """Yield a regular expression for each spelling in which a server may repeat the secret."""
    # Imported here, as below: where nothing fails nothing is hidden.
    import base64
    import json
    import urllib.parse

    quoted = {urllib.parse.quote(secret, safe=safe, errors="replace") for safe in ("", "/")}
    quoted.add(urllib.parse.quote_plus(secret, errors="replace"))
    spellings = {re.sub("%(..)", r"(?i:%\1)", re.escape(text)) for text in quoted}
    spellings |= set(map(re.escape, (secret, json.dumps(secret)[1:-1])))
    data = secret.encode(errors="replace")
    if len(secret) < _SHORTEST_PART:
        spellings.add(re.escape(base64.b64encode(data).decode()))
        yield from map(_ALONE.format, spellings)
        return
    yield from spellings
    for before in range(3):
        core = _encode_within(data, before)
        for text in (core, core.translate(str.maketrans("+/", "-_"))):
            yield f"{_BASE64}{{0,3}}{re.escape(text)}{_BASE64}{{0,2}}={{0,2}}"


def _encode_within(data: bytes, before: int) -> str:
    """Return what Base64 makes of ``data`` after so many bytes (modulo 3), whatever they are."""
    import base64

    encoded = base64.b64encode(bytes(before) + data).decode()
    # Six bits are one character; those that hold bits of other bytes are left out.
    return encoded[-(-8 * before // 6) : 8 * (before + len(data)) // 6]
