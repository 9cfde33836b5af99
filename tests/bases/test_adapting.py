"""Commands that were written for cliff, and know nothing of ampctl."""

from __future__ import annotations

import abc
import argparse
import contextlib
import logging
from typing import Any

import pytest
from cliff.command import Command as CliffCommand
from cliff.lister import Lister as CliffLister
from cliff.show import ShowOne as CliffShowOne

from ampctl.plugin import Command, Lister, ShowOne
from ampctl.testing import fake_runtime, invoke
from ampctl.testing.fakes import MemoryStream

from .running import do


class Greet(CliffCommand):
    """Greet somebody."""

    log = logging.getLogger("stock.greet")

    def get_parser(self, prog_name):
        parser = super().get_parser(prog_name)
        parser.add_argument("-q", "--question", action="store_true", help="ask\nand wait")
        parser.add_argument("--retries", default="none of ours")
        parser.add_argument("plugins", nargs="*")
        return parser

    def take_action(self, parsed_args):
        self.log.info("greeting")
        self.log.debug("in detail")
        self.app.LOG.debug("as application")
        words = [self.cmd_name, parsed_args.retries, *parsed_args.plugins]
        self.app.stdout.write(" ".join(words) + ("?\n" if parsed_args.question else "!\n"))
        print(self.app_args.verbose_level, self.app_args.debug, self.app.options.log_file)
        return len(parsed_args.plugins)


class Files(CliffLister):
    """Show files."""

    rows: Any = (("b\x1b", 1, None), ("a", 10, "x"))

    def take_action(self, parsed_args):
        return ("File Name", "Size", "Modified By"), self.rows


class File(CliffShowOne):
    """Show a file."""

    def take_action(self, parsed_args):
        return self.dict2columns({"File Name": "a b", "Size": 2})


class Meta(abc.ABCMeta):
    """Gives each class a log of its own, as some libraries do."""

    def __new__(mcs, name, bases, namespace):
        namespace.setdefault("log", logging.getLogger(f"{namespace['__module__']}.{name}"))
        return super().__new__(mcs, name, bases, namespace)


class LibraryLister(CliffLister, metaclass=Meta):
    def run(self, parsed_args):
        self.log.debug("run(%s)", parsed_args)
        return super().run(parsed_args)


class Servers(LibraryLister):
    """Show servers."""

    def __init__(self, app, app_args):
        super().__init__(app, app_args)

    def take_action(self, parsed_args):
        return ("Name",), [[self.log.name]]


def test_a_command_does_what_cliff_promises() -> None:
    result = do(Greet, "you", "-q", expect=1)

    assert result.stdout == "thing do none of ours you?\n1 False None\n"
    assert result.stderr == "ampctl: greeting\n"


def test_its_log_follows_the_global_options() -> None:
    assert invoke_greet("-q", "thing", "do").stderr == ""
    loud = invoke_greet("-v", "thing", "do")
    assert loud.stderr == "ampctl: greeting\nampctl: in detail\nampctl: as application\n"
    assert loud.stdout.endswith("2 False None\n")


def invoke_greet(*line: str) -> Any:
    return invoke(*line, commands={"thing do": Greet})


def test_options_of_its_own_win_over_the_global_ones() -> None:
    result = do(Greet, "--retries", "5", "-q", "--admin-url", "http://x", "-v")

    assert result.stdout == "thing do 5?\n2 False None\n"


def test_its_help_is_laid_out_by_cliff_and_names_where_it_comes_from() -> None:
    text = do(Greet, "--help").stdout

    assert text.startswith("usage: ampctl thing do [-h] [-q] [--retries RETRIES] [plugins ...]\n")
    assert "ask\n" in text
    assert "and wait\n" in text
    assert "This command is provided by the" in text


def test_a_wrong_option_is_wrong_usage() -> None:
    assert "did you mean --retries?" in do(Greet, "--retry", "1", expect=2).stderr


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("-f", "csv"), "File Name,Size,Modified By\nb\\x1b,1,\na,10,x\n"),
        (("-f", "value"), "b\\x1b 1 -\na 10 x\n"),
        (("-f", "value", "-c", "file_name", "-c", "SIZE"), "b\\x1b 1\na 10\n"),
        (("-f", "value", "-c", "Modified By", "--sort-column", "size"), "-\nx\n"),
        (("-f", "value", "-c", "size", "--sort-column", "File Name"), "10\n1\n"),
        (
            ("--json",),
            '[{"File Name": "b\\u001b", "Size": 1, "Modified By": null}, '
            '{"File Name": "a", "Size": 10, "Modified By": "x"}]\n',
        ),
        (("-f", "yaml", "-c", "size"), "- Size: 1\n- Size: 10\n"),
        (("-f", "jsonl", "-c", "size"), '{"Size":1}\n{"Size":10}\n'),
        (("-c", "size"), "Size\n----\n   1\n  10\n"),
    ],
)
def test_a_lister_prints_in_our_formats(options: tuple[str, ...], expected: str) -> None:
    assert do(Files, *options).stdout == expected


def test_a_show_one_prints_in_our_formats() -> None:
    assert do(File).stdout == "field      value\n----------------\nFile Name  a b\nSize       2\n"
    assert do(File, "-f", "json").json == {"File Name": "a b", "Size": 2}
    shell = do(File, "-f", "shell", "--prefix", "f_").stdout
    assert shell == 'f_file_name="a b"\nf_size="2"\n'


