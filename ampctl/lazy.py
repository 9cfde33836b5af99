"""Modules whose public names are imported when they are first asked for."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any


def export_lazily(
    namespace: dict[str, Any], homes: Mapping[str, Sequence[str]]
) -> tuple[list[str], Callable[[str], Any], Callable[[], list[str]]]:
    """Return ``__all__``, ``__getattr__`` and ``__dir__`` for a module.

    For type checkers, which do not run this, the module imports the same names below
    ``TYPE_CHECKING``, each as itself: that is how they know what is public.

    Args:
        namespace: the module's ``globals()``, which keeps what was imported.
        homes: the modules that define its public names, each with these names.
    """
    home_of = {name: home for home, names in homes.items() for name in names}
    public = sorted(home_of)

    def import_name(name: str) -> Any:
        if name not in home_of:
            raise AttributeError(f"module {namespace['__name__']!r} has no attribute {name!r}")
        value = namespace[name] = getattr(importlib.import_module(home_of[name]), name)
        return value

    return public, import_name, lambda: public
