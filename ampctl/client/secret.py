"""Text that must not be seen, such as the bearer token."""

from __future__ import annotations

import re
from collections.abc import Iterator

_REPLACEMENT = "[redacted]"
# A shorter text is a part of ordinary words, and is hidden only where it stands alone.
_SHORTEST_PART = 4
# Shorter pieces of Base64 would be found in ordinary words.
_SHORTEST_BASE64 = 8


class Secret:
    """A text that no representation, message or traceback shows.

    It is wrapped where it enters the process, and unwrapped only where it is sent or hidden.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "Secret(***)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)

    def reveal(self) -> str:
        """Return the text itself; a matter of the core, and not of plugins."""
        return self._text

    def hide_in(self, text: str) -> str:
        """Return ``text`` without this secret, also where it is escaped or in Base64.

        Text must not be cut before, since a part of the secret is not found.
        """
        for form in sorted(set(_list_forms(self._text)), key=len, reverse=True):
            pattern = re.escape(form)
            if len(form) < _SHORTEST_PART:
                pattern = rf"(?<![^\W_]){pattern}(?![^\W_])"
            text = re.sub(pattern, _REPLACEMENT, text)
        return text


def _list_forms(secret: str) -> Iterator[str]:
    """Yield a secret as it is, and as servers may write it."""
    # Imported here: every command reads the token, and hardly any has to hide it.
    import base64
    import json
    from urllib.parse import quote

    if not secret:
        return
    yield secret
    yield json.dumps(secret)[1:-1]
    quoted = quote(secret, safe="", errors="replace")
    yield quoted
    yield re.sub("%..", lambda match: match[0].lower(), quoted)
    # Base64 looks different for each place in which a secret can begin in what was encoded.
    data = secret.encode(errors="replace")
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data).decode()
        sure = encoded[(before * 8 + 5) // 6 : (before + len(data)) * 8 // 6]
        if len(sure) >= _SHORTEST_BASE64:
            yield sure
            yield sure.translate(str.maketrans("+/", "-_"))
