"""The child of :mod:`ampctl.commands.plugin.probe`: says what is wrong with each entry point."""

from __future__ import annotations

import argparse
import inspect
import json
import os
import sys
from collections.abc import Iterator
from typing import Any

from ampctl.builtin import FORMATTERS, GROUPS
from ampctl.bytecode import explain_damage
from ampctl.entry_points import EntryPoint, load
from ampctl.errors import AmpError, PluginError
from ampctl.text import reason_of

Fault = tuple[str, str]


def main() -> None:
    """Read a task from standard input, and write a line of faults for each of its values."""
    verdicts = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # From here on nothing that a plugin prints can be taken for a verdict.
    os.dup2(2, 1)
    task = json.load(sys.stdin)
    sys.path[:] = task["path"]
    for group, value in task["values"]:
        faults = list(_faults(EntryPoint("probed", value, group)))
        verdicts.write(json.dumps(faults) + "\n")
        verdicts.flush()


def _faults(entry: EntryPoint) -> Iterator[Fault]:
    try:
        found = load(entry)
    except PluginError as error:
        cause = error.__cause__ or error
        damage = explain_damage(cause)
        yield "broken", damage.message if damage else reason_of(cause)
        return
    if entry.group == GROUPS:
        yield from _faults_of_group(found)
    elif entry.group == FORMATTERS:
        yield from _faults_of_formatter(found)
    else:
        yield from _faults_of_command(found)


def _faults_of_group(group: Any) -> Iterator[Fault]:
    from ampctl.groups import CommandGroup

    if not isinstance(group, CommandGroup):
        yield "broken", "it is no CommandGroup"
    elif not group.summary:
        yield "missing help", "it has no summary"


def _faults_of_formatter(formatter: Any) -> Iterator[Fault]:
    from ampctl.output.formatter import Formatter

    if not (isinstance(formatter, type) and issubclass(formatter, Formatter)):
        yield "broken", "it is no ampctl.plugin.Formatter"


def _faults_of_command(command: Any) -> Iterator[Fault]:
    from ampctl.command import Command

    if not (isinstance(command, type) and issubclass(command, Command)):
        yield "broken", "it is no ampctl.plugin.Command"
        return
    if not command.__doc__:
        yield "undocumented", "its class has no docstring"
    if not command.examples:
        yield "undocumented", "it has no examples"
    for example in command.examples:
        if not str(example).startswith("ampctl "):
            yield "undocumented", f"its example {example!r} is no whole command line"
    try:
        parser = _parser_of(command)
    except argparse.ArgumentError as error:
        yield "reserved option", str(error)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the plugin's
        yield "broken", f"its parser can't be made: {reason_of(error)}"
    else:
        for action in parser._actions:
            if not action.help:
                yield "missing help", f"{'/'.join(action.option_strings) or action.dest} has none"


def _parser_of(command: Any) -> argparse.ArgumentParser:
    from ampctl.app import AmpApp
    from ampctl.console import Console
    from ampctl.runtime import Runtime

    if inspect.isabstract(command):
        raise AmpError("it has no take_action")
    runtime = Runtime.of_process()
    app = AmpApp(runtime, Console(runtime))
    parser: argparse.ArgumentParser = command(app, argparse.Namespace()).get_parser("ampctl probed")
    return parser


if __name__ == "__main__":
    main()
