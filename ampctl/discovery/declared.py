"""What a plugin says of itself, read from its source without running any of it.

Listing and helping must stay quick and safe whatever is installed, so nothing of a plugin is
imported for it: summaries come from the text of its modules. Where there is no source to read,
there simply is no summary.
"""

from __future__ import annotations

import contextlib
import importlib.util
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ampctl.discovery.entry_points import EntryPoint

if TYPE_CHECKING:
    import ast


def read_summary(entry_point: EntryPoint) -> str:
    """Return the first line of the docstring of the class that ``entry_point`` names."""
    import ast

    for node in _statements(entry_point):
        if isinstance(node, ast.ClassDef) and node.name == entry_point.attr:
            lines = (ast.get_docstring(node) or "").splitlines()
            return lines[0].rstrip(".") if lines else ""
    return ""


def read_arguments(entry_point: EntryPoint) -> dict[str, Any]:
    """Return the literal keyword arguments of the call assigned to the name in ``entry_point``.

    For ``group = CommandGroup(summary="…", api="1")`` that is the summary and the api.
    """
    import ast

    for node in _statements(entry_point):
        value = getattr(node, "value", None)
        targets = getattr(node, "targets", None) or [getattr(node, "target", None)]
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if entry_point.attr in names and isinstance(value, ast.Call):
            return dict(_literals(value))
    return {}


def _literals(call: ast.Call) -> Iterator[tuple[str, Any]]:
    import ast

    for keyword in call.keywords:
        with contextlib.suppress(ValueError):
            if keyword.arg:
                yield keyword.arg, ast.literal_eval(keyword.value)


def _statements(entry_point: EntryPoint) -> list[Any]:
    import ast

    try:
        # What Python would warn of is a matter for the plugin's author, not for who asks for help.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(_source_of(entry_point)).body
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _source_of(entry_point: EntryPoint) -> bytes:
    """Return the text of the module; raise an OSError if there is none to be found."""
    # Where it was installed, or below: with many plugins far faster than a search for each.
    if entry_point.dist is not None:
        base = f"{entry_point.dist.locate_file('')}/{entry_point.module.replace('.', '/')}"
        for path in (f"{base}/__init__.py", f"{base}.py"):
            with contextlib.suppress(OSError), open(path, "rb", buffering=0) as file:
                return file.read()
    found = _find(entry_point.module)
    return found.read_bytes() if found else b""


def _find(module: str) -> Path | None:
    """Return the source file of ``module``; unlike find_spec, without importing its parents."""
    top, *rest = module.split(".")
    try:
        spec = importlib.util.find_spec(top)
    except (ImportError, ValueError, AttributeError):
        return None
    if spec is None:
        return None
    if not rest:
        return Path(spec.origin) if spec.origin and spec.origin.endswith(".py") else None
    for folder in spec.submodule_search_locations or ():
        below = Path(folder).joinpath(*rest)
        for path in (below.with_suffix(".py"), below / "__init__.py"):
            if path.is_file():
                return path
    return None
