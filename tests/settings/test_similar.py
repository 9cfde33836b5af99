"""What is suggested to who mistyped something."""

from __future__ import annotations

import pytest

from ampctl.settings.similar import ask_similar, find_similar, suggest_similar

OPTIONS = ("--limit", "--status", "-l", "-s", "--format", "-v")


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("--limt", ["--limit"]),
        ("--LIMIT", ["--limit"]),
        ("-limit", ["--limit"]),
        ("--foo", []),
        ("--l", ["-l"]),
        ("--x", []),
        ("-V", ["--version"]),
        ("", []),
    ],
)
def test_hyphens_and_case_make_nothing_alike_or_different(typed: str, nearest: list[str]) -> None:
    assert find_similar(typed, OPTIONS, {"-V": "--version"}) == nearest


def test_a_synonym_leads_to_what_it_stands_for_and_no_further() -> None:
    synonyms = {"delete": "rm", "del": "rm", "rm": "prune"}

    assert find_similar("delete", ["rm", "relate"], synonyms, count=3) == ["rm"]
    assert find_similar("delte", ["rm"], synonyms, count=3) == ["rm"]
    assert find_similar("rm", ["rm"], synonyms) == ["rm"]


def test_as_many_are_returned_as_asked_for_the_nearest_first() -> None:
    known = ["json", "jsonl", "yaml"]

    assert find_similar("jsn", known) == ["json"]
    assert find_similar("jsn", known, count=3) == ["json", "jsonl"]


def test_words_are_quoted_and_options_are_not() -> None:
    assert ask_similar(["job list", "--all"]) == "; did you mean 'job list' or --all?"
    assert ask_similar([]) == ""


def test_a_message_ends_with_the_nearest_value_or_as_it_is() -> None:
    assert suggest_similar("alwys", ("auto", "always")) == "; did you mean 'always'?"
    assert suggest_similar("purple", ("auto", "always")) == ""
