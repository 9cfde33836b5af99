"""What command plugins build on: this page is the contract, all else in the core is private.

A command is a class in a module of its own, named by an entry point of ``ampctl.GROUP``::

    class ListWorkers(Lister):
        \"\"\"List the worker nodes.\"\"\"

        column_names = ("node_id",)

        def take_action(self, parsed_args):
            response = self.client.get("workers", action="list workers")
            return self.column_names, [(w["node_id"],) for w in response.document["workers"]]

``take_action`` checks what the parser can't, asks a resource client, and returns columns and
rows. The base classes do the rest: formats, ``--json``, failures of single targets, exit codes.

Beside this module :mod:`ampctl.client` is public, for programs without a command line, and so
is :mod:`ampctl.testing`. A name is imported when it is first asked for, so that a module pays
only for what it uses.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ampctl.bases.command import Command
    from ampctl.bases.display import Lister, ShowEach, ShowOne
    from ampctl.bases.records import Records, StreamedDocument
    from ampctl.client import AdminClient, Response
    from ampctl.client.numbers import INT64_MAX
    from ampctl.client.pages import walk_pages
    from ampctl.client.resource import Resource
    from ampctl.client.schema import DocumentSchema, Int64, ObjectOf, TimestampField, load
    from ampctl.client.times import age_text, duration_text, format_timestamp, parse_timestamp
    from ampctl.console.console import Console
    from ampctl.console.text import printable
    from ampctl.discovery.groups import API_VERSION, CommandGroup
    from ampctl.errors import (
        AccessError,
        AmpError,
        ApiError,
        Cause,
        ConnectError,
        ConnectionLost,
        Declined,
        EndpointMissing,
        ExitCode,
        InvalidAnswer,
        NotFoundError,
        PartialFailure,
        RefusedError,
        RequestTimeout,
        ServerError,
        UnavailableError,
        UsageError,
        WaitTimeout,
    )
    from ampctl.output.cells import Cell, Json, Lines, Number, Percent, Short, Size, Timestamp
    from ampctl.output.formatter import Formatter
    from ampctl.output.values import machine_text, plain
    from ampctl.runtime import Runtime
    from ampctl.settings.options import Settings
    from ampctl.settings.values import parse_duration

__all__ = [
    "API_VERSION",
    "INT64_MAX",
    "AccessError",
    "AdminClient",
    "AmpError",
    "ApiError",
    "Cause",
    "Cell",
    "Command",
    "CommandGroup",
    "ConnectError",
    "ConnectionLost",
    "Console",
    "Declined",
    "DocumentSchema",
    "EndpointMissing",
    "ExitCode",
    "Formatter",
    "Int64",
    "InvalidAnswer",
    "Json",
    "Lines",
    "Lister",
    "NotFoundError",
    "Number",
    "ObjectOf",
    "PartialFailure",
    "Percent",
    "Records",
    "RefusedError",
    "RequestTimeout",
    "Resource",
    "Response",
    "Runtime",
    "ServerError",
    "Settings",
    "Short",
    "ShowEach",
    "ShowOne",
    "Size",
    "StreamedDocument",
    "Timestamp",
    "TimestampField",
    "UnavailableError",
    "UsageError",
    "WaitTimeout",
    "age_text",
    "duration_text",
    "format_timestamp",
    "load",
    "machine_text",
    "parse_duration",
    "parse_timestamp",
    "plain",
    "printable",
    "walk_pages",
]

_HOMES = {
    "bases.command": ("Command",),
    "bases.display": ("Lister", "ShowEach", "ShowOne"),
    "bases.records": ("Records", "StreamedDocument"),
    "client": ("AdminClient", "Response"),
    "client.numbers": ("INT64_MAX",),
    "client.pages": ("walk_pages",),
    "client.resource": ("Resource",),
    "client.schema": ("DocumentSchema", "Int64", "ObjectOf", "TimestampField", "load"),
    "client.times": ("age_text", "duration_text", "format_timestamp", "parse_timestamp"),
    "console.console": ("Console",),
    "console.text": ("printable",),
    "discovery.groups": ("API_VERSION", "CommandGroup"),
    "output.cells": ("Cell", "Json", "Lines", "Number", "Percent", "Short", "Size", "Timestamp"),
    "output.formatter": ("Formatter",),
    "output.values": ("machine_text", "plain"),
    "runtime": ("Runtime",),
    "settings.options": ("Settings",),
    "settings.values": ("parse_duration",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # The errors are many, and the rest of the table is complete without them.
    home = importlib.import_module(f"ampctl.{_HOME_OF.get(name, 'errors')}")
    value = globals()[name] = getattr(home, name)
    return value


def __dir__() -> list[str]:
    return __all__
