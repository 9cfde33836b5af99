"""What command plugins build on: this page is the contract, all else in the core is private.

A command is a class in a module of its own, named by an entry point of ``ampctl.GROUP``::

    class ListWorkers(Lister):
        \"\"\"List the worker nodes.\"\"\"

        column_names = ("node_id",)

        def take_action(self, parsed_args):
            answer = self.client.get("workers", doing="list workers")
            return self.column_names, [(w["node_id"],) for w in answer.document["workers"]]

``take_action`` checks what the parser can't, asks a resource client, and returns columns and
rows. The base classes do the rest: formats, ``--json``, failures of single targets, exit codes.
"""

from __future__ import annotations

from ampctl.command import Command
from ampctl.display import Lister, ShowEach, ShowOne
from ampctl.groups import API_VERSION, CommandGroup
from ampctl.output.records import Records, StreamedDocument

__all__ = [
    "API_VERSION",
    "Command",
    "CommandGroup",
    "Lister",
    "Records",
    "ShowEach",
    "ShowOne",
    "StreamedDocument",
]
