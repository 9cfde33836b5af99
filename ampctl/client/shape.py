"""What ordinary objects of a list look like, checked a column at a time.

A schema looks at one value after the other, which is most of what a long list costs. Here all
objects of a page are looked at together: each check is one call into C for a thousand values.
Only what is surely as documented passes. Anything else raises :class:`Unusual`, which is not a
verdict: the schema then decides, and alone words errors.
"""

from __future__ import annotations

import datetime
import itertools
import operator
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ampctl.client.numbers import INT64_MAX
from ampctl.client.times import format_timestamp, parse_timestamp

Reader = Callable[[Sequence[Any]], Sequence[Any]]
"""Takes one member of all objects, and returns the values; it raises :class:`Unusual`."""

_DIGITS_TO_ZERO = bytes.maketrans(b"123456789", b"000000000")
_CANONICAL = b"0000-00-00T00:00:00.000000+00:00"
_IN_UTC = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?:[Zz]|\+00:00)", re.ASCII
)
_ABSENT = object()


class Unusual(Exception):
    """Not all values are as documented."""


class Shape:
    """The members of an ordinary object, each with what reads its values.

    Members that are not named are ignored. A shape is itself a reader, of members that are
    objects; it makes a tuple of each one, in the order of the members.

    Args:
        **members: the readers. One that :func:`optional` or :func:`absent_or` made also takes
            objects without the member.
    """

    def __init__(self, **members: Reader) -> None:
        self.members = members

    def read(self, objects: Sequence[Any]) -> dict[str, Sequence[Any]]:
        """Return the values of each member, in the order of the objects.

        Raises:
            Unusual: one of the objects is not certainly as declared.
        """
        if not objects:
            return {name: [] for name in self.members}
        _check_types(objects, {dict})
        return {name: read(_pick(name, read, objects)) for name, read in self.members.items()}

    def __call__(self, column: Sequence[Any]) -> Sequence[tuple[Any, ...]]:
        return list(zip(*self.read(column).values(), strict=True))

    def find_unusual(self, objects: Sequence[Any], start: int = 0) -> Iterator[int]:
        """Yield the positions of objects that are not certainly as declared, in ascending order.

        Halves are tried rather than single objects, since few are unusual where any is.
        """
        try:
            self.read(objects)
        except Unusual:
            if len(objects) == 1:
                yield start
                return
            middle = len(objects) // 2
            yield from self.find_unusual(objects[:middle], start)
            yield from self.find_unusual(objects[middle:], start + middle)


def _pick(name: str, read: Reader, objects: Sequence[dict[str, Any]]) -> Sequence[Any]:
    """Return one member of all objects."""
    try:
        return list(map(operator.itemgetter(name), objects))
    except KeyError:
        if not isinstance(read, _Optional):
            raise Unusual from None
    return list(map(dict.get, objects, itertools.repeat(name), itertools.repeat(read.default)))


class _Optional:
    """Reads a member that an object may lack."""

    def __init__(self, read: Reader, default: Any) -> None:
        self._read = read
        self.default = default

    def __call__(self, column: Sequence[Any]) -> Sequence[Any]:
        default = self.default
        given = [value for value in column if value is not default]
        values = self._read(given) if given else given
        if values is given:
            return column
        found = iter(values)
        return [value if value is default else next(found) for value in column]


def optional(read: Reader) -> Reader:
    """Read a member that may be null or missing, which both give None."""
    return _Optional(read, None)


def absent_or(read: Reader) -> Reader:
    """Read a member that may be missing, but not null. What is given for none has no meaning."""
    return _Optional(read, _ABSENT)


def choose(tell: Callable[[Any], bool], accepted: Reader, others: Reader) -> Reader:
    """Read the values for which ``tell`` is true with one reader, and all others with another."""

    def read(column: Sequence[Any]) -> Sequence[Any]:
        told = list(map(tell, column))
        if not any(told):
            return others(column)
        if all(told):
            return accepted(column)
        first = iter(accepted(list(itertools.compress(column, told))))
        second = iter(others(list(itertools.compress(column, map(operator.not_, told)))))
        return [next(first) if is_first else next(second) for is_first in told]

    return read


def read_texts(column: Sequence[Any]) -> Sequence[str]:
    """Read texts."""
    return _check_types(column, {str})


def read_booleans(column: Sequence[Any]) -> Sequence[bool]:
    """Read true and false."""
    return _check_types(column, {bool})


def read_lists(column: Sequence[Any]) -> Sequence[list[Any]]:
    """Read lists of anything."""
    return _check_types(column, {list})


def read_integers(column: Sequence[Any]) -> Sequence[int]:
    """Read whole numbers of any size."""
    return _check_types(column, {int})


def read_ids(column: Sequence[Any]) -> Sequence[int]:
    """Read whole numbers from 1 to 2^63-1."""
    _check_types(column, {int})
    if column and not (min(column) >= 1 and max(column) <= INT64_MAX):
        raise Unusual
    return column


def read_timestamps(column: Sequence[Any]) -> Sequence[str]:
    """Read RFC 3339 timestamps into the text that they have in machine formats."""
    _check_types(column, {str})
    # Nearly all servers write Z, and all of their timestamps in one way.
    texts = "\n".join(column).replace("Z", "+00:00").split("\n")
    if len(texts) != len(column):
        raise Unusual
    if not _are_canonical(texts):
        texts = [
            text if _is_spelled(text) else _respell(sent)
            for text, sent in zip(texts, column, strict=True)
        ]
        if not _are_canonical(texts):
            raise Unusual
    return texts


def _check_types(column: Sequence[Any], types: set[type]) -> Sequence[Any]:
    # Exactly these: a bool is an int to Python, but not to a schema.
    if not set(map(type, column)) <= types:
        raise Unusual
    return column


def _are_canonical(texts: Sequence[str]) -> bool:
    """Return whether all are UTC with microseconds, so that to parse and write them is idle."""
    joined = "\n".join(texts)
    spelled = joined.encode("ascii", "replace").translate(_DIGITS_TO_ZERO)
    if spelled != b"\n".join([_CANONICAL] * len(texts)):
        return False
    # Digits were made alike; and newer Pythons take 24:00 for the beginning of the next day.
    if joined.count("+00:00") != len(texts) or "T24" in joined:
        return False
    try:
        all(map(datetime.datetime.fromisoformat, texts))  # always true, unless it raises
    except ValueError:
        return False
    return True


def _is_spelled(text: str) -> bool:
    return len(text) == len(_CANONICAL) and text.endswith("+00:00")


def _respell(text: str) -> str:
    match = _IN_UTC.fullmatch(text)
    if match:
        date, clock, fraction = match.groups()
        return f"{date}T{clock}.{(fraction or '')[:6]:0<6}+00:00"
    try:
        return format_timestamp(parse_timestamp(text))
    except ValueError:
        raise Unusual from None
