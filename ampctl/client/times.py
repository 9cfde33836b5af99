"""Moments and durations as text: RFC 3339 for machines, ages for people."""

from __future__ import annotations

import datetime
import re

_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))


def parse_timestamp(text: str) -> datetime.datetime:
    """Read an RFC 3339 timestamp with offset into an aware datetime in UTC.

    The fraction may be absent or have up to nine digits; what is finer than a microsecond is
    cut off.

    Raises:
        ValueError: the text is not such a timestamp.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise ValueError("not an RFC 3339 timestamp with offset")
    date, clock, fraction, offset = match.groups()
    micros = (fraction or "")[:6].ljust(6, "0")
    offset = "+00:00" if offset in "Zz" else offset
    moment = datetime.datetime.fromisoformat(f"{date}T{clock}.{micros}{offset}")
    try:
        return moment.astimezone(datetime.UTC)
    except OverflowError as error:
        raise ValueError("a timestamp outside the years 1 to 9999") from error


def parse_http_date(text: str) -> datetime.datetime | None:
    """Read the date of an HTTP header (RFC 9110, 5.6.7) in UTC; None if it is not one."""
    # Imported here: most commands read no such header.
    import email.utils

    try:
        date = email.utils.parsedate_to_datetime(text)
        if date.tzinfo is None:
            return date.replace(tzinfo=datetime.UTC)
        return date.astimezone(datetime.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def format_timestamp(moment: datetime.datetime) -> str:
    """Write an aware datetime as RFC 3339 in UTC, with microseconds and offset.

    Raises:
        ValueError: the datetime is naive, so that it means another moment in each time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a datetime without a time zone is not a moment")
    if moment.tzinfo is not datetime.UTC:
        moment = moment.astimezone(datetime.UTC)
    return moment.isoformat(timespec="microseconds")


def format_duration(seconds: float) -> str:
    """Write a duration in whole numbers of its largest unit: ``59s``, ``3m``, ``400d``."""
    for unit, length in _UNITS:
        if seconds >= length:
            return f"{int(seconds // length)}{unit}"
    return "0s"


def format_age(moment: datetime.datetime, now: datetime.datetime) -> str:
    """Say how long ago ``moment`` was (``3m ago``), or how far ahead it is (``in 4s``)."""
    seconds = (now - moment).total_seconds()
    if abs(seconds) < 1:
        return "now"
    return f"{format_duration(seconds)} ago" if seconds > 0 else f"in {format_duration(-seconds)}"
