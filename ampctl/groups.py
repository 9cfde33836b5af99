"""What a plugin says of a command group."""

from __future__ import annotations

import dataclasses

API_VERSION = "1"


@dataclasses.dataclass(frozen=True, kw_only=True)
class CommandGroup:
    """A group of commands, offered under the entry-point group ``ampctl.groups``.

    Attributes:
        summary: one line for ``ampctl --help``, without a full stop.
        api: the major version of the plugin contract that the group was written for.
    """

    summary: str
    api: str
