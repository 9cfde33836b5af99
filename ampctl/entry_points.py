"""Entry points: what they are made of, whose they are, and how one is loaded with care."""

from __future__ import annotations

import contextlib
import functools
import importlib
import re
import sys
from importlib.metadata import Distribution
from typing import Any, NamedTuple

from ampctl.bytecode import explain_damage
from ampctl.errors import PluginError, Terminated
from ampctl.text import reason_of

# Anything may have happened to the files of an installation, and each kind has its own error:
# where metadata are read, every exception means that there is nothing to be known.


class EntryPoint(NamedTuple):
    """A name for ``module:attribute``, under a group, as a distribution declares it.

    The library's own class takes several times as long to make and to compare.
    """

    name: str
    value: str
    group: str
    dist: Distribution | None = None

    @property
    def module(self) -> str:
        """The module of the value."""
        return self.value.partition(":")[0]

    @property
    def attr(self) -> str:
        """What the value names in its module."""
        return self.value.partition(":")[2]

    def load(self) -> Any:
        """Import the module and return what the value names; anything may be raised."""
        module = importlib.import_module(self.module)
        return functools.reduce(getattr, self.attr.split("."), module)


def distribution_of(entry: EntryPoint) -> str:
    """Return the name of the distribution that declares ``entry``, as far as it is known."""
    return name_of(entry.dist) if entry.dist else entry.value.partition(".")[0]


@functools.cache
def name_of(distribution: Distribution) -> str:
    """Return the name of ``distribution``, or ``?`` if its metadata are gone or damaged."""
    with contextlib.suppress(Exception):
        return str(distribution.metadata["Name"] or "?")
    return "?"


def normalized(name: str) -> str:
    """Return the name of a distribution in the one spelling that names are compared in."""
    return re.sub(r"[-_.]+", "-", name).lower()


def load(entry: EntryPoint) -> Any:
    """Import what ``entry`` names.

    Raises:
        PluginError: whatever went wrong in the plugin's own code, naming its distribution.
    """
    try:
        # What a module prints while it is imported is not the answer to any command.
        with contextlib.redirect_stdout(sys.stderr):
            return entry.load()
    except (KeyboardInterrupt, Terminated):
        raise
    except BaseException as error:
        damage = explain_damage(error)
        reason = damage.message if damage else reason_of(error)
        hint = f"reinstall or remove it; everything else still works (it offers {entry.value})"
        raise PluginError(
            f"{distribution_of(entry)} can't be loaded: {reason}",
            hint=damage.hint if damage else hint,
        ) from error
