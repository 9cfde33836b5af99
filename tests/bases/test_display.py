"""The bases of commands that answer with data, as a plugin author uses them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ampctl.errors import InvalidAnswer
from ampctl.plugin import Answer, Column, DocumentStream, Lister, ShowOne

from .running import do


class ListThings(Lister):
    """List things."""

    def take_action(self, parsed_args: Any) -> Any:
        return ("name", "size"), [("b", 2), ("a", None)]


class ShowThing(ShowOne):
    """Show a thing."""

    def take_action(self, parsed_args: Any) -> Any:
        return ("name", "size"), ("b", 2)


class BreakOff(Lister):
    """List things until it fails."""

    def take_action(self, parsed_args: Any) -> Any:
        def rows() -> Any:
            yield ("a",)
            raise InvalidAnswer("rubbish")

        return ("name",), rows()


NUMBER = Column[int]("number", lambda number, now: number)
SQUARE = Column[int]("square", lambda number, now: number**2, member="squared")


class ListNumbers(Lister):
    """List numbers, with a table of their own."""

    columns = (NUMBER, SQUARE)

    def take_action(self, parsed_args: Any) -> Answer[int]:
        return Answer([2, 3])


class ListDocuments(Lister):
    """List numbers, each with a document of the API."""

    columns = (NUMBER, Column("costly", lambda number, now: 1 // 0))

    def take_action(self, parsed_args: Any) -> Answer[int]:
        return Answer([2, 3], document=lambda number: {"n": number})


class ListFewest(Lister):
    """List some of the numbers, and say how many there are."""

    columns = (NUMBER,)

    def take_action(self, parsed_args: Any) -> Answer[int]:
        def count() -> Iterator[str]:
            self.app.stdout.write("# counted after the rows\n")
            yield "There are 3."

        return Answer([3, 1, 2], limit=2, remarks=count())


class ListStream(Lister):
    """List numbers as they arrive."""

    columns = (NUMBER,)

    def take_action(self, parsed_args: Any) -> Answer[int]:
        stream = DocumentStream[int]("numbers", lambda n: {"n": n}, lambda last: {"last": last})
        return Answer(iter([2, 3]), document=stream)


class ReadFile(Lister):
    """List what a file holds that is not there."""

    columns = (NUMBER,)
    fault: Exception = FileNotFoundError(2, "No such file")

    def take_action(self, parsed_args: Any) -> Answer[int]:
        def numbers() -> Iterator[int]:
            yield 1
            raise self.fault

        return Answer(numbers())


def test_a_list_has_every_format_and_json_without_a_word_about_them() -> None:
    assert do(ListThings, "-f", "csv").stdout == "name,size\nb,2\na,\n"
    assert do(ListThings, "--json").json == [
        {"name": "b", "size": 2},
        {"name": "a", "size": None},
    ]
    sorted_names = do(ListThings, "-f", "value", "-c", "name", "--sort-column", "name")
    assert sorted_names.stdout == "a\nb\n"


def test_a_record_has_every_format_and_json() -> None:
    assert do(ShowThing, "-f", "json").json == {"name": "b", "size": 2}
    assert do(ShowThing, "--json").json == {"name": "b", "size": 2}
    assert do(ShowThing, "-f", "value", "-c", "size").stdout == "2\n"


def test_an_answer_without_a_document_makes_one_of_each_item() -> None:
    assert do(ListNumbers, "-f", "csv").stdout == "number,square\n2,4\n3,9\n"
    lines = do(ListNumbers, "--json").stdout.splitlines()
    assert lines == ['{"number":2,"squared":4}', '{"number":3,"squared":9}']


def test_an_answer_has_documents_of_the_api() -> None:
    assert do(ListDocuments, "--json").stdout == '{"n":2}\n{"n":3}\n'


def test_an_answer_streams_one_document() -> None:
    assert do(ListStream, "--json").json == {"numbers": [{"n": 2}, {"n": 3}], "last": 3}
    assert do(ListStream, "-f", "value").stdout == "2\n3\n"


def test_a_cell_that_nobody_asked_for_is_not_made() -> None:
    assert do(ListDocuments, "-c", "number", "-f", "value").stdout == "2\n3\n"
    assert "ZeroDivisionError" in do(ListDocuments, expect=1).stderr


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("csv", "square,number\n9,3\n4,2\n"),
        ("value", "9 3\n4 2\n"),
        ("jsonl", '{"square":9,"number":3}\n{"square":4,"number":2}\n'),
        ("json", '[{"square": 9, "number": 3}, {"square": 4, "number": 2}]\n'),
        ("yaml", "- square: 9\n  number: 3\n- square: 4\n  number: 2\n"),
        ("table", "square  number\n--------------\n     9       3\n     4       2\n"),
    ],
)
def test_columns_come_in_the_order_asked_for_in_every_format(name: str, expected: str) -> None:
    options = ("-f", name, "-c", "square", "-c", "number", "--sort-column", "number")

    assert do(ListNumbers, *options, "--sort-descending", "--noindent").stdout == expected


def test_a_column_may_sort_without_being_shown() -> None:
    options = ("--sort-column", "square", "--sort-descending", "-c", "number")

    assert do(ListNumbers, *options, "-f", "value").stdout == "3\n2\n"


def test_an_answer_is_cut_after_it_was_sorted() -> None:
    result = do(ListFewest, "-f", "value", "--sort-column", "number", stderr_is_terminal=True)

    assert result.stdout == "1\n2\n# counted after the rows\n"
    assert result.stderr == "There are 3.\n"


def test_a_table_with_one_column_twice_is_refused_when_it_is_written() -> None:
    with pytest.raises(TypeError, match="two columns named 'number'"):

        class Twice(Lister):
            columns = (NUMBER, NUMBER)


@pytest.mark.parametrize(
    "fault",
    [FileNotFoundError(2, "No such file"), BrokenPipeError(32, "Broken pipe"), TimeoutError()],
    ids=["file", "pipe", "time"],
)
def test_a_fault_while_rows_are_made_is_that_of_the_command(
    monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    monkeypatch.setattr(ReadFile, "fault", fault)

    result = do(ReadFile, "-f", "jsonl", expect=1)

    assert f"this is a bug in bases: {type(fault).__name__}" in result.stderr
    assert "standard output" not in result.stderr


def test_an_answer_without_any_columns_is_a_fault_of_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ListNumbers, "columns", ())

    assert "ListNumbers declares no columns" in do(ListNumbers, expect=1).stderr


def test_what_is_neither_an_answer_nor_a_pair_is_a_fault_of_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ListNumbers, "take_action", lambda self, parsed_args: None)
    assert "take_action returned a NoneType" in do(ListNumbers, expect=1).stderr


def test_an_unknown_column_is_refused() -> None:
    assert "there is no column 'nope'" in do(ListThings, "-c", "nope", expect=2).stderr
    do(ListThings, "--sort-column", "nope", expect=2)


class ListMixed(Lister):
    """List values that have no order of their own."""

    def take_action(self, parsed_args: Any) -> Any:
        return ("value",), [({"b": 1},), (None,), ("x",), (3,)]


def test_values_of_several_types_are_sorted_and_all_are_printed() -> None:
    rows = do(ListMixed, "--sort-column", "Value", "-f", "value").stdout

    assert rows == '3\nx\n{"b":1}\n-\n'


@pytest.mark.parametrize("direction", ["ascending", "descending"])
def test_a_direction_without_a_column_is_refused(direction: str) -> None:
    told = do(ListThings, f"--sort-{direction}", expect=2).stderr

    assert f"--sort-{direction} needs a column" in told


def test_a_json_document_that_breaks_off_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def take_action(self: ListStream, parsed_args: Any) -> Answer[int]:
        def numbers() -> Iterator[int]:
            yield 2
            raise InvalidAnswer("rubbish")

        return Answer(numbers(), document=DocumentStream[int]("numbers", lambda n: {"n": n}))

    monkeypatch.setattr(ListStream, "take_action", take_action)

    result = do(ListStream, "--json", expect=7)

    assert result.stdout == '{"numbers":[{"n":2}'
    assert "this is not everything: it broke off after 1 row\n" in result.stderr


def test_a_list_that_breaks_off_is_told() -> None:
    result = do(BreakOff, "-f", "jsonl", expect=7)

    assert result.stdout == '{"name":"a"}\n'
    assert "it broke off after 1 row\n" in result.stderr


class ListSpellings(Lister):
    """List what differs in spelling alone."""

    def take_action(self, parsed_args):
        return ("Column One", "column_one"), [("b", 1), ("a", 2)]


def test_columns_that_differ_in_spelling_alone_are_all_there() -> None:
    assert do(ListSpellings, "-f", "value").stdout == "b 1\na 2\n"
    assert do(ListSpellings, "-f", "value", "--sort-column", "Column One").stdout == "a 2\nb 1\n"
    options = ("--sort-column", "column_one", "--sort-descending")
    assert do(ListSpellings, "-f", "value", *options).stdout == "a 2\nb 1\n"


def test_a_command_may_sort_by_itself() -> None:
    class ListSorted(ListSpellings):
        need_sort_by_cliff = False

    assert do(ListSorted, "-f", "value", "--sort-column", "Column One").stdout == "b 1\na 2\n"


def test_a_class_without_a_docstring_is_not_explained_by_its_base() -> None:
    class Bare(Lister):
        columns = (Column("name", lambda name, now: name),)

        def take_action(self, parsed_args: Any) -> Answer[str]:
            return Answer(())

    assert "Base of commands" not in do(Bare, "--help").stdout
