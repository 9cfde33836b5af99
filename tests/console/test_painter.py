"""Pictures on a terminal."""

from __future__ import annotations

from ampctl.console.painter import cut


def test_lines_are_cut_to_the_terminal_also_where_letters_are_wide() -> None:
    assert cut("abcdef", 4) == "abcd"
    assert cut("ab漢字c", 5) == "ab漢"
    assert cut("é", 5) == "é"
