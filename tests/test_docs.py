"""What people read is true: help, examples, pages, and names that they mention."""

from __future__ import annotations

import argparse
import ast
import configparser
import functools
import importlib
import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from ampctl import errors
from ampctl.app import AmpApp
from ampctl.discovery.builtin import CORE_WORDS
from ampctl.discovery.registry import Registry
from ampctl.errors import ExitCode
from ampctl.session import Session
from ampctl.settings.options import add_global_options
from ampctl.testing import fake_runtime, invoke

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SETUP_FILES = [ROOT / "setup.cfg", *sorted(ROOT.glob("ampctl_*/setup.cfg"))]

OURS = [
    *(path.parent for path in SETUP_FILES[1:]),
    *(ROOT / name for name in ("ampctl", "docs", "tests")),
    *(ROOT / name for name in ("benchmarks", "changelog.d", "examples", "tools", ".ci")),
]
MADE = re.compile(r"/(__pycache__|_build|\w+\.egg-info)/")

COMMANDS = [
    *((word,) for word in CORE_WORDS),
    *((name, verb.name) for name, group in Registry().groups.items() for verb in group.verbs),
]

GROUPS = [(name,) for name in Registry().groups]

# Pieces, so that this file does not find itself.
OF_THE_WORKPLACE = re.compile(
    "|".join(("/wo" + "rk/", r"\.\./sha" + "red", r"\.lib" + "rary", r"\b(trap|issue)s? \d"))
)


def app() -> AmpApp:
    made = AmpApp(Session(fake_runtime()))
    made.options = argparse.Namespace()
    return made


def check_usage(line: str) -> None:
    """Parse a command line as ``ampctl`` would, without running it; raises if it is wrong."""
    program, *words = shlex.split(line, comments=True)
    assert program == "ampctl"
    made = app()
    words = made.parser.parse_args(words).words
    if not words or words[1:] in ([], ["--help"]):
        assert not words or words[0] in ("help", "shell", "complete", *Registry().groups)
        return
    found = made.registry.find_command(words)
    parser = found.load()(made, made.options).get_parser(f"ampctl {found.name}")
    if "--help" not in found.arguments:
        parser.parse_args(found.arguments)


def own_part(line: str) -> Iterator[str]:
    """Yield the usages of ampctl in a line of shell."""
    for part in re.split(r"""\s\|\s(?=(?:[^'"]|'[^']*'|"[^"]*")*$)""", line):
        part = re.split(r"\s>>?\s", part)[0].strip()
        if part.startswith("xargs ampctl"):
            yield f"{part.removeprefix('xargs ')} 1"
        elif part.startswith("ampctl"):
            yield part


def console_lines() -> Iterator[tuple[str, str]]:
    """Yield the file and the line of each command that our pages show."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("ampctl_*/*.md"), *DOCS.glob("*.rst")]
    for page in pages:
        for line in re.findall(r"^ *\$ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE):
            yield page.relative_to(ROOT).as_posix(), line


def extension(name: str = "commands") -> ModuleType:
    """Import what makes pages; that of the command reference if no other is named."""
    spec = importlib.util.spec_from_file_location(name, DOCS / "_ext" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def aliases_of(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the other names of a verb; the core's own commands have none."""
    verbs = Registry().groups[words[0]].verbs if len(words) > 1 else ()
    return next((verb.aliases for verb in verbs if verb.name == words[-1]), ())


@functools.cache
def run_by_tests(length: int) -> set[tuple[Any, ...]]:
    """Return the first words of all command lines that tests run and don't expect to be wrong."""
    files = (ROOT / "tests").rglob("test_*.py")
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in files)
    calls = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        tuple(getattr(argument, "value", None) for argument in call.args[:length])
        for call in calls
        if getattr(call.func, "id", getattr(call.func, "attr", "")) in ("invoke", "ampctl")
        and "expect=2" not in map(ast.unparse, call.keywords)
        and "'--help'" not in map(ast.unparse, call.args)
    }


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_has_a_summary_and_examples_that_parse(words: tuple[str, ...]) -> None:
    command = app().registry.find_command(words).load()

    assert (command.__doc__ or "").strip()
    assert command.examples
    for example in command.examples:
        usages = list(own_part(example))
        assert example.startswith("ampctl ")
        assert usages
        for usage in usages:
            check_usage(usage)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_the_help_of_every_command_shows_examples_of_its_use(words: tuple[str, ...]) -> None:
    examples = invoke("help", *words).stdout.partition("\nexamples:\n")[2].partition("\n\n")[0]

    group = words[:-1]
    names = [(*group, name) for name in (words[-1], *aliases_of(words))]
    shown = [
        shlex.split(line, comments=True)[1:] for line in examples.splitlines() if line[:1] == " "
    ]
    assert [line for line in shown if any(tuple(line[: len(name)]) == name for name in names)]


