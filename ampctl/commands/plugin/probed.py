"""The child of :mod:`ampctl.commands.plugin.probe`: says what is wrong with each entry point."""

from __future__ import annotations

import argparse
import functools
import inspect
import json
import os
import sys
import threading
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from ampctl.commands.plugin.sources import find_faults_of_class
from ampctl.console.bytecode import explain_damage
from ampctl.console.text import reason_of, shorten
from ampctl.discovery.builtin import GROUPS
from ampctl.discovery.entry_points import EntryPoint
from ampctl.discovery.formats import add_options, begin_fault, load_formatter
from ampctl.discovery.loading import load_object
from ampctl.discovery.names import is_format, is_hook
from ampctl.errors import AmpError, PluginError
from ampctl.output.merging import add_where_free
from ampctl.output.options import add_choice_options, add_sort_options
from ampctl.settings.options import add_global_options

Fault = tuple[str, str]

_LONGEST_THREAD_S = 0.5
_OF_HOOKS = ("get_parser", "get_epilog", "before", "after")


def main() -> None:
    """Read groups and values from standard input, and write a line of faults for each of them."""
    verdicts = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # From here on nothing that a plugin prints can pass for a verdict.
    os.dup2(2, 1)
    known = set(threading.enumerate())
    for group, value in json.load(sys.stdin):
        faults = list(_find_faults(EntryPoint("probed", value, group)))
        left = _find_threads(known)
        known.update(left)
        faults += [("thread", f"its import leaves {one.name!r} running") for one in left]
        verdicts.write(json.dumps(faults) + "\n")
        verdicts.flush()
    if any(not one.daemon for one in known - {threading.main_thread()}):
        # Python would wait for them, and they may never end.
        os._exit(0)


def _find_threads(known: Collection[threading.Thread]) -> list[threading.Thread]:
    """Return the threads that are new, and go on though they were given time to end."""
    new = [one for one in threading.enumerate() if one not in known]
    for one in new:
        one.join(_LONGEST_THREAD_S)
    return [one for one in new if one.is_alive()]


def _find_faults(entry: EntryPoint) -> Iterator[Fault]:
    try:
        found = load_formatter(entry) if is_format(entry) else load_object(entry)
    except PluginError as error:
        damage = explain_damage(error.__cause__) if error.__cause__ else error
        fact = damage.message if damage else shorten(reason_of(error.__cause__ or error))
        yield "broken", fact.removeprefix(begin_fault(entry))
        return
    if entry.group == GROUPS:
        yield from _check_group(found)
    elif is_hook(entry):
        yield from _check_hook(found)
    elif is_format(entry):
        yield from _check_format(found)
    else:
        yield from _check_command(found)


def _check_group(group: Any) -> Iterator[Fault]:
    from ampctl.discovery.groups import CommandGroup

    if not isinstance(group, CommandGroup):
        yield "broken", "it is not a CommandGroup"
    elif not group.summary:
        yield "missing help", "it has no summary"


def _check_hook(hook: Any) -> Iterator[Fault]:
    missing = [name for name in _OF_HOOKS if not hasattr(hook, name)]
    if missing:
        yield "broken", f"it is not a hook: it has no {' and no '.join(missing)}"


def _check_format(found: Any) -> Iterator[Fault]:
    yield from find_faults_of_class(found.plugin)
    parser = argparse.ArgumentParser(add_help=False)
    add_global_options(parser, hidden=True)
    add_choice_options(parser, formats=(), default="", columns=())
    add_sort_options(parser)
    for name in add_where_free(parser, functools.partial(add_options, found.obj)):
        yield "reserved option", f"{name} is an option of ampctl's own, so that it has none"


def _check_command(found: Any) -> Iterator[Fault]:
    from ampctl.bases.adapting import adapt
    from ampctl.bases.command import Command
    from ampctl.bases.display import Display

    try:
        command: Any = adapt(found, "it")
    except PluginError as error:
        yield "broken", error.message.removeprefix("it can't be used: ")
        return
    if not command.__doc__:
        yield "undocumented", "its class has no docstring"
    # Only our own bases have a place for examples.
    examples = command.examples if issubclass(command, Command) else ("ampctl ",)
    if not examples:
        yield "undocumented", "it has no examples"
    for example in examples:
        if not str(example).startswith("ampctl "):
            yield "undocumented", f"its example {example!r} is not a complete command line"
    if issubclass(command, Command):
        faults = find_faults_of_class(found, _list_columns(found))
        # What has no answer may print.
        yield from (one for one in faults if issubclass(command, Display) or one[0] != "prints")
    try:
        parser = _make_parser(command)
    except argparse.ArgumentError as error:
        yield "reserved option", str(error)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the plugin's
        yield "broken", f"its parser can't be made: {shorten(reason_of(error))}"
    else:
        for action in parser._actions:
            if not action.help:
                yield "missing help", f"{'/'.join(action.option_strings) or action.dest} has none"


def _list_columns(command: Any) -> Sequence[str]:
    """Return the columns that a command declares, if it answers with data."""
    return [one.name for one in getattr(command, "columns", [])] or getattr(
        command, "column_names", []
    )


def _make_parser(command: Any) -> argparse.ArgumentParser:
    from ampctl.app import AmpApp
    from ampctl.runtime import Runtime
    from ampctl.session import Session

    if inspect.isabstract(command):
        raise AmpError("it has no take_action")
    app = AmpApp(Session(Runtime.of_process()))
    parser: argparse.ArgumentParser = command(app, argparse.Namespace()).get_parser("ampctl probed")
    return parser


if __name__ == "__main__":
    main()
