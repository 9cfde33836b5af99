"""Text of others is shown without letting it act on the terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ampctl.console.text import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("\x1b[31mred\x1b[0m", r"\x1b[31mred\x1b[0m", id="ESC"),
        pytest.param("\x1b]8;;http://x\x07", r"\x1b]8;;http://x\x07", id="OSC"),
        pytest.param("\x9b31m\x85", r"\x9b31m\x85", id="C1"),
        pytest.param("a\x00b\x7f", r"a\x00b\x7f", id="NUL and DEL"),
        pytest.param("a\nb\tc\rd", r"a\nb\tc\rd", id="line breaks"),
        pytest.param("\u202eabc\u2066\u200f", r"\u202eabc\u2066\u200f", id="bidi"),
        pytest.param("a\u200bb\ufeff\u2028", r"a\u200bb\ufeff\u2028", id="invisible"),
        pytest.param("a\u115fb\u3164\uffa0", r"a\u115fb\u3164\uffa0", id="Hangul fillers"),
        pytest.param("\u2800\u034f", r"\u2800\u034f", id="blank symbols"),
        pytest.param("a\ufe0f\U000e0100", r"a\ufe0f\U000e0100", id="styles of letters"),
        pytest.param("\ud800x", r"\ud800x", id="lone surrogate"),
        pytest.param("\U000e0041", r"\U000e0041", id="tag"),
    ],
)
def test_what_cannot_be_seen_is_written_as_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    "text",
    ["", "plain", r"C:\temp", "naïve Ωμέγα", "日本語\u3000表", "12\u00a0%", "🚀", "👨‍👩‍👧 ❤️‍🔥 ™️ 1️⃣"],
    ids=ascii,
)
def test_ordinary_text_stays(text: str) -> None:
    assert printable(text) == text


def test_a_joiner_stays_only_inside_an_emoji() -> None:
    assert printable("a\u200db") == r"a\u200db"
    assert printable("\u200d") == r"\u200d"
    assert printable("🚀\u200d") == "🚀" + r"\u200d"


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_what_is_shown_has_no_control_and_can_be_encoded(text: str) -> None:
    shown = printable(text)
    shown.encode("utf-8")
    assert printable(shown) == shown
    assert not any(char < " " or "\x7f" <= char <= "\x9f" for char in shown)
