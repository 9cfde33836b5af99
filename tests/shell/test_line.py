"""How a line of commands is read."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ampctl.errors import UsageError
from ampctl.shell.line import Line, UnfinishedLine, join_lines, parse_line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("job list -l 5", ("job", "list", "-l", "5")),
        ("  job\tlist  ", ("job", "list")),
        ("", ()),
        ("# a comment", ()),
        ("job list # a comment", ("job", "list")),
        ("job#list", ("job#list",)),
        ("a 'b c' \"d e\" f\\ g", ("a", "b c", "d e", "f g")),
        ("--query '[?x>`1`]|[0]'", ("--query", "[?x>`1`]|[0]")),
        ("a '' \"\"", ("a", "", "")),
        ("'#' \\#", ("#", "#")),
        ("$HOME `id` * ~ !1", ("$HOME", "`id`", "*", "~", "!1")),
        ("job \\\nlist", ("job", "list")),
        ("2 >x", ("2",)),
    ],
)
def test_words_are_those_that_a_shell_makes_without_expansions(
    text: str, words: tuple[str, ...]
) -> None:
    assert parse_line(text).words == words


# Everything but what a shell would expand or run.
TEXT = st.text(alphabet="ab \t\\'\"-=#,.", max_size=12)


@settings(max_examples=60, deadline=None)
@given(TEXT)
@example('a\\b \'c\\d\' "e\\f\\"g"')
@example('"a\\\nb" c\\\nd')
@example("a''b #c")
def test_words_are_those_of_a_real_shell(text: str) -> None:
    try:
        words = parse_line(text).words
    except UnfinishedLine:
        assume(False)
    script = f"show() {{ for word; do printf '%s\\0' \"$word\"; done; }}\nshow {text}\n"

    shown = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)

    assert tuple(shown.stdout.split("\0")[:-1]) == words


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("job list | jq '.jobs | length'", Line(("job", "list"), pipe="jq '.jobs | length'")),
        ("job list|less", Line(("job", "list"), pipe="less")),
        ("job list > out.csv", Line(("job", "list"), path="out.csv")),
        ("job list >> 'a b'", Line(("job", "list"), path="a b", appends=True)),
        ("job list >out # why", Line(("job", "list"), path="out")),
        ("job list '|' \">\"", Line(("job", "list", "|", ">"))),
    ],
)
def test_output_goes_to_a_program_or_a_file(text: str, line: Line) -> None:
    assert parse_line(text) == line


@pytest.mark.parametrize("operator", [";", "&", "&&", "||", "<", "2>", "(", ")"])
def test_what_only_a_shell_can_do_is_refused_by_name(operator: str) -> None:
    with pytest.raises(UsageError, match="can't be used here") as caught:
        parse_line(f"job list {operator} rm")

    assert repr(operator) in caught.value.message


@pytest.mark.parametrize(
    "text", ["| less", "job list |", "> out", "job list >", "a > b c", "a >|b"]
)
def test_a_redirection_without_its_parts_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_line(text)


@pytest.mark.parametrize("text", ["'a", '"a', "a\\", "'a\n", '"\\"'])
def test_an_open_quote_or_a_last_backslash_wants_another_line(text: str) -> None:
    with pytest.raises(UnfinishedLine):
        parse_line(text)


def test_commands_go_on_over_lines_and_know_their_first() -> None:
    source = ["# why\n", "\r\n", "job \\\r\n", "list\n", "a 'b\n", "c'\n", "d ;\n", "e"]

    assert list(join_lines(source)) == [
        (3, "job \\\nlist"),
        (5, "a 'b\nc'"),
        (7, "d ;"),
        (8, "e"),
    ]


def test_a_script_that_ends_within_a_command_still_has_it() -> None:
    assert list(join_lines(["a 'b\n"])) == [(1, "a 'b\n")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", Line(("",))),
        ("j", Line(("j",))),
        ("job ", Line(("job", ""), start=4)),
        ("job \\\nli", Line(("job", "li"), start=6)),
        ("a 'b c", Line(("a", "b c"), start=2, quote="'")),
        ('-f "j', Line(("-f", "j"), start=3, quote='"')),
        ('"a\\"b', Line(('a"b',), quote='"')),
        ("a\\", Line(("a",), quote="\\")),
        ("a\\ ", Line(("a ",))),
        ("'a b'", Line(("a b",))),
        ("a > ", Line(("a",), path="", start=4)),
        ("a >>'b c", Line(("a",), path="b c", appends=True, start=4, quote="'")),
        ("a | le", Line(("a",), pipe="le")),
        ("a |", Line(("a",), pipe="")),
        ("a # why", Line()),
        ("#", Line()),
    ],
)
def test_a_line_that_is_being_typed_ends_with_the_word_at_the_cursor(text: str, line: Line) -> None:
    assert parse_line(text, partial=True) == line


@pytest.mark.parametrize("text", ["a ; b", "a > b c", "a > b ", "a > > b"])
def test_a_line_that_goes_wrong_before_the_cursor_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_line(text, partial=True)
