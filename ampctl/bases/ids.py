"""Ids on the command line: single ones, ranges, and those on standard input."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Iterator
from typing import TextIO

from ampctl.client.numbers import INT64_MAX
from ampctl.errors import UsageError

MOST_IDS = 100_000
"""How many ids one command line may name: a range is more easily mistyped than a list."""

STDIN = "-"
"""What stands for the ids on standard input."""

_IDS = re.compile(r"([1-9][0-9]{0,18})(?:-([1-9][0-9]{0,18}))?")


def parse_ids(text: str) -> range | str:
    """Read an id, a range such as ``120-140``, or ``-``, which stands for standard input.

    It is a type for ``add_argument``; :func:`expand_ids` makes ids of what it returns.
    """
    if text == STDIN:
        return STDIN
    # int() would also take other scripts' digits, signs, spaces and underscores.
    match = _IDS.fullmatch(text)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, INT64_MAX + 1)
    if last > INT64_MAX or first > INT64_MAX:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not an id: a whole number from 1 to 2^63-1, a range such as 120-140,"
            " or - for those on standard input"
        )
    if first > last:
        raise argparse.ArgumentTypeError(f"{text!r} begins above its end")
    if last - first >= MOST_IDS:
        raise argparse.ArgumentTypeError(f"{text!r} is a range of more than {MOST_IDS:,} ids")
    return range(first, last + 1)


def expand_ids(given: Iterable[range | str], stdin: TextIO) -> list[int]:
    """Return each id once, in the order in which they were named.

    Args:
        given: what :func:`parse_ids` returned.
        stdin: where ids are read from, separated by blanks or line ends, if one of them says so.

    Raises:
        UsageError: standard input holds something else, or there are more than 100,000.
    """
    ids: dict[int, None] = {}
    for piece in given:
        for one in _read_ids(stdin) if isinstance(piece, str) else (piece,):
            ids.update(dict.fromkeys(one))
            if len(ids) > MOST_IDS:
                raise UsageError(
                    f"these are more than {MOST_IDS:,} ids", hint="several commands with fewer"
                )
    return list(ids)


def _read_ids(stdin: TextIO) -> Iterator[range]:
    try:
        words = (word for line in stdin for word in line.split())
        for ids in map(parse_ids, words):
            if isinstance(ids, str):
                raise UsageError("standard input names itself (-)")
            yield ids
    except argparse.ArgumentTypeError as error:
        raise UsageError(f"on standard input, {error}") from error
    except (OSError, ValueError) as error:
        raise UsageError(f"can't read standard input: {error}") from error