def test_a_column_that_does_not_exist_is_wrong_usage() -> None:
    told = do(Files, "-c", "seize", expect=2).stderr

    assert "there is no column 'seize'; there are File Name, Size, Modified By" in told


def test_a_class_with_a_metaclass_and_a_constructor_of_its_own_works() -> None:
    assert do(Servers, "-f", "value").stdout == f"{__name__}.Servers\n"


def test_what_it_raises_is_its_message_and_not_a_bug() -> None:
    class Fail(CliffCommand):
        def take_action(self, parsed_args):
            raise RuntimeError("no such server")

    assert do(Fail, expect=1).stderr == (
        "ampctl: 'thing do' failed: RuntimeError: no such server\n"
        "        Try: the same command with --debug, to see where\n"
    )


@pytest.mark.parametrize("name", ["client", "console", "settings", "for_each"])
def test_what_comes_with_our_bases_is_named_when_it_is_asked_for(name: str) -> None:
    class Ask(CliffCommand):
        def take_action(self, parsed_args):
            return getattr(self, name)

    assert f"Ask derives from cliff's bases, and {name!r} comes with those of ampctl.plugin" in (
        do(Ask, expect=1).stderr
    )


def test_it_may_have_attributes_of_its_own_by_any_name() -> None:
    class Own(CliffCommand):
        owner = "me"

        def __getattr__(self, name):
            return f"no {name}"

        def take_action(self, parsed_args):
            self.client = self.settings = self.console = "mine"
            self.app.stdout.write(f"{self.client} {self.owner} {self.runtime}")

    assert do(Own).stdout == "mine me no runtime"


@pytest.mark.parametrize("returned", ["text", -1, 256, {"a": 1}])
def test_what_it_returns_beside_an_exit_code_is_a_failure(returned: object) -> None:
    class Odd(CliffCommand):
        def take_action(self, parsed_args):
            return returned

    assert do(Odd, expect=1).stderr == ""


@pytest.mark.parametrize(("handler", "seen"), [("ignore", "one"), ("resolve", "two")])
def test_conflicting_options_are_handled_as_it_says(handler: str, seen: str) -> None:
    class Twice(CliffCommand):
        conflict_handler = handler

        def get_parser(self, prog_name):
            parser = super().get_parser(prog_name)
            parser.add_argument("-n", "--name", dest="one")
            warns = pytest.warns(UserWarning, match="Ignoring option string -n")
            with warns if handler == "ignore" else contextlib.nullcontext():
                parser.add_argument("-n", "--number", dest="two")
            return parser

        def take_action(self, parsed_args):
            given = [name for name in ("one", "two") if vars(parsed_args)[name]]
            self.app.stdout.write(given[0])

    assert do(Twice, "-n", "5").stdout == seen


def test_a_parser_that_it_makes_for_itself_may_end_the_command(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Own(CliffCommand):
        def get_parser(self, prog_name):
            parser = argparse.ArgumentParser(prog=prog_name)
            monkeypatch.setattr(parser, "_print_message", lambda message, file: None)
            return parser

        def take_action(self, parsed_args):
            self.app.stdout.write("done\n")

    assert do(Own).stdout == "done\n"
    assert do(Own, "--help").stdout == ""
    assert do(Own, "--wrong", expect=2).stderr == ""


def test_a_closed_pipe_ends_it_quietly() -> None:
    class Closed(MemoryStream):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    runtime = fake_runtime()
    object.__setattr__(runtime, "stdout", Closed())

    with pytest.raises(AssertionError, match="exit 141") as caught:
        do(Greet, runtime=runtime)
    assert "ampctl: greeting" in str(caught.value)


def test_a_class_that_prints_in_two_ways_is_refused_with_the_reason() -> None:
    with pytest.raises(TypeError, match="Mixed can't be ShowOne and Lister at once"):

        class Mixed(File, Lister):
            pass

    with pytest.raises(TypeError, match="can't be Lister and ShowOne at once"):

        class Other(Files, ShowOne):
            pass

    with pytest.raises(TypeError, match=r"use Lister of ampctl\.plugin instead"):

        class Both(Command, CliffLister):
            pass


def test_a_lister_of_cliffs_may_be_mixed_with_ours() -> None:
    class Mixed(Files, Lister):
        pass

    assert do(Mixed, "-f", "value", "-c", "size").stdout == "1\n10\n"
    assert do(Mixed, "-f", "csv").stdout == do(Files, "-f", "csv").stdout


def test_two_bases_of_cliffs_print_as_the_first_of_them() -> None:
    class ListFirst(Files, CliffShowOne):
        pass

    class OneFirst(File, CliffLister):
        pass

    assert do(ListFirst, "-f", "value", "-c", "size").stdout == "1\n10\n"
    assert do(OneFirst, "-f", "shell", "-c", "size").stdout == 'size="2"\n'
    assert "none of csv, json, jsonl, table" in do(ListFirst, "-f", "shell", expect=2).stderr


def test_what_is_no_command_is_refused() -> None:
    told = do(dict, expect=2).stderr  # type: ignore[arg-type]  # what else should be refused

    assert "dict is not an ampctl.plugin.Command, and none of cliff's" in told
