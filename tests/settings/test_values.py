"""How the values of settings are read."""

from __future__ import annotations

import argparse

import pytest

from ampctl.settings.values import (
    parse_color,
    parse_duration,
    parse_interval,
    parse_names,
    parse_request_timeout,
    parse_retries,
    parse_switch,
    parse_timeout,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("365d", 31536000),
        ("30", 30),
        ("2s", 2),
        ("5m", 300),
        ("1.5h", 5400),
        ("7d", 604800),
        ("250ms", 0.25),
    ],
)
def test_durations_are_read_with_and_without_unit(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "-1", "1w", "１", "1 s", "inf", "nan", "9" * 30, "366d"])
def test_what_is_not_a_duration_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        parse_duration(text)


@pytest.mark.parametrize(
    ("parse", "text", "bounds"),
    [
        (parse_duration, "0", "more than 0, a year"),
        (parse_timeout, "-1", "0 .to look just once. or more, a year"),
        (parse_interval, "0", "half a second or more, a year"),
    ],
)
def test_the_bounds_of_a_duration_are_named(parse, text: str, bounds: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=bounds):
        parse(text)


def test_a_request_takes_a_day_at_most() -> None:
    assert parse_request_timeout("24h") == 86400
    for text in ("25h", "9999999h"):
        with pytest.raises(argparse.ArgumentTypeError, match="longer than"):
            parse_request_timeout(text)


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_retries, "0", 0),
        (parse_retries, "99", 99),
        (parse_switch, "Yes", True),
        (parse_switch, "FALSE", False),
        (parse_color, "Never", "never"),
        (parse_names, " a,,B ", frozenset({"a", "B"})),
    ],
)
def test_other_values_are_read(parse, text: str, value: object) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text"),
    [(parse_retries, "100"), (parse_retries, "1_0"), (parse_switch, "on"), (parse_color, "red")],
)
def test_other_texts_are_refused_and_named(parse, text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=text):
        parse(text)