@pytest.mark.parametrize("columns", [66, 80, 120])
@pytest.mark.parametrize("words", [(), *GROUPS, *COMMANDS], ids=" ".join)
def test_no_help_is_wider_than_the_terminal(words: tuple[str, ...], columns: int) -> None:
    text = invoke("help", *words, is_terminal=True, environ={"COLUMNS": str(columns)}).stdout

    # An example is there to be copied in one piece, so it is no wider than most terminals are.
    widths = [(80 if line.startswith("  ampctl ") else columns, line) for line in text.split("\n")]
    assert [line for width, line in widths if len(line) > max(width, columns)] == []


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_is_run_by_a_test(words: tuple[str, ...]) -> None:
    assert words in run_by_tests(len(words))


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_option_of_a_command_is_explained(words: tuple[str, ...]) -> None:
    made = app()
    found = made.registry.find_command(words)
    actions = found.load()(made, made.options).get_parser(f"ampctl {found.name}")._actions

    assert [action.dest for action in actions if not action.help] == []


def test_every_command_is_in_the_reference_with_its_whole_help() -> None:
    pages = extension().make_command_pages()

    for words in COMMANDS:
        page = pages["core" if len(words) == 1 else words[0]]
        lines = [line.strip() for line in page.splitlines()]
        assert " ".join(("ampctl", *words)) in lines
        help_lines = invoke("help", *words).stdout.splitlines()
        assert [line for line in help_lines if line.strip() not in lines] == []


def test_every_exit_code_is_in_its_page_under_its_name() -> None:
    page = (DOCS / "exit-codes.rst").read_text(encoding="utf-8")

    shown = {name: int(code) for code, name in re.findall(r"\* - (\d+)\n +- ``(\w+)``", page)}
    assert shown == {code.name: code.value for code in ExitCode}


def test_every_setting_is_in_its_page() -> None:
    parser = argparse.ArgumentParser(add_help=False)
    add_global_options(parser)
    page = (DOCS / "settings.rst").read_text(encoding="utf-8")
    page += "\n".join(extension().make_settings_table())

    flags = [action.option_strings[0] for action in parser._actions]
    assert [flag for flag in flags if f"``{flag}" not in page] == []


def test_every_variable_that_the_sources_name_is_in_the_page_of_settings() -> None:
    sources = [ROOT / "ampctl", *(path.parent for path in SETUP_FILES[1:])]
    named: set[str] = set()
    for path in (path for folder in sources for path in folder.rglob("*.py")):
        named |= set(re.findall(r"\b(?:AMP_[A-Z_]+|NO_COLOR)\b", path.read_text(encoding="utf-8")))
    page = (DOCS / "settings.rst").read_text(encoding="utf-8")
    page += "\n".join(extension().make_settings_table())

    # The demonstration drops it, whatever it may mean to a later version.
    assert {name for name in named if f"``{name}``" not in page} - {"AMP_CONTEXT"} == set()


@pytest.mark.parametrize(("page", "line"), list(console_lines()))
def test_every_command_that_a_page_shows_exists(page: str, line: str) -> None:
    for usage in own_part(line):
        check_usage(usage)
    make = re.match(r"make ([a-z-]+)", line)
    if make:
        targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert make[1] in targets


def test_what_to_do_is_said_of_every_exit_code_error_and_cause() -> None:
    page = (DOCS / "troubleshooting.rst").read_text(encoding="utf-8")
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    raised = [one for one in kinds if issubclass(one, errors.AmpError | errors.Terminated)]

    names = [one.name for one in (*ExitCode, *errors.Cause)] + [one.__name__ for one in raised]
    # Nothing but one of its kinds is ever raised.
    assert [name for name in names if f"``{name}``" not in page] == ["ApiError"]


