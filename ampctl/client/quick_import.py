"""Imports marshmallow in less than half of its time.

Two patterns of marshmallow's e-mail validator take most of the import to compile: more than all
of cliff, in every run of every command. No document of the Admin API holds an e-mail address, so
here those patterns are compiled when they are first used.
"""

from __future__ import annotations

import re
import sys
from typing import Any

_SLOW = "marshmallow.validate"


class _LazyPattern:
    """A pattern that is compiled when one of its attributes is first used."""

    def __init__(self, *arguments: Any) -> None:
        self._arguments = arguments

    def __getattr__(self, name: str) -> Any:
        # A class with an abstract base asks each of its members for such a name when it is made.
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(re.compile(*self._arguments), name)


def import_marshmallow() -> None:
    """Import marshmallow, unless it was imported before."""
    if "marshmallow" in sys.modules:
        return
    compile_now = re.compile

    def compile_later(*arguments: Any) -> Any:
        caller = sys._getframe(1).f_globals["__name__"]
        return _LazyPattern(*arguments) if caller == _SLOW else compile_now(*arguments)

    re.compile = compile_later  # type: ignore[assignment]
    try:
        import marshmallow  # noqa: F401 - imported for the others
    finally:
        re.compile = compile_now
