"""Moments as text: RFC 3339 for machines, ages for people."""

from __future__ import annotations

import datetime

import pytest

from ampctl.client.times import format_age, format_duration, format_timestamp, parse_timestamp

UTC = datetime.UTC
NOW = datetime.datetime(2026, 3, 1, 9, 14, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T09:14:22.123456+00:00", "2026-03-01T09:14:22.123456+00:00"),
        ("2026-03-01T09:14:22Z", "2026-03-01T09:14:22.000000+00:00"),
        ("2026-03-01t11:14:22.5+02:00", "2026-03-01T09:14:22.500000+00:00"),
        ("2026-03-01 09:14:22.123456789z", "2026-03-01T09:14:22.123456+00:00"),
    ],
)
def test_every_rfc_3339_timestamp_is_read_and_written_in_utc(text: str, expected: str) -> None:
    assert format_timestamp(parse_timestamp(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-01",
        "2026-03-01T09:14:22",
        "2026-03-01T09:14:22.1234567890Z",
        "2026-13-01T09:14:22Z",
        "２026-03-01T09:14:22Z",
        "2026-03-01T09:14:22Z\n",
        "0001-01-01T00:00:00+01:00",
    ],
)
def test_what_is_no_timestamp_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_timestamp(text)


def test_another_offset_is_written_in_utc() -> None:
    tokyo = datetime.timezone(datetime.timedelta(hours=9))
    assert format_timestamp(NOW.astimezone(tokyo)) == "2026-03-01T09:14:22.000000+00:00"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0s"),
        (59.9, "59s"),
        (60, "1m"),
        (3_599, "59m"),
        (3_600, "1h"),
        (86_399, "23h"),
        (86_400, "1d"),
        (400 * 86_400, "400d"),
    ],
)
def test_a_duration_is_cut_to_its_largest_unit(seconds: float, text: str) -> None:
    assert format_duration(seconds) == text


@pytest.mark.parametrize(
    ("ago_s", "text"),
    [(190, "3m ago"), (7_300, "2h ago"), (-4, "in 4s"), (0.4, "now"), (-0.4, "now")],
)
def test_an_age_says_its_direction(ago_s: float, text: str) -> None:
    assert format_age(NOW - datetime.timedelta(seconds=ago_s), NOW) == text


def test_a_naive_datetime_is_not_a_moment():
    with pytest.raises(ValueError, match="without a time zone is not a moment"):
        format_timestamp(datetime.datetime(2026, 3, 1))
