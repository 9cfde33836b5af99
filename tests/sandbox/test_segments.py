"""The canonical chain: a pure function, tried with files of all kinds."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampctl_sandbox.api import segments
from ampctl_sandbox.api.segments import Segment, Synced, find_chain, read_segment, sum_up

HASHES = st.sampled_from("abc")


def segment(start: int, end: int, prev: str = "a", own: str = "a", **members: object) -> Segment:
    defaults: dict[str, object] = {"network": "mainnet", "modified_at": (0, 0), "size_bytes": 1}
    return Segment(start=start, end=end, prev_hash=prev, hash=own, **{**defaults, **members})


@st.composite
def any_segment(draw: st.DrawFn) -> Segment:
    start = draw(st.integers(0, 30))
    return segment(
        start,
        start + draw(st.integers(0, 5)),
        draw(HASHES),
        draw(HASHES),
        modified_at=(draw(st.integers(0, 3)), draw(st.integers(0, 2))),
        size_bytes=draw(st.integers(0, 9)),
    )


@given(st.lists(any_segment(), max_size=25))
def test_a_chain_is_made_of_given_files_each_following_the_one_before(files: list[Segment]) -> None:
    chain = find_chain(files)

    assert all(file in files for file in chain)
    for one, next_one in itertools.pairwise(chain):
        assert one.end < next_one.start
        assert one.hash == next_one.prev_hash


@given(st.lists(any_segment(), min_size=1, max_size=25))
def test_a_chain_begins_with_the_newest_file_of_the_first_block(files: list[Segment]) -> None:
    first = find_chain(files)[0]

    assert first.start == min(file.start for file in files)
    rivals = [file for file in files if file.start == first.start]
    assert first.modified_at == max(file.modified_at for file in rivals)


@given(st.lists(any_segment(), max_size=15, unique_by=lambda s: (s.start, s.modified_at)))
def test_the_order_of_the_files_does_not_matter(files: list[Segment]) -> None:
    assert find_chain(files) == find_chain(files[::-1])


@given(st.lists(any_segment(), max_size=15))
def test_nothing_that_follows_the_last_file_is_left_over(files: list[Segment]) -> None:
    chain = find_chain(files)

    assert not [file for file in files if chain and chain[-1].is_followed_by(file)]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=10), st.randoms(use_true_random=False))
def test_an_unbroken_chain_counts_as_a_whole(sizes: list[int], rng: object) -> None:
    ends = list(itertools.accumulate(sizes))
    files = [
        segment(end - size, end - 1, str(end - size), str(end), size_bytes=size)
        for size, end in zip(sizes, ends, strict=True)
    ]
    rng.shuffle(files)  # type: ignore[attr-defined]

    assert sum_up(files) == Synced(
        start_block=0, current_block=ends[-1] - 1, files_count=len(sizes), total_size_bytes=ends[-1]
    )


def test_a_fork_counts_for_nothing() -> None:
    files = [segment(0, 9, "-", "a"), segment(10, 19, "x", "y"), segment(10, 19, "a", "b")]

    assert sum_up(files).files_count == 2


def test_files_behind_a_gap_in_the_hashes_count_for_nothing() -> None:
    files = [segment(0, 9, "-", "a"), segment(20, 29, "b", "c")]

    assert sum_up(files).current_block == 9


def test_block_numbers_may_be_skipped_if_the_hashes_go_on() -> None:
    files = [segment(0, 9, "-", "a"), segment(20, 29, "a", "c")]

    assert sum_up(files).current_block == 29


def test_a_compacted_file_replaces_those_it_was_made_of() -> None:
    files = [
        segment(0, 9, "-", "a", modified_at=(1, 0)),
        segment(10, 19, "a", "b", modified_at=(2, 0)),
        segment(0, 19, "-", "b", modified_at=(2, 1), size_bytes=7),
        segment(20, 29, "b", "c", modified_at=(3, 0)),
    ]

    assert sum_up(files) == Synced(
        start_block=0, current_block=29, files_count=2, total_size_bytes=8
    )


def test_a_file_of_another_network_counts_for_nothing() -> None:
    files = [segment(0, 9, "-", "a"), segment(10, 19, "a", "b", network="base")]

    assert sum_up(files).files_count == 1


def test_sizes_past_int64_are_an_error() -> None:
    files = [segment(0, 9, size_bytes=2**63 - 1), segment(10, 19)]

    with pytest.raises(segments.NumberTooLarge):
        sum_up(files)


def test_the_largest_number_of_the_api_is_none_too_large() -> None:
    largest = 2**63 - 1
    file = segment(0, largest, size_bytes=largest)

    assert sum_up([file]) == Synced(
        start_block=0, current_block=largest, files_count=1, total_size_bytes=largest
    )


@pytest.mark.parametrize("name", ["start", "end"])
def test_a_block_number_past_int64_is_an_error(name: str) -> None:
    def read(number: int) -> Segment:
        numbers = {"start": 0, "end": 9, name: number}
        moment = {"secs": 1, "nanos": 2}
        return read_segment({"created_at": moment, "ranges": [{**GOOD, "numbers": numbers}]}, 1)

    assert sum_up([read(2**63 - 1)]).files_count == 1
    with pytest.raises(segments.NumberTooLarge):
        sum_up([read(2**63)])


def test_no_files_are_no_blocks() -> None:
    assert sum_up([]) == Synced(files_count=0, total_size_bytes=0)


GOOD = {
    "numbers": {"start": 0, "end": 9},
    "network": "mainnet",
    "hash": "0xb",
    "prev_hash": "0xa",
}


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        [],
        {"created_at": {"secs": 1, "nanos": 0}, "ranges": []},
        {"created_at": {"secs": "1", "nanos": 0}, "ranges": [GOOD]},
        {"created_at": {"secs": 1, "nanos": 0}, "ranges": [{**GOOD, "numbers": {"start": 0.5}}]},
        {"created_at": {"secs": 1, "nanos": 0}, "ranges": [{**GOOD, "numbers": None}]},
        {"ranges": [GOOD]},
    ],
)
def test_invalid_metadata_is_an_error(metadata: object) -> None:
    with pytest.raises(segments.UnreadableFile):
        read_segment(metadata, 1)
