"""Commands and options are found by the words in their help."""

from __future__ import annotations

import pytest

from ampctl.commands.searching import CommandHelp, Hit, Option, find_hits

LIMIT = Option("-l, --limit N", "how many at most")
COMMANDS = [
    CommandHelp("", options=[Option("--token TOKEN", "what proves who you are")]),
    CommandHelp(
        "fish list",
        ["ls", "ps"],
        "List fish",
        "List fish.\n\nThose that swim in this terminal.",
        ["  ampctl fish list --pond north"],
        [LIMIT, Option("--pond NAME", "only this water")],
    ),
    CommandHelp("fish rm", ["delete"], "Take fish out", options=[LIMIT]),
    CommandHelp("pond drain", (), "Let all water out", options=[LIMIT]),
]


def search(*words: str) -> list[str]:
    return [hit.title for hit in find_hits(COMMANDS, words)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["drain"], ["pond drain"]),
        (["DRA"], ["pond drain"]),
        (["delete"], ["fish rm"]),
        (["swim"], ["fish list"]),
        (["north"], ["fish list"]),
        (["proves"], ["--token TOKEN"]),
        (["limit"], ["-l, --limit N"]),
        (["rm"], ["fish rm"]),
        (["in"], ["fish list"]),
        ([".*"], []),
        (["out"], ["fish rm", "pond drain"]),
        (["nothing"], []),
    ],
    ids=str,
)
def test_a_word_is_found_where_another_begins_with_it(words: list[str], found: list[str]) -> None:
    assert sorted(search(*words)) == sorted(found)


def test_names_come_before_options_and_these_before_sentences() -> None:
    assert search("pond") == ["pond drain", "fish list --pond NAME", "fish list"]
    assert search("water") == ["pond drain", "fish list --pond NAME"]


def test_a_complete_word_comes_before_a_beginning() -> None:
    commands = [CommandHelp("job jsonl"), CommandHelp("job json")]

    assert [hit.title for hit in find_hits(commands, ["json"])] == ["job json", "job jsonl"]


def test_all_words_have_to_be_there_and_one_of_them_in_the_option_itself() -> None:
    assert search("list", "pond") == ["fish list", "fish list --pond NAME"]
    assert search("fish", "water") == ["fish list --pond NAME"]
    assert search("drain", "delete") == []


def test_an_option_of_several_commands_is_found_once() -> None:
    (hit,) = find_hits(COMMANDS, ["limit"])

    assert hit == Hit("-l, --limit N", "how many at most (fish list, fish rm and 1 more)")
