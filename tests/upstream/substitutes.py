"""A plugin of pytest that puts our classes in the place of cliff's, before cliff's tests see them.

Which of those tests fail by decision, and why, is in ``decided.txt`` beside this file: each must
fail, and all others must pass.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any
from unittest import mock

import cliff.app
import cliff.command
import cliff.commandmanager
import cliff.formatters.commaseparated
import cliff.formatters.json_format
import cliff.formatters.shell
import cliff.formatters.table
import cliff.formatters.value
import cliff.formatters.yaml_format
import cliff.lister
import cliff.show
import pytest

import ampctl.bases.hosting
from ampctl.app import AmpApp
from ampctl.bases import adapting
from ampctl.discovery.command_manager import CommandManager
from ampctl.discovery.registry import Registry
from ampctl.output.csv import CsvFormatter
from ampctl.output.json import JsonFormatter
from ampctl.output.shell import ShellFormatter
from ampctl.output.table import TableFormatter
from ampctl.output.value import ValueFormatter
from ampctl.output.yaml import YamlFormatter
from ampctl.plugin import Command, Lister, ShowOne
from ampctl.runtime import Runtime
from ampctl.session import Session

DECIDED = Path(__file__).with_name("decided.txt")


class Manager(CommandManager):
    """Ours, made as cliff's is; what is installed for ampctl plays no part."""

    def __init__(self, namespace: str, convert_underscores: bool = True, **options: Any) -> None:
        super().__init__(Registry(allowed=()), convert_underscores, **options)
        self.namespace = namespace
        self.load_commands(namespace)


class App(AmpApp):
    """Ours, made as cliff's is."""

    def __init__(
        self, description: Any, version: Any, command_manager: Any, *streams: Any, **options: Any
    ) -> None:
        given = dict(zip(("stdin", "stdout", "stderr"), streams, strict=False)) | options
        self.deferred_help = given.pop("deferred_help", False)
        factory = given.pop("interactive_app_factory", None)
        runtime = Runtime.of_process()
        named = {name: stream for name, stream in given.items() if stream is not None}
        super().__init__(Session(dataclasses.replace(runtime, **named)))
        self.command_manager = command_manager
        self.interactive_app_factory = factory


def adapt(command_class: Any, owner: str) -> Any:
    """Adapt what cliff's tests add as commands: objects that pose as classes, too."""
    if not isinstance(command_class, mock.Mock):
        return adapting.adapt(command_class, owner)

    def make(app: Any, options: Any) -> Any:
        command = command_class(app, options)
        command.configure_mock(app=app, ampctl_informs=True, ampctl_owner=owner)
        return command

    return make


SUBSTITUTES = {
    ampctl.bases.hosting: {"adapt": adapt},
    cliff.app: {"App": App},
    cliff.command: {"Command": Command},
    cliff.commandmanager: {"CommandManager": Manager},
    cliff.lister: {"Lister": Lister},
    cliff.show: {"ShowOne": ShowOne},
    cliff.formatters.commaseparated: {"CSVLister": CsvFormatter},
    cliff.formatters.json_format: {"JSONFormatter": JsonFormatter},
    cliff.formatters.shell: {"ShellFormatter": ShellFormatter},
    cliff.formatters.table: {"TableFormatter": TableFormatter},
    cliff.formatters.value: {"ValueFormatter": ValueFormatter},
    cliff.formatters.yaml_format: {"YAMLFormatter": YamlFormatter},
}


def pytest_configure() -> None:
    """Put ours in their place."""
    for module, classes in SUBSTITUTES.items():
        for name, substitute in classes.items():
            setattr(module, name, substitute)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expect those that fail by decision to fail."""
    decided = dict(read_decided())
    for item in items:
        name = item.nodeid.rpartition("/")[2]
        if name in decided:
            item.add_marker(pytest.mark.xfail(reason=decided[name], strict=True))


def read_decided() -> list[tuple[str, str]]:
    """Return the tests that fail by decision, such as ``test_a.py::A::test_b``, with the reason."""
    lines = DECIDED.read_text(encoding="utf-8").splitlines()
    rows = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    return [(name, reason) for name, reason in rows]
