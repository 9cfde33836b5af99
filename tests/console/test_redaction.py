"""Secrets in text."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from typing import Any

import pytest

from ampctl.console.redaction import Redactor

SECRET = 'tök/en+"7"~?'


def redact(text: str, secret: str = SECRET) -> str:
    redactor = Redactor()
    redactor.hide(secret)
    return redactor.redact(text)


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        json.dumps(SECRET)[1:-1],
        urllib.parse.quote(SECRET),
        urllib.parse.quote(SECRET, safe=""),
        urllib.parse.quote(SECRET, safe="").replace("%2F", "%2f"),
        urllib.parse.quote_plus(SECRET),
    ],
)
def test_a_secret_is_found_in_each_spelling(spelling: str) -> None:
    assert redact(f"<{spelling}>") == "<[redacted]>"


@pytest.mark.parametrize("before", ["", "a", "ab", "user:"])
@pytest.mark.parametrize("after", ["", "z", "yz"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_secret_is_found_inside_base64(before: str, after: str, encode: Any) -> None:
    encoded = encode(f"{before}s3cret-token{after}".encode()).decode()

    shown = redact(f"Basic {encoded}", "s3cret-token")

    assert re.fullmatch(r"Basic \S{0,4}\[redacted\]\S{0,4}", shown)


@pytest.mark.parametrize("secret", ["abc", "a"])
def test_a_short_secret_is_found_where_it_stands_alone(secret: str) -> None:
    encoded = base64.b64encode(secret.encode()).decode()

    assert redact(f"Bearer {secret}", secret) == "Bearer [redacted]"
    assert redact(f"Bearer {encoded}.", secret) == "Bearer [redacted]."
    assert redact("xabcx", secret) == "xabcx"


def test_a_text_without_a_secret_stays() -> None:
    assert Redactor().redact("text") == "text"
    assert redact("text") == "text"
    assert redact("text", "") == "text"


def test_the_longest_secret_goes_first() -> None:
    redactor = Redactor()
    for secret in ("s3cret", "s3cret-token"):
        redactor.hide(secret)

    assert redactor.redact("s3cret-token s3cret") == "[redacted] [redacted]"
