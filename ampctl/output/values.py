"""What a value of a row is to a machine: plain data, or its text.

A row holds None, booleans, numbers, text, lists, dictionaries, or cells
(:class:`cliff.columns.FormattableColumn`) around them.
"""

from __future__ import annotations

import datetime
import itertools
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from types import NoneType
from typing import Any, TypeVar

from cliff.columns import FormattableColumn

from ampctl.client.numbers import WrittenNumber
from ampctl.client.times import format_timestamp

_T = TypeVar("_T")
_PLAIN = frozenset({NoneType, bool, int, str})


def plain(value: object) -> Any:
    """Return ``value`` as JSON knows it: None, bool, int, float, str, list or dict, no subclass.

    A cell gives its machine form, a number that is not finite None, a datetime RFC 3339 in UTC,
    an object with ``to_dict`` or ``toDict`` what that returns, and anything else its text. Only a
    number that a server wrote in a way that Python would change, such as ``1.10``, stays what it
    is: a float whose ``str()`` is that text.
    """
    # At once: whether it is a cell takes long to tell, and most values are not.
    if type(value) in _PLAIN:
        return value
    if isinstance(value, FormattableColumn):
        value = value.machine_readable()
    if type(value) in _PLAIN:
        return value
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, WrittenNumber):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    if isinstance(value, datetime.datetime):
        return format_timestamp(value)
    return _plain_object(value)


def _plain_object(value: object) -> Any:
    for name in ("toDict", "to_dict"):
        # A class has the method as well, and nothing to call it with.
        if callable(convert := getattr(value, name, None)) and not isinstance(value, type):
            converted = convert()
            return plain(converted) if isinstance(converted, Mapping) else str(converted)
    return str(value)


_ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=plain)
_TEXT_OR_NAN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|NaN')


def compact(value: object) -> str:
    """Return ``value`` as JSON on one line, in ASCII and without any control character."""
    if not WrittenNumber.exists:
        try:
            return _ENCODER.encode(value)
        except ValueError:  # a number that is not finite: rare, so it is looked for only now
            pass
    return encode(value, separators=(",", ":"))


def encode(value: object, **layout: Any) -> str:
    """Return ``value`` as JSON in ASCII, numbers from a server as they were written there.

    Args:
        value: anything that :func:`plain` takes.
        layout: ``indent`` and ``separators``, as :func:`json.dumps` has them.
    """
    texts: list[str] = []
    document = plain(value)
    if WrittenNumber.exists:
        document = _mark_numbers(document, texts)
    encoded = json.dumps(document, **layout)
    if not texts:
        return encoded
    following = iter(texts)
    return _TEXT_OR_NAN.sub(
        lambda token: next(following) if token[0] == "NaN" else token[0], encoded
    )


def _mark_numbers(document: Any, texts: list[str]) -> Any:
    """Put NaN, which plain data does not hold, for written numbers, and append their texts."""
    if isinstance(document, WrittenNumber):
        texts.append(str(document))
        return math.nan
    if isinstance(document, dict):
        return {name: _mark_numbers(member, texts) for name, member in document.items()}
    if isinstance(document, list):
        return [_mark_numbers(member, texts) for member in document]
    return document


def machine_text(value: object) -> str:
    """Return the text of a value's machine form; empty for None, compact JSON for objects."""
    value = plain(value)
    if isinstance(value, str):
        return value
    return "" if value is None else compact(value)


def fetch_first(items: Iterable[_T]) -> Iterator[_T]:
    """Return an iterator over ``items`` whose first item has been fetched.

    What fails at the very start so fails before anything is written.
    """
    remaining = iter(items)
    return itertools.chain(list(itertools.islice(remaining, 1)), remaining)
