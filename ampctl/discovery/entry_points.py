"""Entry points, and the distributions that declare them."""

from __future__ import annotations

import contextlib
import functools
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from importlib import metadata
    from importlib.metadata import Distribution

_SEPARATORS = re.compile("[-_.]+")

# Anything may have happened to the files of an installation, and each kind of damage raises its
# own exception: where metadata are read, every exception means that nothing can be known.
#
# The library is imported where it is used: a third of the time in which a word is completed.


class Installed:
    """A distribution that is installed, with what is known of it from its place alone.

    Args:
        distribution: the same as the library has it, if it is in an archive.

    Attributes:
        name: its normalized name.
        text: its entry points, if some of them are meant for ampctl; otherwise empty.
        info: the folder of its metadata, or the path of the archive.
        folder: where its modules are; empty if they are in an archive.
    """

    def __init__(
        self, name: str, text: str, info: str, distribution: Distribution | None = None
    ) -> None:
        self.name = name
        self.text = text
        self.info = info
        self.folder = "" if distribution else info.rpartition("/")[0]
        self._distribution = distribution

    @property
    def metadata(self) -> metadata.PackageMetadata:
        """Its metadata; they may be missing or damaged, which raises any exception."""
        if self._distribution is None:
            from importlib.metadata import Distribution

            self._distribution = Distribution.at(self.info)
        return self._distribution.metadata


class EntryPoint(NamedTuple):
    """A name for ``module:attribute`` in a group, as a distribution declares it.

    The library's own class takes several times as long to make and to compare.
    """

    name: str
    value: str
    group: str
    dist: Installed | None = None

    @property
    def module(self) -> str:
        """The module of the value."""
        return self.value.partition(":")[0]

    @property
    def attr(self) -> str:
        """The object in the module."""
        return self.value.partition(":")[2]

    def to_library(self) -> metadata.EntryPoint:
        """Return the same as the library has it, which can be loaded."""
        from importlib import metadata

        return metadata.EntryPoint(self.name, self.value, self.group)

    @property
    def owner(self) -> str:
        """The name of the distribution that declares it; of the module if there is none."""
        return read_name(self.dist) if self.dist else self.module.partition(".")[0]


@functools.cache
def read_name(distribution: Distribution | Installed) -> str:
    """Return the name of ``distribution``, or ``?`` if its metadata are missing or damaged."""
    with contextlib.suppress(Exception):
        return str(distribution.metadata["Name"] or "?")
    return "?"


def read_distribution_summary(distribution: Installed | None) -> str:
    """Return the one line that a distribution has for itself; empty if it can't be read."""
    with contextlib.suppress(Exception):
        if distribution and "Summary" in distribution.metadata:
            return str(distribution.metadata["Summary"])
    return ""


def normalize_name(name: str) -> str:
    """Return the name of a distribution in the one spelling that names are compared in."""
    return _SEPARATORS.sub("-", name).lower()
