"""What a plugin says of a command group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

API_VERSION = "1"
"""The version of the plugin contract that this ampctl speaks."""

FIRST_VERSION = "1"
"""The version that is assumed of a plugin that does not say one."""


class CommandGroup:
    """A group of commands, offered under the entry-point group ``ampctl.groups``.

    It is read from the source without being run, so write it as one call with literals.

    Attributes:
        summary: one line for ``ampctl --help``, without a full stop.
        api: the version of the plugin contract that the group was written for.
        aliases: other names of the group, such as ``jobs`` for ``job``.
        synonyms: for a verb the words that people may type instead, such as
            ``{"rm": ("delete",)}``. They run nothing: the verb is suggested, and found by
            ``ampctl help --search``.
    """

    # Not a dataclass: to make one takes longer than all that a group is made for.
    __slots__ = ("aliases", "api", "summary", "synonyms")

    def __init__(
        self,
        *,
        summary: str,
        api: str,
        aliases: tuple[str, ...] = (),
        synonyms: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self.summary = summary
        self.api = api
        self.aliases = aliases
        self.synonyms = synonyms
