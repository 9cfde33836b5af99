"""How fast a table grows."""

from __future__ import annotations

import pytest

from ampctl_job.details import TableProgress
from ampctl_job.pace import Pace
from ampctl_job.tables import TableRow


def pace_of(*sights: tuple[int | None, float]) -> Pace:
    pace = Pace()
    for block, at_s in sights:
        pace.note(block, at_s)
    return pace


def test_one_sight_makes_no_speed() -> None:
    assert pace_of((100, 0)).blocks_per_s is None


def test_two_sights_make_a_speed() -> None:
    assert pace_of((100, 0), (150, 2)).blocks_per_s == 25


def test_a_burst_is_smoothed() -> None:
    pace = pace_of((0, 0), (20, 2), (40, 4), (1040, 6))

    assert pace.blocks_per_s is not None
    assert 50 < pace.blocks_per_s < 100
    assert pace.recent == (10, 10, 500)


def test_a_table_that_stands_still_comes_to_nothing() -> None:
    pace = pace_of((0, 0), (100, 1), *((100, at_s) for at_s in range(2, 300)))

    assert pace.blocks_per_s == pytest.approx(0, abs=0.01)
    assert len(pace.recent) == 60


def test_speed_does_not_depend_on_how_often_it_is_looked_at() -> None:
    often = pace_of((0, 0), *((10 * at_s, at_s) for at_s in range(1, 41))).blocks_per_s
    seldom = pace_of((0, 0), (200, 20), (400, 40)).blocks_per_s

    assert often == pytest.approx(seldom)


def test_a_table_that_begins_anew_begins_a_new_speed() -> None:
    pace = pace_of((100, 0), (200, 1), (50, 2))

    assert (pace.blocks_per_s, pace.recent) == (None, ())


def test_no_data_and_no_time_tell_nothing() -> None:
    assert pace_of((None, 0), (100, 1), (200, 1)).blocks_per_s is None


@pytest.mark.parametrize(
    ("current", "end", "speed", "eta_s"),
    [
        (499, "999", 10.0, 50.0),
        (999, "999", None, 0.0),
        (1200, "999", 3.0, 0.0),
        (499, "999", 0.0, None),
        (499, "999", None, None),
        (None, "999", 10.0, None),
        (499, "latest", 10.0, None),
        (499, None, 10.0, None),
    ],
)
def test_the_rest_of_the_time_is_told_where_end_and_speed_are_known(
    current: int | None, end: str | None, speed: float | None, eta_s: float | None
) -> None:
    progress = TableProgress(
        current_block=current, start_block=0, files_count=1, total_size_bytes=1
    )

    assert TableRow("blocks", progress, end, blocks_per_s=speed).eta_s == eta_s
