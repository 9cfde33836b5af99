"""Parsers of the values of settings, the same for options and for the environment.

Each takes text and raises :class:`argparse.ArgumentTypeError` for text that it can't read.
"""

from __future__ import annotations

import argparse
import re

from ampctl.client.numbers import LONGEST_REQUEST_S
from ampctl.settings.similar import suggest_similar

_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)?", re.ASCII)
_UNIT_S = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_SHORTEST_INTERVAL_S = 0.5
_LONGEST_S = 365 * 86400.0
_RETRIES = re.compile(r"\d{1,2}", re.ASCII)
_SWITCH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}

COLORS = ("auto", "always", "never")


def parse_duration(text: str) -> float:
    """Read a duration such as ``2s``, ``5m``, ``7d``, or plain seconds, into seconds.

    A year is the longest: no clock and no socket of an operating system takes any number.
    """
    return _read_duration(text, "more than 0")


def _read_duration(text: str, least: str) -> float:
    match = _DURATION.fullmatch(text)
    if match is None or float(match[1]) == 0:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a duration such as 30, 2s, 5m or 7d: {least}, a year (365d) at most"
        )
    seconds = float(match[1]) * _UNIT_S[match[2] or "s"]
    if seconds > _LONGEST_S:
        raise argparse.ArgumentTypeError(f"{text!r} is longer than a year (365d)")
    return seconds


def parse_timeout(text: str) -> float:
    """Read for how long to wait: a duration, or 0 to look just once."""
    return 0.0 if text == "0" else _read_duration(text, "0 (to look just once) or more")


def parse_interval(text: str) -> float:
    """Read the time between two looks at something: half a second at least."""
    seconds = _read_duration(text, "half a second or more")
    if seconds < _SHORTEST_INTERVAL_S:
        raise argparse.ArgumentTypeError(f"{text!r} is less than half a second")
    return seconds


def parse_request_timeout(text: str) -> float:
    """Read a duration that a request may take: a day at most."""
    seconds = parse_duration(text)
    if seconds > LONGEST_REQUEST_S:
        raise argparse.ArgumentTypeError(f"{text!r} is longer than a request may take (1d)")
    return seconds


def parse_retries(text: str) -> int:
    """Read a number of retries, from 0 to 99."""
    if _RETRIES.fullmatch(text) is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 99")
    return int(text)


def parse_switch(text: str) -> bool:
    """Read ``1``, ``true`` or ``yes``, or ``0``, ``false`` or ``no``, in any case."""
    if text.lower() not in _SWITCH:
        raise argparse.ArgumentTypeError(f"{text!r} is neither yes nor no")
    return _SWITCH[text.lower()]


def parse_names(text: str) -> frozenset[str]:
    """Read names that are separated by commas; they stay as they were typed."""
    return frozenset(name.strip() for name in text.split(",") if name.strip())


def parse_color(text: str) -> str:
    """Read when to use colour, in any case."""
    if text.lower() not in COLORS:
        nearest = suggest_similar(text, COLORS)
        raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(COLORS)}{nearest}")
    return text.lower()


def parse_path(text: str) -> str:
    """Read the path of a file, which stays as it was typed; as a type it says: complete files."""
    return text
