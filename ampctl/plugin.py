"""What command plugins build on: this page is the contract, all else in the core is private.

A command is a class in a module of its own, named by an entry point of ``ampctl.GROUP``::

    class ListWorkers(Lister):
        \"\"\"List the worker nodes.\"\"\"

        columns = (Column("node_id", lambda worker, now: worker["node_id"]),)

        def take_action(self, parsed_args):
            document = self.client.get("workers", action="list workers").document
            return Answer(document["workers"], document=document)

``take_action`` checks what the parser can't, asks a resource client, and returns what it found.
The base classes do the rest: formats, ``--json``, failures of single targets, exit codes.

Beside this module :mod:`ampctl.client` is public, for programs without a command line, and so
is :mod:`ampctl.testing`. A name is imported when it is first asked for, so that a module pays
only for what it uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ampctl.bases.answer import Answer as Answer
    from ampctl.bases.answer import Column as Column
    from ampctl.bases.answer import DocumentStream as DocumentStream
    from ampctl.bases.aside import Ran as Ran
    from ampctl.bases.bulk import Bulk as Bulk
    from ampctl.bases.command import Command as Command
    from ampctl.bases.confirming import Confirming as Confirming
    from ampctl.bases.display import Lister as Lister
    from ampctl.bases.display import ShowOne as ShowOne
    from ampctl.bases.drawing import Drawing as Drawing
    from ampctl.bases.ids import expand_ids as expand_ids
    from ampctl.bases.ids import parse_ids as parse_ids
    from ampctl.bases.waiting import Waiting as Waiting
    from ampctl.bases.watching import Watching as Watching
    from ampctl.bases.watching import add_watch as add_watch
    from ampctl.client import AdminClient as AdminClient
    from ampctl.client import Response as Response
    from ampctl.client.background import start_call as start_call
    from ampctl.client.batch import Batch as Batch
    from ampctl.client.numbers import INT64_MAX as INT64_MAX
    from ampctl.client.pages import check_page as check_page
    from ampctl.client.pages import walk_batches as walk_batches
    from ampctl.client.pages import walk_pages as walk_pages
    from ampctl.client.resource import Resource as Resource
    from ampctl.client.schema import DocumentSchema as DocumentSchema
    from ampctl.client.schema import Int64 as Int64
    from ampctl.client.schema import ObjectOf as ObjectOf
    from ampctl.client.schema import TimestampField as TimestampField
    from ampctl.client.schema import load as load
    from ampctl.client.shape import Shape as Shape
    from ampctl.client.shape import Unusual as Unusual
    from ampctl.client.shape import absent_or as absent_or
    from ampctl.client.shape import choose as choose
    from ampctl.client.shape import optional as optional
    from ampctl.client.shape import read_booleans as read_booleans
    from ampctl.client.shape import read_ids as read_ids
    from ampctl.client.shape import read_integers as read_integers
    from ampctl.client.shape import read_lists as read_lists
    from ampctl.client.shape import read_texts as read_texts
    from ampctl.client.shape import read_timestamps as read_timestamps
    from ampctl.client.times import format_age as format_age
    from ampctl.client.times import format_duration as format_duration
    from ampctl.client.times import format_timestamp as format_timestamp
    from ampctl.client.times import parse_timestamp as parse_timestamp
    from ampctl.console.console import Console as Console
    from ampctl.console.fullscreen import FullScreen as FullScreen
    from ampctl.console.painter import measure_terminal as measure_terminal
    from ampctl.console.text import printable as printable
    from ampctl.discovery.groups import API_VERSION as API_VERSION
    from ampctl.discovery.groups import CommandGroup as CommandGroup
    from ampctl.errors import AccessError as AccessError
    from ampctl.errors import AmpError as AmpError
    from ampctl.errors import ApiError as ApiError
    from ampctl.errors import Cause as Cause
    from ampctl.errors import ConnectError as ConnectError
    from ampctl.errors import ConnectionLost as ConnectionLost
    from ampctl.errors import Declined as Declined
    from ampctl.errors import EndpointMissing as EndpointMissing
    from ampctl.errors import ExitCode as ExitCode
    from ampctl.errors import GivenUp as GivenUp
    from ampctl.errors import InvalidAnswer as InvalidAnswer
    from ampctl.errors import NotFoundError as NotFoundError
    from ampctl.errors import PartialFailure as PartialFailure
    from ampctl.errors import RefusedError as RefusedError
    from ampctl.errors import RequestTimeout as RequestTimeout
    from ampctl.errors import ServerError as ServerError
    from ampctl.errors import UnavailableError as UnavailableError
    from ampctl.errors import UsageError as UsageError
    from ampctl.errors import WaitTimeout as WaitTimeout
    from ampctl.output.cells import Cell as Cell
    from ampctl.output.cells import Duration as Duration
    from ampctl.output.cells import Json as Json
    from ampctl.output.cells import Lines as Lines
    from ampctl.output.cells import Marked as Marked
    from ampctl.output.cells import Number as Number
    from ampctl.output.cells import Percent as Percent
    from ampctl.output.cells import Short as Short
    from ampctl.output.cells import Size as Size
    from ampctl.output.cells import Timestamp as Timestamp
    from ampctl.output.formatter import Formatter as Formatter
    from ampctl.output.screen import UNCUT as UNCUT
    from ampctl.output.screen import Look as Look
    from ampctl.output.screen import Mark as Mark
    from ampctl.output.values import machine_text as machine_text
    from ampctl.output.values import plain as plain
    from ampctl.runtime import Runtime as Runtime
    from ampctl.settings.completing import Candidate as Candidate
    from ampctl.settings.completing import CompletionQuery as CompletionQuery
    from ampctl.settings.completing import Source as Source
    from ampctl.settings.completing import completes as completes
    from ampctl.settings.completing import offer as offer
    from ampctl.settings.completing import offer_list as offer_list
    from ampctl.settings.options import Settings as Settings
    from ampctl.settings.similar import suggest_similar as suggest_similar
    from ampctl.settings.values import parse_duration as parse_duration
    from ampctl.settings.values import parse_path as parse_path
else:
    from ampctl.lazy import export_lazily

    __all__, __getattr__, __dir__ = export_lazily(
        globals(),
        {
            "ampctl.bases.answer": ("Answer", "Column", "DocumentStream"),
            "ampctl.bases.aside": ("Ran",),
            "ampctl.bases.bulk": ("Bulk",),
            "ampctl.bases.command": ("Command",),
            "ampctl.bases.confirming": ("Confirming",),
            "ampctl.bases.display": ("Lister", "ShowOne"),
            "ampctl.bases.drawing": ("Drawing",),
            "ampctl.bases.ids": ("expand_ids", "parse_ids"),
            "ampctl.bases.waiting": ("Waiting",),
            "ampctl.bases.watching": ("Watching", "add_watch"),
            "ampctl.client": ("AdminClient", "Response"),
            "ampctl.client.background": ("start_call",),
            "ampctl.client.batch": ("Batch",),
            "ampctl.client.numbers": ("INT64_MAX",),
            "ampctl.client.pages": ("check_page", "walk_batches", "walk_pages"),
            "ampctl.client.resource": ("Resource",),
            "ampctl.client.schema": (
                "DocumentSchema",
                "Int64",
                "ObjectOf",
                "TimestampField",
                "load",
            ),
            "ampctl.client.shape": (
                "Shape",
                "Unusual",
                "absent_or",
                "choose",
                "optional",
                "read_booleans",
                "read_ids",
                "read_integers",
                "read_lists",
                "read_texts",
                "read_timestamps",
            ),
            "ampctl.client.times": (
                "format_age",
                "format_duration",
                "format_timestamp",
                "parse_timestamp",
            ),
            "ampctl.console.console": ("Console",),
            "ampctl.console.fullscreen": ("FullScreen",),
            "ampctl.console.painter": ("measure_terminal",),
            "ampctl.console.text": ("printable",),
            "ampctl.discovery.groups": ("API_VERSION", "CommandGroup"),
            "ampctl.errors": (
                "AccessError",
                "AmpError",
                "ApiError",
                "Cause",
                "ConnectError",
                "ConnectionLost",
                "Declined",
                "EndpointMissing",
                "ExitCode",
                "GivenUp",
                "InvalidAnswer",
                "NotFoundError",
                "PartialFailure",
                "RefusedError",
                "RequestTimeout",
                "ServerError",
                "UnavailableError",
                "UsageError",
                "WaitTimeout",
            ),
            "ampctl.output.cells": (
                "Cell",
                "Duration",
                "Json",
                "Lines",
                "Marked",
                "Number",
                "Percent",
                "Short",
                "Size",
                "Timestamp",
            ),
            "ampctl.output.formatter": ("Formatter",),
            "ampctl.output.screen": ("UNCUT", "Look", "Mark"),
            "ampctl.output.values": ("machine_text", "plain"),
            "ampctl.runtime": ("Runtime",),
            "ampctl.settings.completing": (
                "Candidate",
                "CompletionQuery",
                "Source",
                "completes",
                "offer",
                "offer_list",
            ),
            "ampctl.settings.options": ("Settings",),
            "ampctl.settings.similar": ("suggest_similar",),
            "ampctl.settings.values": ("parse_duration", "parse_path"),
        },
    )
