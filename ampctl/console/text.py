"""The one place where text that others wrote is made fit to be shown."""

from __future__ import annotations

# Spaces that ordinary text in French or Japanese contains; Python calls them unprintable.
_WIDER_SPACES = "\u00a0\u202f\u3000"
_ZERO_WIDTH_JOINER = "\u200d"

_LONGEST_REASON = 500


def reason_of(error: BaseException) -> str:
    """Return the kind of an exception and the text in it, cut if it is long.

    An exception is code as well: one that fails when it is asked for its text has none.
    """
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 - it may even try to end the process
        text = ""
    if len(text) > _LONGEST_REASON:
        text = text[:_LONGEST_REASON] + "…"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def printable(text: str) -> str:
    """Return ``text`` with everything invisible written as an escape.

    Control characters, line breaks, marks that change the direction of writing, lone surrogates
    and unassigned code points become ``\\x1b``, ``\\n``, ``\\u202e``, ``\\ud800``. Letters of
    all scripts, symbols and emoji stay, and so does the backslash.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or _is_harmless(text, at) else _escaped(char)
        for at, char in enumerate(text)
    )


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _is_harmless(text: str, at: int) -> bool:
    if text[at] == _ZERO_WIDTH_JOINER:
        return _is_emoji(text[at - 1 : at]) and _is_emoji(text[at + 1 : at + 2])
    return text[at] in _WIDER_SPACES


def _is_emoji(char: str) -> bool:
    """Whether ``char`` (one character or none) may stand beside a joiner in an emoji."""
    return "\u2190" <= char <= "\u2bff" or char == "\ufe0f" or "\U0001f000" <= char <= "\U0001faff"
