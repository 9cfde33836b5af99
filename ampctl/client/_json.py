"""Strict JSON: anything that is not certainly one plain document is refused.

:func:`json.loads` accepts ``NaN``, keeps the last of two members with one name, rounds numbers,
and recurses as deep as the text goes. A page of a thousand jobs must not cost much more than it
costs there, so that all checks run at the speed of C: on the *skeleton* of the text, its colons
and brackets outside of strings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NoReturn

from ampctl.client.numbers import WrittenNumber

MAX_DEPTH = 64

_KEPT = b'":[]{}'
_DROPPED = bytes(set(range(256)) - set(_KEPT))
_ONE_KIND_OF_BRACKET = bytes.maketrans(b"{}", b"[]")
_ESCAPE = re.compile(rb"\\.", re.DOTALL)


class JsonError(ValueError):
    """The text is not JSON that can be trusted; the message says why."""


def decode(data: bytes) -> Any:
    """Return the document that ``data`` holds.

    A number whose text a float or an int would change is a
    :class:`~ampctl.client.numbers.WrittenNumber`; only ``-0`` is the integer 0.

    Raises:
        JsonError: it is not UTF-8 (without a byte order mark), not JSON, has a member twice in
            one object, or nests deeper than :data:`MAX_DEPTH`.
    """
    skeleton = _extract_skeleton(data)
    if _is_deeper(skeleton, MAX_DEPTH):
        raise JsonError(f"it nests deeper than {MAX_DEPTH} levels")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise JsonError("it is not UTF-8") from None
    if text.startswith("\ufeff"):
        raise JsonError("it begins with a byte order mark")
    document, members = _parse(text)
    # One colon per member in the text, one member per name in the dicts.
    if members != skeleton.count(b":"):
        raise JsonError("an object has two members with one name")
    return document


def _parse(text: str, parse_int: Callable[[str], float] = int) -> tuple[Any, int]:
    """Return the document, and how many members the objects in it have."""
    members = 0

    def count_members(obj: dict[str, Any]) -> dict[str, Any]:
        nonlocal members
        members += len(obj)
        return obj

    decoder = json.JSONDecoder(
        object_hook=count_members,
        parse_float=_parse_float,
        parse_int=parse_int,
        parse_constant=_refuse_constant,
    )
    try:
        return decoder.decode(text), members
    except JsonError:
        raise
    except json.JSONDecodeError as error:
        raise JsonError(f"{error.msg} at line {error.lineno} column {error.colno}") from None
    except RecursionError:
        raise JsonError("it nests too deep") from None
    except ValueError:  # an integer with more digits than Python reads: rare, and not foreseen
        return _parse(text, _parse_int)


def _extract_skeleton(data: bytes) -> bytes:
    """Return the colons and brackets of a JSON text that are not in strings."""
    if b"\\" in data:
        data = _ESCAPE.sub(b"", data)
    # Most strings hold none of these characters, and are empty before the rest is cut out.
    kept = data.translate(None, _DROPPED).replace(b'""', b"")
    return b"".join(kept.split(b'"')[::2])


def _is_deeper(skeleton: bytes, depth: int) -> bool:
    brackets = skeleton.translate(_ONE_KIND_OF_BRACKET, b":")
    for _ in range(depth):
        # Innermost pairs only: what becomes adjacent by that is for the next round.
        rest = brackets.replace(b"[]", b"")
        if len(rest) == len(brackets):
            return False  # nothing is left, or what is left is an error for the parser
        brackets = rest
    return bool(brackets)


def _parse_float(text: str) -> float:
    number = float(text)
    return number if repr(number) == text else WrittenNumber(text)


def _parse_int(text: str) -> float:
    try:
        return int(text)
    except ValueError:
        return WrittenNumber(text)


def _refuse_constant(name: str) -> NoReturn:
    raise JsonError(f"it holds {name}, which is not JSON")
