"""The one place where text that others wrote is made fit to be shown."""

from __future__ import annotations

import re

# Spaces that ordinary text in French or Japanese contains; Python calls them unprintable.
_WIDER_SPACES = "\u00a0\u202f\u3000"
# Letters, marks and symbols that Python calls printable, and no one can see: fillers of Hangul, a
# Braille pattern without dots, marks that choose how the character before them looks.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
_EMOJI_STYLES = "\ufe0e\ufe0f"
_HAVE_STYLES = "#*0123456789©®‼⁉™ℹ〰〽㊗㊙"
_ZERO_WIDTH_JOINER = "\u200d"

_LONGEST_MESSAGE = 800


def reason_of(error: BaseException) -> str:
    """Return the kind of an exception and the text in it.

    An exception is code as well: one that fails when it is asked for its text has none.
    """
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001 - it may even try to end the process
        text = ""
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def shorten(text: str) -> str:
    """Return ``text``, cut if it is longer than a person reads."""
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}…"


def printable(text: str) -> str:
    """Return ``text`` with everything invisible written as an escape.

    Control characters, line breaks, marks that change the direction of writing, lone surrogates,
    unassigned code points and blank letters become ``\\x1b``, ``\\n``, ``\\u202e``, ``\\ud800``.
    Letters of all scripts, symbols and emoji stay, and so does the backslash.
    """
    if text.isprintable() and (text.isascii() or not _INVISIBLE.search(text)):
        return text
    return "".join(
        char if _is_visible(char) or _is_harmless(text, at) else _escape(char)
        for at, char in enumerate(text)
    )


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _is_visible(char: str) -> bool:
    return char.isprintable() and not _INVISIBLE.match(char)


def _is_harmless(text: str, at: int) -> bool:
    if text[at] in _EMOJI_STYLES:
        before = text[at - 1 : at]
        return before != "" and (before in _HAVE_STYLES or _is_emoji(before))
    if text[at] == _ZERO_WIDTH_JOINER:
        return _is_emoji(text[at - 1 : at]) and _is_emoji(text[at + 1 : at + 2])
    return text[at] in _WIDER_SPACES


def _is_emoji(char: str) -> bool:
    """Whether ``char`` (one character or none) may be next to a joiner in an emoji."""
    return "\u2190" <= char <= "\u2bff" or char == "\ufe0f" or "\U0001f000" <= char <= "\U0001faff"


def strip_colors(text: str) -> str:
    """Return ``text`` without the escape sequences that paint it."""
    return re.sub(r"\033\[[\d;]*m", "", text)