def test_the_commands_for_users_of_other_programs_exist() -> None:
    page = (DOCS / "coming-from-kubectl.rst").read_text(encoding="utf-8")
    commands = re.findall(r"- ``((?:job|worker) [^`]+)``$", page, re.MULTILINE)

    assert commands
    for command in commands:
        check_usage(f"ampctl {command}")


def read_rows(title: str) -> Iterator[list[list[str]]]:
    """Yield the literals of each cell, row by row, of a table for users of other programs."""
    page = (DOCS / "coming-from-kubectl.rst").read_text(encoding="utf-8")
    table = page.partition(f"\n{title}\n---")[2].partition("\n---")[0]
    for row in table.split("\n   * -")[2:]:
        yield [re.findall("``([^`]+)``", cell) for cell in row.split("\n     -")]


@pytest.mark.parametrize(
    ("typed", "command"),
    [(typed, row[-1][0]) for row in read_rows("Commands") for cell in row[:-1] for typed in cell],
)
def test_a_command_of_another_program_is_answered_with_ours(typed: str, command: str) -> None:
    verb = " ".join(command.split()[:2])

    assert re.search(
        f"did you mean '{verb}'( or|\\?)", invoke(*shlex.split(typed), expect=2).stderr
    )


def list_options() -> Iterator[tuple[str, str, str]]:
    for typed, meant in read_rows("Options"):
        command, waiting = "job list", []
        for literal in reversed(typed):
            if literal.startswith("job "):
                command = literal
                continue
            waiting.append((command, literal, meant[0]))
        yield from waiting


@pytest.mark.parametrize(("command", "option", "meant"), list(list_options()))
def test_an_option_of_another_program_is_answered_with_ours(
    command: str, option: str, meant: str
) -> None:
    words = shlex.split(f"{command} {option}")

    assert re.search(rf"{meant}(: it takes no value|\?)", invoke(*words, expect=2).stderr)


def test_every_option_of_a_command_has_an_address() -> None:
    page = extension().make_command_pages()["job"]

    assert "   .. program:: ampctl job list\n\n   .. option:: -w, --watch [SECONDS]\n" in page
    assert "   .. option:: --older AGE\n" in page
    assert ".. option:: --json" not in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("## 0.2.0 (2026-12-01)", "**0.2.0 (2026-12-01)**"),
        ("### Added", "*Added*"),
        ("- Added `job top`.", "- Added ``job top``."),
        ("See [this](https://x.example).", "See `this <https://x.example>`__."),
    ],
    ids=["release", "kind", "code", "link"],
)
def test_the_changelog_is_a_page(text: str, shown: str) -> None:
    assert "\n".join(extension("changelog").convert(text)).strip() == shown


@pytest.mark.parametrize("page", [*ROOT.glob("*.md")], ids=lambda page: page.name)
def test_links_between_files_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8"))

    inner = [target for target in targets if not target.startswith(("https://", "#"))]
    assert [target for target in inner if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("path", SETUP_FILES, ids=lambda path: path.parent.name)
def test_every_entry_point_imports(path: Path) -> None:
    parsed = configparser.ConfigParser()
    parsed.read(path)

    values = [
        line.split("=")[1].strip()
        for group in parsed["options.entry_points"].values()
        for line in group.strip().splitlines()
    ]
    assert values
    for module, _, attribute in (value.partition(":") for value in values):
        found = importlib.import_module(module)
        assert not attribute or getattr(found, attribute)


def test_no_file_speaks_of_the_place_where_it_was_written() -> None:
    files = [path for folder in OURS for path in folder.rglob("*")]
    # In a worktree .git is a file, and says where the repository is.
    files += [path for path in ROOT.iterdir() if not path.name.startswith((".coverage", ".git"))]
    files.append(ROOT / ".gitignore")
    written = [path for path in files if path.is_file() and not MADE.search(path.as_posix())]

    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in written
        for hit in OF_THE_WORKPLACE.finditer(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []
