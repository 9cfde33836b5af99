"""The range of blocks that is really synced, from the files of a table.

Numbers are checked in the canonical chain alone: a file beside it can't fail it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from ampctl.plugin import INT64_MAX

T = TypeVar("T")


class MixedNetworks(Exception):
    """A file has more than one range: one for each of its networks."""


class NumberTooLarge(Exception):
    """A block number or a size is past int64."""


class UnreadableFile(Exception):
    """A file's metadata is not what it must be."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Segment:
    """The blocks in one file.

    Attributes:
        start, end: first and last block.
        hash: of the end block.
        prev_hash: of the block before the start.
        modified_at: seconds and nanoseconds since the Unix epoch.
        size_bytes: of the file.
    """

    start: int
    end: int
    network: str
    hash: str
    prev_hash: str
    modified_at: tuple[int, int]
    size_bytes: int

    def is_followed_by(self, other: Segment) -> bool:
        """Tell whether the chain of hashes goes on in ``other``; block numbers may be skipped."""
        return (
            self.network == other.network
            and self.end < other.start
            and self.hash == other.prev_hash
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Synced:
    """The sum of a chain of files; without a file there are no blocks."""

    start_block: int | None = None
    current_block: int | None = None
    files_count: int = 0
    total_size_bytes: int = 0


def read_segment(metadata: Any, size_bytes: int | None) -> Segment:
    """Read a file's ``metadata`` document.

    Raises:
        MixedNetworks: it has more than one range.
        UnreadableFile: anything else is wrong with it, so that its place is not known.
    """
    try:
        ranges = _read(metadata, "ranges", list)
        if len(ranges) > 1:
            raise MixedNetworks("a file has more than one range")
        (blocks,) = ranges
        numbers, moment = blocks["numbers"], metadata["created_at"]
        return Segment(
            start=_read_number(numbers, "start"),
            end=_read_number(numbers, "end"),
            network=_read(blocks, "network", str),
            hash=_read(blocks, "hash", str),
            prev_hash=_read(blocks, "prev_hash", str),
            modified_at=(_read_number(moment, "secs"), _read_number(moment, "nanos")),
            size_bytes=size_bytes or 0,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableFile("a file's metadata can't be read") from error


def _read(mapping: Mapping[str, Any], key: str, kind: type[T]) -> T:
    value = mapping[key]
    # Not isinstance: true is an int in Python, and not in JSON.
    if type(value) is not kind:
        raise TypeError(f"{key} is not of the type {kind.__name__}")
    return value


def _read_number(mapping: Mapping[str, Any], key: str) -> int:
    number = _read(mapping, key, int)
    if number < 0:
        raise ValueError(f"{key} is negative")
    return number


def find_chain(segments: Iterable[Segment]) -> Sequence[Segment]:
    """Return the canonical chain: the files that count, in the order of their blocks.

    Starts with the first block there is, in its newest file, and goes on with each file that
    follows the last one taken. Forks, files replaced by a compaction and files behind a gap
    are left out.
    """
    ordered = sorted(segments, key=lambda s: (s.start, -s.modified_at[0], -s.modified_at[1]))
    chain: list[Segment] = []
    for segment in ordered:
        if not chain or chain[-1].is_followed_by(segment):
            chain.append(segment)
    return chain


def sum_up(segments: Sequence[Segment]) -> Synced:
    """Sum up the canonical chain of a table's files.

    Raises:
        NumberTooLarge: a block number, or the sizes together, are past int64.
    """
    chain = find_chain(segments)
    if not chain:
        return Synced()
    total = sum(segment.size_bytes for segment in chain)
    if max(chain[-1].start, chain[-1].end, total) > INT64_MAX:
        raise NumberTooLarge("a block number or the size of a table is past int64")
    return Synced(
        start_block=chain[0].start,
        current_block=chain[-1].end,
        files_count=len(chain),
        total_size_bytes=total,
    )
