"""``--json``: the documents of the API, compact on one line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TextIO

from ampctl.output.values import compact, fetch_first


def write_document(stdout: TextIO, document: object) -> None:
    """Write one JSON document, in ASCII, and a line end."""
    stdout.write(compact(document) + "\n")


def write_stream(
    stdout: TextIO,
    head_key: str,
    lists: Iterable[Sequence[object]],
    tail: Callable[[], Mapping[str, Any]],
) -> None:
    """Write one JSON object with a long list, some members at a time.

    If ``lists`` raises, what was written so far is not valid JSON, so that it can't pass for
    the complete document; if it raises at once, nothing is written.

    Args:
        stdout: where to write.
        head_key: the name of the list.
        lists: the members of the list, those that come together in one.
        tail: gives the other members of the object, when all of the list was taken.
    """
    arriving = fetch_first(lists)
    stdout.write(f"{{{compact(head_key)}:[")
    separator = ""
    for members in arriving:
        if members:
            stdout.write(separator + compact(members)[1:-1])
            separator = ","
    rest = "".join(f",{compact(key)}:{compact(value)}" for key, value in tail().items())
    stdout.write(f"]{rest}}}\n")
